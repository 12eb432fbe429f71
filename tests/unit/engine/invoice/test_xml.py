"""Tests of engine/invoice/xml.py: invoices in XML, from strangers."""

from decimal import Decimal
from pathlib import Path

import pytest

from readstone.engine.invoice.xml import read_xml
from readstone.errors import CorruptInput, UnsupportedType

FOLDER = Path(__file__).parents[4] / "testdata" / "invoice" / "xml"
UBL = (FOLDER / "ubl.xml").read_text()
CII = (FOLDER / "cii.xml").read_text()


@pytest.mark.parametrize("name", ["cii.xml", "zugferd1.xml", "ubl.xml"])
def test_every_syntax_says_the_same(name: str) -> None:
    """One invoice, three ways to write it."""
    invoice = read_xml((FOLDER / name).read_bytes())
    assert invoice.document_type.value == "invoice"
    assert invoice.invoice_number.value == "INV-2023-0417"
    assert str(invoice.issue_date.value) == "2023-01-09"
    assert str(invoice.due_date.value) == "2023-01-23"
    assert invoice.currency.value == "GBP"
    assert invoice.vendor.name.value == "Marlow & Finch Ltd"
    assert invoice.vendor.tax_id.value == "GB980780684"
    assert invoice.vendor.iban.value == "GB33BUKB20201555555555"
    assert invoice.customer.name.value == "Pelham Stationers"
    assert [each.value for each in (invoice.subtotal, invoice.tax, invoice.total)] == [
        Decimal("113.60"),
        Decimal("12.27"),
        Decimal("125.87"),
    ]
    assert [str(tax.rate.value) for tax in invoice.taxes] == ["5", "20"]
    assert [str(line.unit_price.value) for line in invoice.lines] == ["2.5", "11.61", "20.72"]


@pytest.mark.parametrize(("code", "kind"), [("381", "credit_note"), ("380", "invoice")])
def test_code_tells_the_type(code: str, kind: str) -> None:
    """A credit note has a code of its own."""
    data = CII.replace("<ram:TypeCode>380", f"<ram:TypeCode>{code}").encode()
    assert read_xml(data).document_type.value == kind


def test_credit_note_of_ubl_has_its_own_root() -> None:
    """Its lines and its code are called differently."""
    text = UBL.replace("<Invoice ", "<CreditNote ").replace("</Invoice>", "</CreditNote>")
    text = text.replace("InvoiceLine", "CreditNoteLine").replace("Invoiced", "Credited")
    invoice = read_xml(text.encode())
    assert invoice.document_type.value == "credit_note"
    assert len(invoice.lines) == 3


def test_lines_that_are_headings_are_left_out() -> None:
    """A line that has neither quantity nor amount sells nothing."""
    heading = (
        "<cac:InvoiceLine><cbc:InvoicedQuantity>0</cbc:InvoicedQuantity>"
        "<cbc:LineExtensionAmount>0.00</cbc:LineExtensionAmount>"
        "<cac:Item><cbc:Name>--- Food ---</cbc:Name></cac:Item></cac:InvoiceLine>"
    )
    text = UBL.replace("<cac:LegalMonetaryTotal>", f"{heading}<cac:LegalMonetaryTotal>")
    assert len(read_xml(text.encode()).lines) == 3


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+999999999", "1E-999999999", "ten"])
def test_what_is_no_number_is_no_amount(amount: str) -> None:
    """Nonsense in one field leaves the others."""
    text = CII.replace("<ram:GrandTotalAmount>125.87", f"<ram:GrandTotalAmount>{amount}")
    text = text.replace("20230123", "soon")
    invoice = read_xml(text.encode())
    assert (invoice.total.value, invoice.due_date.value) == (None, None)
    assert invoice.subtotal.value == Decimal("113.60")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "not well-formed": b"<Invoice>",
    "entities": f"{BOMB}<Invoice><ID>&b;</ID></Invoice>".encode(),
    "a file outside": f"{OUTSIDE}<Invoice><ID>&a;</ID></Invoice>".encode(),
    "a document type": b"<!DOCTYPE Invoice><Invoice/>",
    "too deep": b"<a>" * 5000,
    "too long": b"<Invoice>" + b" " * 10_000_001 + b"</Invoice>",
    "binary": b"<\0\0\0",
}


@pytest.mark.parametrize("name", REFUSED)
def test_unsafe_xml_is_refused(name: str) -> None:
    """Nothing is fetched, expanded or read without end."""
    with pytest.raises(CorruptInput):
        read_xml(REFUSED[name])


def test_other_xml_is_refused() -> None:
    """XML that is no invoice is of a type that is not read."""
    with pytest.raises(UnsupportedType):
        read_xml(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
