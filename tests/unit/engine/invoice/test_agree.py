"""Tests of engine/invoice/agree.py: two readings of the same pages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from readstone.engine.invoice.agree import agreed
from readstone.engine.invoice.checks import NOT_AN_INVOICE
from readstone.findings import Finding, Invoice, InvoiceLine, Party


def reading(total: str, confidence: float) -> Invoice:
    """Return an invoice with this total."""
    return Invoice(total=Finding(Decimal(total), total, confidence))


def test_what_both_say_is_surer() -> None:
    """Two doubtful readings of the same amount are less doubtful."""
    both = agreed(reading("12.00", 0.6), reading("12.00", 0.7))
    assert both.total.value == Decimal("12.00")
    assert 0.7 < both.total.confidence < 1


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_disputed_is_less_sure(turned: bool) -> None:
    """The surer reading counts, whichever was first, and the other one is not hidden."""
    readings = [reading("12.00", 0.9), reading("21.00", 0.6)]
    both = agreed(*(readings[::-1] if turned else readings))
    assert (both.total.value, both.total.alternatives[0].value) == (
        Decimal("12.00"),
        Decimal("21.00"),
    )
    assert both.total.confidence < 0.9
    assert both.reasons[-1] == "total_doubtful"


def test_what_one_does_not_say_comes_from_the_other() -> None:
    """Fields, parties and lines are filled up."""
    named = replace(reading("12.00", 0.9), vendor=Party(name=Finding("Finch", "Finch", 0.8)))
    lines = (InvoiceLine(amount=Finding(Decimal("12.00"), "12.00", 0.9)),)
    both = agreed(named, replace(reading("12.00", 0.9), lines=lines))
    assert (both.vendor.name.value, both.lines) == ("Finch", lines)


def test_reading_that_finds_no_invoice_says_nothing() -> None:
    """The other one counts alone."""
    nothing, found = Invoice(reasons=(NOT_AN_INVOICE,)), reading("12.00", 0.9)
    assert agreed(nothing, found) == agreed(found, nothing) == found
