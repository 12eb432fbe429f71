"""Tests of engine/joining.py."""

from dataclasses import replace

import numpy as np

from readstone.document import Box, Page
from readstone.engine.base import PageImage
from readstone.engine.joining import join
from readstone.engine.ocr.found import FoundWord, build_page

PAPER = PageImage(np.full((600, 800), 255, np.uint8), 200, 90)


def read_by(engine: str, *lines: list[tuple[str, float, Box]]) -> Page:
    """Return a page whose lines are made of words with their confidence and place."""
    found = [
        FoundWord(text, box, confidence, 0, number)
        for number, line in enumerate(lines)
        for text, confidence, box in line
    ]
    page = build_page(found, PAPER, language="fra", number=3)
    return replace(page, engines=(engine,))


def knowing(page: Page, *texts: str) -> PageImage:
    """Return the image of a page on which these words are known."""
    words = [word for line in page.lines for word in line.words]
    return replace(PAPER, known=tuple(word.box for word in words if word.text in texts))


def at(x: int, y: int, width: int = 60) -> Box:
    """Return the place of a word."""
    return Box(x, y, x + width, y + 20)


def test_doubtful_words_give_way_and_known_ones_stay() -> None:
    """What the second engine reads where a word is known does not count."""
    first = read_by("one", [("Total", 0.96, at(10, 10)), ("l2,O0", 0.4, at(80, 10))])
    first = replace(first, skew=1.5)
    second = read_by("two", [("Totai", 0.99, at(11, 10)), ("12,00", 0.8, at(80, 11))])
    joined = join(first, second, knowing(first, "Total"))
    assert joined.text == "Total 12,00"
    assert [word.confidence for line in joined.lines for word in line.words] == [0.96, 0.8]
    assert joined.engines == ("one", "two")
    assert (joined.number, joined.language, joined.dpi, joined.rotation) == (3, "fra", 200, 90)
    assert joined.skew == 1.5


def test_doubtful_words_where_the_second_engine_sees_nothing_go() -> None:
    """They are specks and borders; they stay for who must miss nothing."""
    first = read_by(
        "one", [("Paid", 0.95, at(10, 10)), ("l", 0.3, at(80, 10)), ("|", 0.3, at(300, 10, 4))]
    )
    second, image = read_by("two", [("1", 0.8, at(80, 10))]), knowing(first, "Paid")
    assert join(first, second, image).text == "Paid 1"
    assert join(first, second, image, keep_doubtful=True).text == "Paid 1 |"


def test_words_of_both_come_into_reading_order() -> None:
    """A line that one has missed stands between those that it has read."""
    first = read_by("one", [("first", 0.95, at(10, 10))], [("third", 0.95, at(10, 70))])
    second = read_by("two", [("second", 0.9, at(10, 40))])
    joined = join(first, second, knowing(first, "first", "third"))
    assert joined.text.split() == ["first", "second", "third"]


def test_box_that_reaches_into_the_next_line_loses_nothing() -> None:
    """Words are of the same ink when they are beside each other, not one above the other."""
    first = read_by("one", [("above", 0.95, at(10, 10))])
    second = read_by("two", [("below", 0.9, Box(10, 21, 70, 61))])
    assert join(first, second, knowing(first, "above")).text.split() == ["above", "below"]


def test_rows_of_a_page_that_slopes_stay_rows() -> None:
    """Words of one row belong together although the right end hangs lower than the next row."""
    rows = [
        [(f"{name}{column}", 0.95, at(column * 150, y + column * 15)) for column in range(5)]
        for name, y in (("a", 10), ("b", 40), ("c", 70))
    ]
    first = read_by("one", *(row[:-1] for row in rows))
    second = read_by("two", *(row[-1:] for row in rows))
    image = knowing(first, *first.text.split())
    assert join(first, second, image).text.splitlines() == [
        " ".join(f"{name}{column}" for column in range(5)) for name in "abc"
    ]


def test_page_of_which_neither_reads_anything_is_empty() -> None:
    """There is nothing to join."""
    assert join(read_by("one"), read_by("two"), PAPER).lines == ()
