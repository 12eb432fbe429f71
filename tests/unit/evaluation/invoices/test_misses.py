"""Tests of evaluation/invoices/misses.py: where the right value of a missed field is."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from readstone.evaluation.invoices.cases import Case
from readstone.evaluation.invoices.judged import judge
from readstone.evaluation.invoices.misses import Miss
from readstone.findings import Finding, Invoice, Party
from tests.typed import typed

PAGE = typed("Marlow & Finch Ltd\nNo. RE 10-1 of 03/01/2023\nTotal 1.200,50 EUR")


def found(value: Any, *others: Any) -> Finding[Any]:
    """Return a value that was found, and others that it may be."""
    return Finding(value, alternatives=tuple(Finding(each) for each in others))


INVOICE = Invoice(
    invoice_number=found("4711", "RE-9"),
    issue_date=found(date(2023, 3, 1), date(2023, 4, 1)),
    total=found(Decimal(9), Decimal(8)),
    vendor=Party(name=found("Pelham")),
)


@pytest.mark.parametrize(
    ("name", "wanted", "miss"),
    [
        ("total", "9.00", None),
        ("total", "8.00", Miss.ALTERNATIVE),
        ("total", "1200.50", Miss.IN_TEXT),
        ("total", "1200.51", Miss.NOT_READ),
        ("date", "2023-04-01", Miss.ALTERNATIVE),
        ("date", "2023-01-03", Miss.IN_TEXT),
        ("date", "2024-01-03", Miss.NOT_READ),
        ("currency", "EUR", Miss.IN_TEXT),
        ("invoice_number", "RE 9", Miss.ALTERNATIVE),
        ("invoice_number", "RE10-1", Miss.IN_TEXT),
        ("invoice_number", "RE 777", Miss.NOT_READ),
        ("vendor", "Marlow and Finch Ltd.", Miss.NOT_READ),
        ("vendor", "Marlow Finch Ltd.", Miss.IN_TEXT),
    ],
)
def test_right_value_is_somewhere_or_was_not_read(
    name: str, wanted: str, miss: Miss | None
) -> None:
    """Among the alternatives, in the text as it may be printed, or nowhere."""
    case = Case(Path("a.pdf"), {name: (wanted,)}, None, "")
    (field,) = judge(case, INVOICE, PAGE, {}, 0.1).fields
    assert field.miss is miss


def test_nothing_is_read_of_what_has_no_pages() -> None:
    """A file that cannot be read has no text either."""
    (field,) = judge(Case(Path("a"), {"total": ("1",)}, None, ""), Invoice(), None, {}, 0).fields
    assert field.miss is Miss.NOT_READ
