"""Tests of evaluation/invoices/judged.py: what counts as right."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from readstone.evaluation.invoices.cases import Case, Line
from readstone.evaluation.invoices.judged import Judged, LineScore, judge
from readstone.findings import Finding, Invoice, InvoiceLine, Party


def found(value: Any) -> Finding[Any]:
    """Return a value that was found."""
    return Finding(value, str(value), 0.9)


INVOICE = Invoice(
    invoice_number=found("RE 10-1"),
    issue_date=found(date(2023, 3, 1)),
    total=found(Decimal("120.0")),
    vendor=Party(name=found("Marlow and Finch Ltd.")),
    lines=(
        InvoiceLine(
            quantity=found(Decimal(3)), unit_price=found(Decimal("3.33")), amount=found(Decimal(10))
        ),
    ),
)


def judged(lines: tuple[Line, ...] | None = None, **fields: str) -> Judged:
    """Return the invoice above, compared with some fields."""
    known = {name: (value,) for name, value in fields.items()}
    return judge(Case(Path("a.pdf"), known, lines, ""), INVOICE, None, {"total": "12.00"}, 0.1)


@pytest.mark.parametrize(
    ("name", "wanted", "is_right"),
    [
        ("invoice_number", "RE-101", True),
        ("invoice_number", "RE-102", False),
        ("date", "2023-03-01", True),
        ("date", "2023-01-03", False),
        ("total", "120.00", True),
        ("total", "120.01", False),
        ("total", "many", False),
        ("vendor", "Marlow & Finch Ltd", True),
        ("vendor", "Pelham Stationers", False),
        ("currency", "EUR", False),
    ],
)
def test_field_is_right_or_wrong(name: str, wanted: str, is_right: bool) -> None:
    """Signs between letters do not count in names and numbers; amounts are exact."""
    (field,) = judged(**{name: wanted}).fields
    assert field.is_right is is_right


def test_simplest_rule_is_judged_beside() -> None:
    """A field for which there is no rule has no verdict."""
    total, number = judged(total="12.00", invoice_number="1").fields[::-1]
    assert (total.baseline_is_right, total.is_right) == (True, False)
    assert number.baseline_is_right is None


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (Line(amount="10.00"), 1),
        (Line(quantity="3", unit_price="3.3333", amount="10.00"), 1),
        (Line(quantity="4", amount="10.00"), 0),
        (Line(amount="10.01"), 0),
    ],
)
def test_line_is_right_as_printed(line: Line, right: int) -> None:
    """A price may be printed with fewer decimals; what is not known is not compared."""
    assert judged((line,)).lines == LineScore(right, 1, 1)


def test_item_counts_once() -> None:
    """Two items with the same amount are two."""
    assert judged((Line(amount="10"), Line(amount="10"))).lines == LineScore(1, 1, 2)
