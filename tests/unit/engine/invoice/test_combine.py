"""Tests of engine/invoice/combine.py: XML and pages are two accounts of one invoice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from readstone.document import Box
from readstone.engine.invoice.checks import NOT_AN_INVOICE
from readstone.engine.invoice.combine import DIFFERS, combined
from readstone.findings import Finding, Invoice, Party, Source

AT = Box(1, 2, 3, 4)
XML = Invoice(
    invoice_number=Finding("RE-1", "RE-1", 1.0, source=Source.EMBEDDED_XML),
    issue_date=Finding(date(2023, 3, 1), "20230301", 1.0, source=Source.EMBEDDED_XML),
    total=Finding(Decimal("120.00"), "120.00", 1.0, source=Source.EMBEDDED_XML),
)
PAGE = Invoice(
    invoice_number=Finding("RE 1", "RE 1", 0.9, 1, AT, Source.TEXT_LAYER),
    issue_date=Finding(date(2023, 3, 1), "1.3.2023", 0.9, 1, AT, Source.TEXT_LAYER),
    total=Finding(Decimal("120"), "120,-", 0.9, 1, AT, Source.TEXT_LAYER),
    currency=Finding("EUR", "EUR", 0.9, 1, AT, Source.TEXT_LAYER),
)


def test_xml_counts_and_page_says_where() -> None:
    """The value is that of the XML; its place is where the page says the same."""
    both = combined(XML, PAGE)
    assert (both.total.value, both.total.raw, both.total.box) == (Decimal("120.00"), "120,-", AT)
    assert both.total.source == Source.EMBEDDED_XML
    assert both.currency == PAGE.currency
    assert not both.needs_review


def test_difference_is_reported() -> None:
    """A page that says something else is never hidden."""
    both = combined(XML, replace(PAGE, total=replace(PAGE.total, value=Decimal("99.00"))))
    (check,) = [each for each in both.checks if not each.ok]
    assert (check.rule, check.delta) == ("total of page = total of XML", Decimal("-21.00"))
    assert both.reasons == (DIFFERS,)
    assert both.total.value == Decimal("120.00")


def test_doubtful_page_says_nothing() -> None:
    """What was hardly read does not speak against the XML."""
    page = replace(PAGE, total=Finding(Decimal("1"), "1", 0.5, 1, AT, Source.OCR))
    assert not combined(XML, page).needs_review


def test_page_that_is_no_invoice_says_nothing() -> None:
    """A cover letter may carry the XML."""
    both = combined(XML, Invoice(reasons=(NOT_AN_INVOICE,)))
    assert not both.needs_review
    assert [check.rule for check in both.checks] == []


def test_parties_are_placed_as_well() -> None:
    """A party that the XML does not name is that of the page."""
    seen = Party(name=Finding("Finch", "Finch", 0.9, 1, AT, Source.TEXT_LAYER))
    named = Party(name=Finding("FINCH", "FINCH", 1.0, source=Source.EMBEDDED_XML))
    assert combined(XML, replace(PAGE, vendor=seen)).vendor == seen
    both = combined(replace(XML, vendor=named), replace(PAGE, vendor=seen))
    assert (both.vendor.name.value, both.vendor.name.box) == ("FINCH", AT)
