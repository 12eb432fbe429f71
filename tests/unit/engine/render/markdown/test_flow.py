"""Tests of engine/render/markdown/flow.py: which line breaks were meant."""

import pytest

from readstone.engine.render.markdown.flow import flowing_lines, goes_on, joined, line_text
from tests.unit.engine.render.samples import Row, page_of

PROSE = [
    "It is a long way from here to the sea, and",
    "nobody who went there has ever come back to",
    "tell us.",
]


def test_prose_becomes_one_line() -> None:
    """Lines that end because they are full are joined by blanks."""
    assert flowing_lines(page_of(PROSE).lines) == [" ".join(PROSE)]


def test_address_keeps_its_lines() -> None:
    """Lines that end although the next word had room are kept."""
    address = ["Marlow & Finch, Bookbinders", "14 Harbour Lane", "Northquay NQ7 4TB"]
    assert flowing_lines(page_of(address).lines) == address


def test_one_short_line_in_prose_is_kept() -> None:
    """A line that was ended on purpose ends, and the others flow."""
    lines = [*PROSE[:2], "him.", *PROSE]
    kept = [f"{PROSE[0]} {PROSE[1]} him.", " ".join(PROSE)]
    assert flowing_lines(page_of(lines).lines) == kept


@pytest.mark.parametrize(
    ("text", "following", "expected"),
    [
        ("inter-", "national law", "international law"),
        ("inter\u00ad", "national", "international"),
        ("Jean-", "Paul", "Jean- Paul"),
        ("1990-", "today", "1990- today"),
        ("a -", "b", "a - b"),
        ("漢", "字", "漢字"),
        ("one", "two", "one two"),
    ],
)
def test_hyphenated_words_are_joined(text: str, following: str, expected: str) -> None:
    """A hyphen between a letter and a small letter goes; ideographs need no blank."""
    assert joined(text, following) == expected


def test_ideographs_of_a_line_stand_together() -> None:
    """Words of a script without blanks are written without them."""
    (line,) = page_of(["漢\u3000字 or\u3000kanji"]).lines
    assert line_text(line.words) == "漢字 or kanji"


@pytest.mark.parametrize(
    ("line", "following", "expected"),
    [
        ("and it goes on", "until it ends.", True),
        ("PLAY, STOP, RECORD,", "REWIND and more.", True),
        ("It ends.", "until", False),
        ("Heading", "Text that follows.", False),
    ],
)
def test_sentence_goes_on_in_the_next_paragraph(line: str, following: str, expected: bool) -> None:
    """An open sentence and a small letter right below it belong together."""
    above, below = page_of([line, following]).lines
    assert goes_on(above, below) == expected


def test_sentence_does_not_go_on_elsewhere_on_the_page() -> None:
    """What stands beside, far below or above is another text."""
    above, below = page_of([Row("it goes on", size=20), Row("far below", size=60)]).lines
    beside = page_of([Row("it goes on"), Row("beside it", left=600)]).lines
    assert not goes_on(above, below)
    assert not goes_on(below, above)
    assert not goes_on(*beside)
