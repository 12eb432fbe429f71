"""Tests of engine/render/invoice_csv.py: rows that a spreadsheet can read."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from readstone.engine.invoice.xml import read_xml
from readstone.engine.render.invoice_csv import HEADER, render_invoice_csv
from readstone.findings import Finding, Invoice, Party

XML = Path(__file__).parents[4] / "testdata" / "invoice" / "xml" / "cii.xml"


def rows(invoice: Invoice) -> list[dict[str, str]]:
    """Return the rows by the names of their columns."""
    return list(csv.DictReader(StringIO(render_invoice_csv(invoice))))


def test_every_item_is_a_row() -> None:
    """The fields of the whole are in every row."""
    first, *others = rows(read_xml(XML.read_bytes()))
    assert list(first) == list(HEADER)
    assert (first["line"], first["description"], first["unit_price"]) == (
        "1",
        "Linen thread, waxed",
        "2.5",
    )
    assert {row["total"] for row in (first, *others)} == {"125.87"}
    assert len(others) == 2


def test_invoice_without_items_is_one_row() -> None:
    """What was not found is empty."""
    (row,) = rows(Invoice(total=Finding(Decimal("-5.00")), reasons=("total_doubtful",)))
    assert (row["total"], row["line"], row["vendor"]) == ("-5.00", "", "")
    assert row["needs_review"] == "true"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@sum", "\tx"])
def test_text_is_no_formula(text: str) -> None:
    """A name on an invoice does not run in a spreadsheet."""
    (row,) = rows(Invoice(vendor=Party(name=Finding(text))))
    assert row["vendor"] == f"'{text}"
