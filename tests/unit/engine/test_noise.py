"""Tests of engine/noise.py: what an engine does not believe itself."""

import numpy as np

from readstone.document import Box, Page
from readstone.engine.base import PageImage
from readstone.engine.noise import without_noise
from readstone.engine.ocr.found import FoundWord, build_page

IMAGE = PageImage(np.zeros((90, 60), np.uint8), 300)


def page(*lines: str, confidence: float = 0.9, **doubted: float) -> Page:
    """Return a page of some lines; the words of some of them are doubted."""
    words = [
        FoundWord(word, Box(8 * at, 9 * row, 8 * at + 7, 9 * row + 8), belief, row // 2, row)
        for row, line in enumerate(lines)
        for at, word in enumerate(line.split())
        for belief in [doubted.get(word, confidence)]
    ]
    return build_page(words, IMAGE, language="eng", number=2)


def test_believed_page_stays_as_it_is() -> None:
    """Words, signs, places and breaks are those that were read."""
    read = page("Total: - 4.20", "& Sons", "Thank you")
    assert without_noise(read) == read


def test_line_that_is_not_believed_is_left_out() -> None:
    """The others keep their order and their breaks; places in the text are told anew."""
    left = without_noise(page("one two", "ee wm", "three", "four", ee=0.1, wm=0.2))
    assert left.text == "one two\n\nthree\nfour"
    assert [left.text[w.start : w.end] for line in left.lines for w in line.words] == [
        "one",
        "two",
        "three",
        "four",
    ]


def test_doubtful_sign_is_left_out_and_a_doubtful_word_is_not() -> None:
    """A bar that was read as a sign is no text; a word may be misread and still help."""
    read = page("| Total 5", confidence=0.5)
    assert without_noise(read).text == "Total 5"


def test_confidence_stays_that_of_all_that_was_read() -> None:
    """What is left out was seen on the page, and says how well it can be read."""
    read = page("ee wm oo", confidence=0.1)
    assert (without_noise(read).text, without_noise(read).lines) == ("", ())
    assert without_noise(read).confidence == read.confidence > 0
