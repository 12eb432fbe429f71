"""Tests of document.py: text and confidence of what was read."""

import pickle

import pytest

from readstone.document import Box, Document, Line, Page, Word, expected_share, mean_confidence


def word(text: str, confidence: float) -> Word:
    """Return a word somewhere."""
    return Word(text, Box(0, 0, 1, 1), confidence, 0, len(text))


def page(number: int, *words: Word) -> Page:
    """Return a page of one line with these words."""
    text = " ".join(each.text for each in words)
    lines = (Line(text, Box(0, 0, 1, 1), 0.5, words),) if words else ()
    return Page(number, 10, 10, None, 0, "eng", text, expected_share(words), lines)


def test_pages_are_parted_by_form_feeds() -> None:
    """The text of a document is that of its pages."""
    document = Document((page(1, word("one", 1)), page(2), page(3, word("two", 1))), "e", "1")
    assert document.text == "one\f\ftwo"


def test_confidence_tells_which_share_of_words_is_right() -> None:
    """Each counts alike, whatever its length and on whatever page it stands."""
    pages = page(1, word("a", 0.0)), page(2, word("bcd", 1.0), word("e", 0.5))
    assert Document(pages, "e", "1").confidence == pytest.approx(0.5)


def test_confidence_without_words_is_zero() -> None:
    """Nobody is sure of nothing."""
    assert Document((page(1),), "e", "1").confidence == expected_share(()) == 0.0
    assert mean_confidence(()) == 0.0


def test_document_is_the_same_after_its_way_between_processes() -> None:
    """Lines are pickled as plain tuples, and are lines again."""
    document = Document((page(1, word("one", 1), word("two", 0.5)), page(2)), "e", "1")
    arrived = pickle.loads(pickle.dumps(document))
    assert arrived == document
    assert arrived.pages[0].lines[0].words[1].box.x2 == 1
