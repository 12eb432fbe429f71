"""Tests of engine/render/markdown/tables.py: which lines are a table, and which are not."""

from collections.abc import Sequence
from dataclasses import replace

from readstone.engine.render.layout import baselines
from readstone.engine.render.markdown.tables import Table, find_tables
from tests.unit.engine.render.samples import Row, page_of


def tables_of(lines: Sequence[Row | str]) -> list[Table]:
    """Return the tables of a page with these lines."""
    page = page_of(lines)
    return list(find_tables(page.lines, [stand.letter_size for stand in baselines(page)]))


def texts(table: Table) -> list[list[str]]:
    """Return the text of each cell."""
    return [[" ".join(word.text for word in cell) for cell in row] for row in table.rows]


def test_aligned_cells_are_a_table() -> None:
    """Three lines with cells below each other are a table; the text around it is not."""
    (table,) = tables_of(
        ["The prices:", "Bread\t2.95", "Milk\t1.20", "Oil 500 ml\t8.90", "Thanks."]
    )
    assert (table.start, table.stop, table.numbers) == (1, 4, range(1, 4))
    assert texts(table) == [["Bread", "2.95"], ["Milk", "1.20"], ["Oil 500 ml", "8.90"]]


def test_row_may_lack_a_cell() -> None:
    """A cell that is missing leaves its column empty, wherever that becomes known."""
    (table,) = tables_of(["a\t1\t\tx", "b\t\t2\tx", "c\t3\t4\tx"])
    assert texts(table) == [["a", "1", "", "x"], ["b", "", "2", "x"], ["c", "3", "4", "x"]]


def test_heading_beside_its_column_stands_over_it() -> None:
    """Numbers at the left end of a cell belong to the heading in its middle."""
    (table,) = tables_of(["What\t\tHow many\tPrice", "Pen\t1\t\t2", "Ink\t3\t\t4"])
    assert texts(table) == [["What", "How many", "Price"], ["Pen", "1", "2"], ["Ink", "3", "4"]]


def test_columns_with_headings_stay_apart() -> None:
    """Debits and credits are never in one row."""
    (table,) = tables_of(["Day\tDebit\tCredit", "1\t\t20", "2\t30\t"])
    assert texts(table) == [["Day", "Debit", "Credit"], ["1", "", "20"], ["2", "30", ""]]


def test_two_rows_are_no_table() -> None:
    """What looks like a table only twice is text."""
    assert not tables_of(["a\t1", "b\t2", "and text"])


def test_cells_that_do_not_align_are_no_table() -> None:
    """Words that are far apart at any place do not make columns."""
    assert not tables_of(["a\t\t1", "b\t1\t\t2", "\tc\t\t\td"])
    assert not tables_of(["a\t1", "b\t2", "wide as two columns together\tc"])


def test_prose_in_columns_is_no_table() -> None:
    """Columns of a newspaper that were read across are not taken for cells."""
    half = "so it is told in old songs"
    rows = [Row(f"{half}\t\t{half}", size=20) for _ in range(4)]
    assert not tables_of(rows)


def test_rows_stand_closely_below_each_other() -> None:
    """A line far below, or above, belongs to no row of the table."""
    page = page_of(["a\t1", "b\t2"], ["c\t3"])
    raised = (*page.lines[:2], page_of(["c\t3"]).lines[0])
    assert not list(find_tables(raised, [20.0, 20.0, 20.0]))


def test_words_out_of_order_make_no_cells() -> None:
    """A line that goes to and fro stays as it was read."""
    page = page_of(["a\t1", "b\t2", "c\t3"])
    swapped = [replace(line, words=line.words[::-1]) for line in page.lines]
    assert not list(find_tables(swapped, [20.0, 20.0, 20.0]))
