"""Tests of pii/places.py: spans of a text lead to boxes on pages."""

import numpy as np

from readstone.document import Box, Document
from readstone.engine.base import PageImage
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.pii.places import around, find_places
from readstone.findings import PiiKind, PiiSpan

IMAGE = PageImage(np.zeros((100, 200), np.uint8), None)


def box(row: int, column: int) -> Box:
    """Return the box of a word in a grid."""
    return Box(column * 20, row * 10, column * 20 + 18, row * 10 + 8)


def document(*pages: str) -> Document:
    """Return a document with these pages, its words in a grid."""
    read = [
        build_page(
            [
                FoundWord(word, box(row, column), 0.9, 1, row)
                for row, line in enumerate(text.splitlines())
                for column, word in enumerate(line.split())
            ],
            IMAGE,
            language="eng",
            number=number,
        )
        for number, text in enumerate(pages, start=1)
    ]
    return Document(tuple(read), "fake", "1")


def span(text: str, wanted: str) -> PiiSpan:
    """Return the span of these characters."""
    start = text.index(wanted)
    return PiiSpan(PiiKind.PERSON, start, start + len(wanted), wanted, 1.0, "", "")


def test_span_over_a_line_end_has_two_places() -> None:
    """Each line has its own place, with the words of the span."""
    read = document("by John\nSmith here")
    assert read.text == "by John\nSmith here"
    [places] = find_places(read, [span(read.text, "John\nSmith")])
    assert [(place.page, place.words) for place in places] == [
        (1, (box(0, 1),)),
        (1, (box(1, 0),)),
    ]


def test_part_of_a_word_takes_the_whole_word() -> None:
    """What cannot be cut out of a word hides all of it, and nothing beside it."""
    read = document("x name:John, y")
    [[place]] = find_places(read, [span(read.text, "John")])
    assert place.words == (box(0, 1),)


def test_places_on_later_pages() -> None:
    """The text of a document leads to the page, also where a span lies on two."""
    read = document("one\ntwo", "", "three four\nfive")
    assert read.text == "one\ntwo\f\fthree four\nfive"
    spans = [span(read.text, "two\f\fthree"), span(read.text, "five")]
    (first, second), (third,) = find_places(read, spans)
    assert [(p.page, p.box) for p in (first, second, third)] == [
        (1, box(1, 0)),
        (3, box(0, 0)),
        (3, box(1, 0)),
    ]


def test_box_around_words() -> None:
    """The box of a place holds those of its words."""
    assert around([Box(1, 5, 3, 9), Box(4, 4, 8, 8)]) == Box(1, 4, 8, 9)
