"""Tests of engine/render/ubl.py: what is written can be read again."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from readstone.engine.invoice.xml import read_xml
from readstone.engine.render.ubl import render_ubl
from readstone.findings import DocumentType, Finding, Invoice

XML = Path(__file__).parents[4] / "testdata" / "invoice" / "xml"


def values_of(part: object) -> object:
    """Return all values of an invoice, without how they were written."""
    if isinstance(part, Finding):
        return part.value
    if isinstance(part, tuple):
        return [values_of(each) for each in part]
    return [values_of(getattr(part, each.name)) for each in fields(part)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["cii.xml", "ubl.xml", "zugferd1.xml"])
def test_invoice_can_be_read_again(name: str) -> None:
    """Every field comes back, whatever it was read from; units have codes."""
    invoice = read_xml((XML / name).read_bytes())
    again = read_xml(render_ubl(invoice).encode())
    assert values_of(again) == values_of(invoice)


def test_credit_note_has_its_own_names() -> None:
    """The root, the code and the lines are those of a credit note."""
    invoice = read_xml((XML / "cii.xml").read_bytes())
    credit = replace(invoice, document_type=Finding(DocumentType.CREDIT_NOTE))
    again = read_xml(render_ubl(credit).encode())
    assert again.document_type.value == DocumentType.CREDIT_NOTE
    assert len(again.lines) == 3
    assert again.due_date.value == invoice.due_date.value


def test_nothing_is_left_out_and_not_invented() -> None:
    """An empty invoice is one without any field."""
    again = read_xml(render_ubl(Invoice()).encode())
    assert again.total.value is None
    assert again.taxes == again.lines == ()


def test_signs_that_xml_cannot_hold_are_left_out() -> None:
    """What was read may have any character."""
    text = render_ubl(Invoice(invoice_number=Finding("A\x00<&>B")))
    assert read_xml(text.encode()).invoice_number.value == "A<&>B"
