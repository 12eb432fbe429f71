"""Templates of invoice2data, for vendors that are known: one more reading of the pages."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from invoice2data.exceptions import InvoiceProcessingError
from invoice2data.extract.invoice_template import InvoiceTemplate
from invoice2data.extract.loader import read_templates

from readstone.document import Document
from readstone.engine.invoice.agree import agreed
from readstone.engine.invoice.sheet import lay_out
from readstone.findings import Finding, Invoice, Party, Source

CONFIDENCE = 0.97
GAP = "   "
FAILED = "template_failed"
TEXTS = {"invoice_number": "invoice_number", "currency": "currency", "order_number": "order_number"}
DATES = {"date": "issue_date", "date_due": "due_date"}
AMOUNTS = {"amount": "total", "amount_untaxed": "subtotal", "amount_tax": "tax"}


@cache
def _templates(folder: Path) -> tuple[InvoiceTemplate, ...]:
    return tuple(read_templates(str(folder)))


def with_template(invoice: Invoice, document: Document, folder: Path) -> Invoice:
    """Return an invoice together with what the first template reads that knows the document.

    A template that cannot be used is a reason to look.
    """
    rows = lay_out(document).rows
    text = "\n".join(GAP.join(cell.text for cell in row) for row in rows)
    for template in _templates(folder):
        prepared = template.prepare_input(text)
        if template.matches_input(prepared):
            try:
                read: Mapping[str, Any] = template.extract(prepared, "", "") or {}
            except (InvoiceProcessingError, ValueError, LookupError, TypeError, re.error):
                return replace(invoice, reasons=(*invoice.reasons, FAILED))
            return agreed(_invoice(read), invoice) if read else invoice
    return invoice


def _invoice(read: Mapping[str, Any]) -> Invoice:
    fields: dict[str, Finding[Any]] = {}
    for ours in (TEXTS, DATES, AMOUNTS):
        fields |= {name: _found(read[theirs]) for theirs, name in ours.items() if read.get(theirs)}
    vendor = Party(
        name=_found(read.get("issuer")),
        tax_id=_found(read.get("vat")),
        iban=_found(read.get("iban")),
    )
    return Invoice(**fields, vendor=vendor)  # type: ignore[arg-type]


def _found(value: object) -> Finding[Any]:
    """Return a value as ours: the library's floats are amounts as they were printed."""
    if value is None:
        return Finding()
    if isinstance(value, datetime):
        value = value.date()
    elif isinstance(value, int | float):
        value = Decimal(repr(value))
    elif not isinstance(value, date):
        value = str(value)
    return Finding(value, str(value), CONFIDENCE, source=Source.TEMPLATE)
