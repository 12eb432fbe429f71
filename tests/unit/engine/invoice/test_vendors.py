"""Tests of engine/invoice/vendors.py: vendors that the operator knows."""

from pathlib import Path

import pytest

from readstone.engine.invoice.vendors import Vendor, read_vendors, with_known_vendor
from readstone.errors import ConfigError
from readstone.findings import Finding, Invoice, Party, Source

FINCH = Vendor("Marlow & Finch Ltd", ids=("GB 980 7806 84",), names=("M & F Bookbinders",))


def invoice(name: str | None = None, tax_id: str | None = None, iban: str | None = None) -> Invoice:
    """Return an invoice from somebody."""
    party = Party(name=Finding(name, "as printed", 0.4), tax_id=Finding(tax_id), iban=Finding(iban))
    return Invoice(vendor=party)


@pytest.mark.parametrize(
    "found",
    [
        invoice("Somebody", tax_id="GB980780684"),
        invoice(None, tax_id="GB980780684"),
        invoice("MARLOW & FINCH LTD."),
        invoice("M & F bookbinders"),
    ],
)
def test_vendor_is_called_as_in_the_directory(found: Invoice) -> None:
    """An id says more than a name; what is printed stays in `raw`."""
    name = with_known_vendor(found, (FINCH,)).vendor.name
    assert (name.value, name.raw, name.source) == ("Marlow & Finch Ltd", "as printed", "template")
    assert name.source == Source.TEMPLATE
    assert name.confidence >= 0.95


def test_other_vendor_stays() -> None:
    """Who is not in the directory is called as printed."""
    assert with_known_vendor(invoice("Pelham"), (FINCH,)) == invoice("Pelham")


def test_directory_is_a_file(tmp_path: Path) -> None:
    """One that cannot be used refuses the start."""
    path = tmp_path / "vendors.yml"
    path.write_text("- {name: Finch Ltd, ids: [GB1]}\n- {name: Pelham}")
    assert read_vendors(path) == (Vendor("Finch Ltd", ("GB1",)), Vendor("Pelham"))
    for text in ("name: x", "- {ids: [1]}", "- [", "7"):
        wrong = tmp_path / f"{len(text)}.yml"
        wrong.write_text(text)
        with pytest.raises(ConfigError, match=r"invoices\.vendors"):
            read_vendors(wrong)
