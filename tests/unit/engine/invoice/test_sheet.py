"""Tests of engine/invoice/sheet.py: rows go across the page, cells end at wide gaps."""

from dataclasses import replace
from math import radians, tan

import pytest

from readstone.document import Box, Document, Word
from readstone.engine.invoice.sheet import lay_out
from readstone.engine.ocr.found import with_words
from tests.typed import typed


def cells_of(document: Document) -> list[list[str]]:
    """Return the texts of the cells, row by row."""
    return [[cell.text for cell in row] for row in lay_out(document).rows]


def test_cells_end_at_wide_gaps() -> None:
    """Words with a blank between them are one cell; what is far away is another one."""
    assert cells_of(typed("Total amount     12.00 EUR")) == [["Total amount", "12.00 EUR"]]


def test_row_goes_across_columns() -> None:
    """The lines of two columns that stand level with each other are one row."""
    document = typed("Fee                     1.00\nPost                    2.00")
    page = document.pages[0]
    left = [line for line in page.lines if line.words[0].box.x1 == 0]
    assert len(left) == 2
    assert cells_of(document) == [["Fee", "1.00"], ["Post", "2.00"]]


def test_rows_of_all_pages_are_counted_on() -> None:
    """Rows have numbers over all pages, and cells know their page."""
    rows = lay_out(typed("one", "two\nthree")).rows
    assert [(row[0].row, row[0].page) for row in rows] == [(0, 1), (1, 2), (2, 2)]


def test_part_of_a_cell_has_the_box_of_its_words() -> None:
    """The box of a number is that of the word it is in."""
    (cell,) = lay_out(typed("Total 12.00")).rows[0]
    assert cell.box_of(6, 11) == cell.words[1].box


def test_part_of_a_cell_has_the_lowest_confidence() -> None:
    """A value is no surer than its least sure word."""
    (cell,) = lay_out(typed("Total 12.00", confidence=0.4)).rows[0]
    assert cell.confidence_of(0, 11) == 0.4


def test_empty_document_has_no_rows() -> None:
    """A blank page has nothing to lay out."""
    assert lay_out(typed("")).rows == ()


@pytest.mark.parametrize("skew", [-4.0, 4.0])
def test_rows_of_a_skewed_page_are_those_of_the_level_one(skew: float) -> None:
    """A label on the left and its amount on the far right stay together."""
    gap = " " * 100
    document = typed("\n".join(f"{name}{gap}{amount}" for name, amount in ROWS))
    assert cells_of(skewed(document, skew)) == [list(row) for row in ROWS]
    assert cells_of(skewed(document, skew, is_known=False)) != [list(row) for row in ROWS]


ROWS = (("Net", "10.00"), ("Tax", "2.00"), ("Total", "12.00"))


def skewed(document: Document, skew: float, *, is_known: bool = True) -> Document:
    """Return a document whose lines rise by an angle, in degrees."""

    def moved(word: Word) -> Word:
        rise = round(tan(radians(skew)) * (word.box.x1 + word.box.x2) / 2)
        x1, y1, x2, y2 = word.box
        return word._replace(box=Box(x1, y1 - rise, x2, y2 - rise))

    pages = [with_words(page, lambda _, word: moved(word)) for page in document.pages]
    return replace(
        document, pages=tuple(replace(page, skew=skew if is_known else 0.0) for page in pages)
    )
