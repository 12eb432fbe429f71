"""Tests of engine/invoice/extract.py: invoices of eight countries, and what is none."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from readstone.document import Document
from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.invoice.checks import NOT_AN_INVOICE
from readstone.engine.invoice.extract import extract
from readstone.engine.recognise import Reader, count_pages, read_page
from readstone.findings import Finding, Invoice
from tests.fakes import FakeEngine
from tests.typed import typed

FOLDER = Path(__file__).parents[4] / "testdata" / "invoice"
ROWS = [json.loads(line) for line in (FOLDER / "manifest.jsonl").read_text().splitlines()]
READER = Reader(FakeEngine(), PictureLimits(50_000_000, 32_767))


def read(path: Path) -> Document:
    """Return the text layer of a PDF."""
    count = count_pages(READER, path, OcrOptions())
    pages = (read_page(READER, path, OcrOptions(), number + 1) for number in range(count))
    return Document(tuple(pages), "fake", "1")


def fields_of(invoice: Invoice) -> dict[str, object]:
    """Return the fields as a manifest names them."""
    return {
        "vendor": invoice.vendor.name.value,
        "vendor_vat": invoice.vendor.tax_id.value,
        "buyer": invoice.customer.name.value,
        "invoice_number": invoice.invoice_number.value,
        "date": str(invoice.issue_date.value),
        "due_date": str(invoice.due_date.value),
        "currency": invoice.currency.value,
        "subtotal": str(invoice.subtotal.value),
        "tax": str(invoice.tax.value),
        "total": str(invoice.total.value),
        "amount_due": str(invoice.amount_due.value),
        "document_type": invoice.document_type.value,
        "line_items": [
            {
                "description": line.description.value,
                "quantity": str(line.quantity.value),
                "unit_price": str(line.unit_price.value),
                "amount": str(line.amount.value),
            }
            for line in invoice.lines
        ],
    }


def as_decimals(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with prices that are equal when their amounts are."""
    lines = [
        {**line, "unit_price": Decimal(line["unit_price"]), "quantity": Decimal(line["quantity"])}
        for line in fields["line_items"]
    ]
    return {**fields, "line_items": lines}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_invoice_is_understood(row: dict[str, Any]) -> None:
    """Every field and every line of our invoices is found, and nobody has to look at them."""
    invoice = extract(read(FOLDER / row["file"]))
    wanted, found = as_decimals(row["fields"]), as_decimals(fields_of(invoice))
    assert {name: found[name] for name in wanted} == wanted
    assert all(check.ok for check in invoice.checks)


def test_field_says_where_it_stands() -> None:
    """Its box, its page and how it is printed."""
    invoice = extract(typed("Invoice No. 4711   1 March 2023\n\nTotal                   12.00 EUR"))
    total = invoice.total
    assert (total.value, total.raw, total.page, total.source) == (
        Decimal("12.00"),
        "12.00 EUR",
        1,
        "ocr",
    )
    assert total.box == (24 * 12, 60, 33 * 12, 80)


MENU = """
The Harbour Inn
Starters
Soup of the day           5.50
Prawn cocktail            8.00
Mains
Fish and chips           14.50
Steak pie                13.00
All prices include service"""
POEM = """
The ferry leaves at break of day
and carries sleepers on their way
to work across the harbour's mouth
while swallows gather to go south"""
LETTER = """
14 Harbour Lane                                             3 March 2025

Dear Ms. Okafor,
thank you for the 12 boxes of blue paper that came on 1 March 2025.
The total amount of work that remains is small, and 2 boxes are left over."""


@pytest.mark.parametrize(
    "text", [MENU, POEM, LETTER, ""], ids=["menu", "poem", "letter", "blank page"]
)
def test_what_is_no_invoice_has_no_field(text: str) -> None:
    """Prices alone, or dates alone, make no invoice; a person is asked to look."""
    invoice = extract(typed(text))
    assert invoice == Invoice(reasons=(NOT_AN_INVOICE,))


def test_words_that_were_hardly_read_are_doubtful() -> None:
    """The same fields, read badly, are less sure, and a person is asked to look."""
    text = "Invoice No. 4711   1 March 2023\n\nTotal                   12.00 EUR"
    clear, faint = extract(typed(text)), extract(typed(text, confidence=0.4))
    assert faint.total.confidence < clear.total.confidence
    assert "total_doubtful" in faint.reasons


def test_alternatives_are_named() -> None:
    """Another value that a field may have is not hidden."""
    invoice = extract(typed("Invoice 4711   1 March 2023\nTotal 12.00\nTotal 13.00\nTotal 14.00"))
    others: tuple[Finding[Decimal], ...] = invoice.total.alternatives
    assert {str(each.value) for each in others} & {"12.00", "13.00"}
