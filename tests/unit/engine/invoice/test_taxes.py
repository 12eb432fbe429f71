"""Tests of engine/invoice/taxes.py: a tax is proved by its rate and its base."""

from decimal import Decimal

from readstone.engine.invoice.notes import take_notes
from readstone.engine.invoice.taxes import tax_rows_of
from tests.typed import typed


def rows(text: str) -> list[tuple[str, str, str]]:
    """Return (rate, base, tax) of each row."""
    found = tax_rows_of(take_notes(typed(text)))
    return [(str(row.rate.value), str(row.base.value), str(row.tax.value)) for row in found]


def test_row_proves_itself() -> None:
    """Labels are not needed, and the order does not matter."""
    assert rows("S  6.00  144.68  8.68") == [("6.00", "144.68", "8.68")]
    assert rows("9,06   129,37   7 %") == [("7", "129.37", "9.06")]


def test_item_is_no_tax() -> None:
    """Ten times twenty is not ten percent of two hundred."""
    assert rows("10   20.00   200.00") == []


def test_every_rate_counts_once() -> None:
    """A table of taxes may be repeated on the next page."""
    assert rows("7 %  100.00  7.00\n7 %  100.00  7.00\n19 %  100.00  19.00") == [
        ("7", "100.00", "7.00"),
        ("19", "100.00", "19.00"),
    ]


def test_values_are_exact() -> None:
    """A tax is a decimal number."""
    (row,) = tax_rows_of(take_notes(typed("6.00  144.68  8.68")))
    assert isinstance(row.tax.value, Decimal)
