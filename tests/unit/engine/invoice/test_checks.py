"""Tests of engine/invoice/checks.py: rules that hold for a sound invoice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from readstone.engine.invoice.checks import checked, checks_of
from readstone.findings import Finding, Invoice, InvoiceLine, Tax


def sure(value: Any) -> Finding[Any]:
    """Return a value that is certain."""
    return Finding(value, str(value), 1.0)


def money(text: str) -> Finding[Decimal]:
    """Return an amount that is certain."""
    return sure(Decimal(text))


SOUND = Invoice(
    invoice_number=sure("4711"),
    issue_date=sure(date(2023, 3, 1)),
    due_date=sure(date(2023, 3, 31)),
    subtotal=money("100.00"),
    tax=money("20.00"),
    total=money("120.00"),
    prepaid=money("-20.00"),
    amount_due=money("100.00"),
    taxes=(Tax(money("20"), money("100.00"), money("20.00")),),
    lines=(InvoiceLine(quantity=money("4"), unit_price=money("25"), amount=money("100.00")),),
)


def failed(invoice: Invoice) -> dict[str, str | None]:
    """Return the rules that do not hold, with by how much."""
    checks = checks_of(invoice)
    return {c.rule: None if c.delta is None else str(c.delta) for c in checks if not c.ok}


def test_sound_invoice_passes_every_check() -> None:
    """Each rule is tried, and nobody needs to look at it."""
    assert [check.rule for check in checks_of(SOUND)] == [
        "subtotal + tax = total",
        "total - prepaid = amount_due",
        "sum of lines = subtotal or total",
        "issue_date <= due_date",
        "base * 20 % = tax",
        "sum of taxes = tax",
        "line 1: quantity * unit_price = amount",
    ]
    assert failed(SOUND) == {}
    assert not checked(SOUND).needs_review


def test_every_failure_says_by_how_much() -> None:
    """The delta is what a person would look for."""
    assert failed(replace(SOUND, tax=money("21.00"))) == {
        "subtotal + tax = total": "1.00",
        "sum of taxes = tax": "-1.00",
    }
    assert failed(replace(SOUND, due_date=sure(date(2022, 1, 1)))) == {
        "issue_date <= due_date": None
    }


def test_failures_missing_and_doubtful_fields_are_reasons() -> None:
    """A person looks at what is wrong, missing or not sure."""
    assert checked(replace(SOUND, tax=money("21.00"))).reasons == ("check_failed",)
    assert checked(replace(SOUND, invoice_number=Finding())).reasons == ("invoice_number_missing",)
    doubtful = replace(SOUND.issue_date, confidence=0.5)
    assert checked(replace(SOUND, issue_date=doubtful)).reasons == ("issue_date_doubtful",)


def test_line_with_a_discount_is_no_reason() -> None:
    """A check of a line may fail and the invoice be sound."""
    line = InvoiceLine(quantity=money("5"), unit_price=money("25"), amount=money("100.00"))
    assert not checked(replace(SOUND, lines=(line,))).needs_review


def test_unknown_amounts_are_not_checked() -> None:
    """What is not there cannot be wrong."""
    assert checks_of(Invoice()) == ()
