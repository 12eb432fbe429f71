"""Tests of engine/ocr/found.py: rows of words become text, lines and places."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readstone.document import Box
from readstone.engine.base import PageImage
from readstone.engine.ocr.found import FoundWord, build_page, words_from_tsv

IMAGE = PageImage(np.zeros((40, 60), np.uint8), 300, 90)
ROWS = (
    "1\t1\t0\t0\t0\t0\t0\t0\t60\t40\t-1\t",
    "4\t1\t1\t1\t1\t0\t2\t3\t30\t8\t-1\t",
    "5\t1\t1\t1\t1\t1\t2\t3\t10\t8\t96.5\tTwo",
    "5\t1\t1\t1\t1\t2\t14\t3\t18\t7\t91\twords",
    "5\t1\t1\t1\t2\t1\t2\t13\t10\t8\t150\tbelow",
    "5\t1\t2\t1\t1\t1\t2\t30\t10\t8\t-1\tapart",
    "5\t1\t2\t1\t1\t2\t20\t30\t10\t8\t95\t ",
)


def found(text: str, *, paragraph: tuple[int, int] = (1, 1), line: int = 1) -> FoundWord:
    """Return a word somewhere on the page."""
    return FoundWord(text, Box(1, 2, 3, 4), 0.5, paragraph, line)


def test_rows_of_words_are_read() -> None:
    """Only words count, with their corners, their share of certainty, block and line."""
    words = words_from_tsv("\n".join(ROWS) + "\n")
    assert [word.text for word in words] == ["Two", "words", "below", "apart"]
    assert words[0] == FoundWord("Two", Box(2, 3, 12, 11), 0.965, (1, 1), 1)
    assert words[3].paragraph == (2, 1)


def test_confidence_stays_between_0_and_1() -> None:
    """Whatever Tesseract says, it is a share."""
    assert [word.confidence for word in words_from_tsv("\n".join(ROWS))][2:] == [1.0, 0.0]


def test_heading_and_emptiness_are_no_words() -> None:
    """The program prints a heading, and nothing for an empty page."""
    assert words_from_tsv("") == []
    assert words_from_tsv("level\tpage_num\tblock_num\n") == []


def test_page_has_lines_and_paragraphs() -> None:
    """Words of a line are parted by blanks, lines by breaks, paragraphs by empty lines."""
    page = build_page(words_from_tsv("\n".join(ROWS)), IMAGE, language="eng", number=3)
    assert page.text == "Two words\nbelow\n\napart"
    assert [line.text for line in page.lines] == ["Two words", "below", "apart"]
    assert page.lines[0].box == Box(2, 3, 32, 11)
    assert page.lines[0].confidence == pytest.approx((3 * 0.965 + 5 * 0.91) / 8)


def test_page_keeps_what_the_image_says() -> None:
    """Number, size, resolution, rotation and language are those of the image and the request."""
    page = build_page([], IMAGE, language="deu", number=3)
    assert (page.number, page.width, page.height) == (3, 60, 40)
    assert (page.dpi, page.rotation, page.language) == (300, 90, "deu")
    assert (page.text, page.lines, page.confidence) == ("", (), 0.0)


words = st.builds(
    found,
    st.text("aé漢 -", min_size=1).map(str.strip).filter(bool),
    paragraph=st.tuples(st.integers(1, 3), st.integers(1, 2)),
    line=st.integers(1, 3),
)


@settings(max_examples=100, derandomize=True, database=None)
@given(st.lists(words))
def test_spans_are_places_in_the_text(members: list[FoundWord]) -> None:
    """Each word stands in the text of its page where its span says, in order."""
    page = build_page(members, IMAGE, language="eng", number=1)
    placed = [word for line in page.lines for word in line.words]
    assert [word.text for word in placed] == [word.text for word in members]
    assert all(page.text[word.start : word.end] == word.text for word in placed)
    assert all(before.end < after.start for before, after in pairwise(placed))
    assert [line for line in page.text.split("\n") if line] == [line.text for line in page.lines]
