"""An invoice as CSV: a row for each item, the fields of the whole in every row."""

import csv
from decimal import Decimal
from io import StringIO

from readstone.findings import Finding, Invoice, InvoiceLine

HEADER = (
    "document_type",
    "invoice_number",
    "order_number",
    "issue_date",
    "due_date",
    "vendor",
    "vendor_tax_id",
    "customer",
    "currency",
    "subtotal",
    "tax",
    "total",
    "amount_due",
    "needs_review",
    "line",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "tax_rate",
    "amount",
)
# What makes a spreadsheet take text for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render_invoice_csv(invoice: Invoice) -> str:
    """Return a header and at least one row, in the form of RFC 4180."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    whole = [
        *(
            _cell(each)
            for each in (
                invoice.document_type,
                invoice.invoice_number,
                invoice.order_number,
                invoice.issue_date,
                invoice.due_date,
                invoice.vendor.name,
                invoice.vendor.tax_id,
                invoice.customer.name,
                invoice.currency,
                invoice.subtotal,
                invoice.tax,
                invoice.total,
                invoice.amount_due,
            )
        ),
        str(invoice.needs_review).lower(),
    ]
    for number, line in enumerate(invoice.lines or [InvoiceLine()], start=1):
        parts = (
            line.description,
            line.quantity,
            line.unit,
            line.unit_price,
            line.tax_rate,
            line.amount,
        )
        count = str(number) if invoice.lines else ""
        writer.writerow([*whole, count, *map(_cell, parts)])
    return out.getvalue()


def _cell(finding: Finding[object]) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    value = finding.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
