"""Tests of engine/ocr/rapid/words.py."""

import numpy as np
import pytest

from readstone.document import Box
from readstone.engine.ocr.rapid.recognizer import Character
from readstone.engine.ocr.rapid.words import split_words, word_boxes
from tests.contract.pages import written


def characters(text: str, *, blank: float = 0.9) -> list[Character]:
    """Return the characters of a text, as sure of each blank as said."""
    found = []
    for index, letter in enumerate(text):
        if letter != " ":
            share = blank if text[index - 1 : index] == " " else 0.01
            found.append(Character(letter, (index + 0.5) / len(text), 1.0, share))
    return found


@pytest.mark.parametrize(("blank", "words"), [(0.9, 2), (0.1, 2), (0.05, 1)])
def test_words_are_parted_where_a_blank_may_be(blank: float, words: int) -> None:
    """A share of a tenth is enough."""
    assert len(split_words(characters("Total 7.00", blank=blank))) == words


def test_no_characters_are_no_words() -> None:
    """Nothing comes of nothing."""
    assert split_words([]) == []


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (120, 180)])
def test_boxes_enclose_the_ink(ink: int, paper: int) -> None:
    """Print is found that is dark, light or faint; each word has its own part of it."""
    dark = written("mmm mmm") < 128
    strip = np.where(dark, ink, paper).astype(np.uint8)
    left, right = word_boxes(split_words(characters("mmm mmm")), strip)
    columns = np.flatnonzero(dark.any(axis=0))
    gap = int(np.diff(columns).argmax())
    assert (left.x1, left.x2) == (columns[0], columns[gap] + 1)
    assert (right.x1, right.x2) == (columns[gap + 1], columns[-1] + 1)


def test_word_without_ink_has_the_whole_height() -> None:
    """A box is never empty."""
    strip = np.full((10, 40), 255, np.uint8)
    assert word_boxes([characters("a")], strip) == [Box(0, 0, 40, 10)]


@pytest.mark.parametrize("row", [0, -1])
def test_box_leaves_out_the_lines_beside(row: int) -> None:
    """What hangs into a strip over its edge is not of the word; a dot above it is."""
    strip = np.full((20, 40), 255, np.uint8)
    strip[8:14, 10:30] = strip[4:6, 15:17] = strip[row, 2:38] = 0
    assert word_boxes([characters("i")], strip) == [Box(10, 4, 30, 14)]
