"""Two readings of the same pages: what both say is surer, what they dispute is not."""

from dataclasses import fields, replace
from typing import Any

from readstone.engine.invoice.checks import NOT_AN_INVOICE, checked
from readstone.findings import Finding, Invoice, Party

# Two readings of one picture fail together more often than by chance.
DEPENDENCE = 0.5


def agreed(one: Invoice, other: Invoice) -> Invoice:
    """Return the surer value for every field, with the lines that add up better."""
    if NOT_AN_INVOICE in one.reasons or NOT_AN_INVOICE in other.reasons:
        return other if NOT_AN_INVOICE in one.reasons else one
    better, worse = sorted((one, other), key=_soundness, reverse=True)
    single: dict[str, Any] = {
        each.name: _surer(getattr(better, each.name), getattr(worse, each.name))
        for each in fields(Invoice)
        if isinstance(getattr(better, each.name), Finding)
    }
    return checked(
        replace(
            better,
            **single,
            vendor=_party(better.vendor, worse.vendor),
            customer=_party(better.customer, worse.customer),
            lines=better.lines or worse.lines,
            taxes=better.taxes or worse.taxes,
        )
    )


def _soundness(invoice: Invoice) -> tuple[int, float]:
    """Return how many sums close, less those that do not, and how sure the total is."""
    closing = sum(1 if check.ok else -1 for check in invoice.checks)
    return closing, invoice.total.confidence


def _party(one: Party, other: Party) -> Party:
    names = [each.name for each in fields(Party)]
    return Party(**{name: _surer(getattr(one, name), getattr(other, name)) for name in names})


def _surer(one: Finding[Any], other: Finding[Any]) -> Finding[Any]:
    if one.value is None or other.value is None:
        return other if one.value is None else one
    first, second = (one, other) if one.confidence >= other.confidence else (other, one)
    if one.value == other.value:
        rest = (1 - first.confidence) * (1 - DEPENDENCE * second.confidence)
        return replace(first, confidence=1 - rest)
    others = (second, *(each for each in first.alternatives if each.value != second.value))
    confidence = first.confidence * (1 - DEPENDENCE * second.confidence)
    return replace(first, confidence=confidence, alternatives=others)
