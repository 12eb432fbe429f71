"""Tests of engine/doubts.py."""

from dataclasses import replace

import numpy as np
import pytest

from readstone.document import Box, Page
from readstone.engine.base import PageImage
from readstone.engine.doubts import is_doubtful, known_places
from readstone.engine.ocr.found import FoundWord, build_page

PAPER = PageImage(np.full((1000, 1000), 255, np.uint8), None)


def page(*confidences: float) -> Page:
    """Return a page of words of four letters, read with these confidences."""
    found = [FoundWord("word", Box(0, 0, 9, 9), value, 0, 0) for value in confidences]
    return build_page(found, PAPER, language="eng", number=1)


def test_word_is_known_when_it_is_certain_and_stands_free() -> None:
    """Numbers need more confidence, and ink that touches an end of the box may be of the word."""
    gray = np.full((40, 400), 255, np.uint8)
    for x in (10, 60, 110, 160, 210, 250):
        gray[10:30, x : x + 40 : 2] = 0
    boxes = [Box(x, 10, x + 40, 30) for x in (10, 60, 110, 160, 210)]
    read = zip(
        ("word", "word", "4711", "4711", "half"), (0.9, 0.89, 0.96, 0.94, 0.97), boxes, strict=True
    )
    found = [FoundWord(text, box, value, 0, 0) for text, value, box in read]
    page = build_page(found, PageImage(gray, None), language="eng", number=1)
    assert known_places(page, gray) == (boxes[0], boxes[2])


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (page(*[0.95] * 100), False),
        (page(*[0.95] * 99, 0.5), False),
        (page(*[0.95] * 97, 0.3, 0.5, 0.89), True),
        (replace(page(*[0.95] * 100), covered=0.9), True),
        (page(), False),
        (replace(page(), covered=0.0), True),
    ],
    ids=["clear", "one word in a hundred", "three", "ink without words", "empty", "nothing found"],
)
def test_page_with_doubtful_words_or_ink_outside_words_is_doubtful(
    read: Page, expected: bool
) -> None:
    """A page that is printed clearly is not."""
    assert is_doubtful(read) is expected
