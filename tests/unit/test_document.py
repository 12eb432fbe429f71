"""Tests of document.py: text and confidence of what was read."""

import pytest

from readstone.document import Box, Document, Line, Page, Word, mean_confidence


def word(text: str, confidence: float) -> Word:
    """Return a word somewhere."""
    return Word(text, Box(0, 0, 1, 1), confidence, 0, len(text))


def page(number: int, *words: Word) -> Page:
    """Return a page of one line with these words."""
    text = " ".join(each.text for each in words)
    lines = (Line(text, Box(0, 0, 1, 1), 0.5, words),) if words else ()
    return Page(number, 10, 10, None, 0, "eng", text, mean_confidence(words), lines)


def test_pages_are_parted_by_form_feeds() -> None:
    """The text of a document is that of its pages."""
    document = Document((page(1, word("one", 1)), page(2), page(3, word("two", 1))), "e", "1")
    assert document.text == "one\f\ftwo"


def test_confidence_is_weighted_by_length() -> None:
    """A long word counts for more than a short one, on whatever page it stands."""
    document = Document((page(1, word("a", 0.0)), page(2, word("bcd", 1.0))), "e", "1")
    assert document.confidence == pytest.approx(0.75)


def test_confidence_without_words_is_zero() -> None:
    """Nobody is sure of nothing."""
    assert Document((page(1),), "e", "1").confidence == 0.0
    assert mean_confidence(()) == 0.0
