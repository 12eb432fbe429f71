"""Tests of engine/invoice/templates.py: templates of invoice2data are one more reading."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from readstone.engine.invoice.extract import extract
from readstone.engine.invoice.templates import FAILED, with_template
from readstone.findings import Source
from tests.typed import typed

PAGE = typed("Finch Stores\nRef 88/4711 of 01.03.2023\n\nTo be settled    12.10 GBP\nVAT 2.02")
TEMPLATE = r"""
issuer: Marlow & Finch Ltd
keywords: [Finch Stores]
fields:
  invoice_number: Ref (\S+) of
  date: of (\d{2}\.\d{2}\.\d{4})
  amount: To be settled\s+([\d.]+)
options:
  currency: GBP
  date_formats: ['%d.%m.%Y']
"""


def folder(path: Path, text: str) -> Path:
    """Return a folder with one template."""
    (path / "finch.yml").write_text(text)
    return path


def test_template_reads_what_rules_do_not(tmp_path: Path) -> None:
    """Its values are exact, and say where they are from."""
    invoice = with_template(extract(PAGE), PAGE, folder(tmp_path, TEMPLATE))
    assert invoice.invoice_number.value == "88/4711"
    assert invoice.issue_date.value == date(2023, 3, 1)
    assert (invoice.total.value, type(invoice.total.value)) == (Decimal("12.1"), Decimal)
    assert invoice.vendor.name.value == "Marlow & Finch Ltd"
    assert invoice.total.source == Source.TEMPLATE


def test_template_of_another_vendor_says_nothing(tmp_path: Path) -> None:
    """Its keywords have to stand on the page."""
    other = TEMPLATE.replace("[Finch Stores]", "[Pelham]")
    assert with_template(extract(PAGE), PAGE, folder(tmp_path, other)) == extract(PAGE)


@pytest.mark.parametrize("wrong", ["date: of (no", "amount: (Finch)"])
def test_template_that_cannot_be_used_is_a_reason(tmp_path: Path, wrong: str) -> None:
    """A mistake of the operator shows, and the other fields are still read."""
    text = TEMPLATE.replace("amount: To", f"{wrong}\n  other: To")
    before = replace(extract(PAGE), reasons=())
    assert FAILED in with_template(before, PAGE, folder(tmp_path, text)).reasons
