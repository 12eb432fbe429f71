"""Tests of engine/invoice/identifiers.py: ids that prove themselves, or have a label."""

import pytest

from readstone.engine.invoice.identifiers import domains_of, identifiers_of
from readstone.engine.invoice.notes import take_notes
from tests.typed import typed

IDS = {
    "USt-IdNr.: DE136695976": ("tax_id", "DE136695976", True),
    "USt-IdNr.: DE 123 456 789": ("tax_id", "DE123456789", False),
    "NL4495445B01": ("tax_id", "NL4495445B01", True),
    "GST ID No: 0010 9010 5344": ("tax_id", "001090105344", False),
    "DE89 3704 0044 0532 0130 00": ("iban", "DE89370400440532013000", True),
    "IBAN DE12 1234 5678 9012 3456 78": ("iban", "DE12123456789012345678", False),
    "ann@example.com": ("email", "ann@example.com", True),
    "www.example.com": ("web", "example.com", True),
}


@pytest.mark.parametrize("text", IDS)
def test_id_is_found(text: str) -> None:
    """Check digits or a label tell an id."""
    each = identifiers_of(take_notes(typed(text)))[0]
    assert (each.kind, each.value, each.is_sound) == IDS[text]


@pytest.mark.parametrize("text", ["RE 2023 0871 22", "Order 123456789", "DE is short"])
def test_other_numbers_are_no_ids(text: str) -> None:
    """Without check digits or a label there is none."""
    assert identifiers_of(take_notes(typed(text))) == []


def test_domains_are_names() -> None:
    """The name of a firm is often in its addresses."""
    found = identifiers_of(take_notes(typed("ann@mail.marlow.com   www.finch.co")))
    assert domains_of(found) == ["mail.marlow", "finch"]
