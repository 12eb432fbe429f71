"""Tests of engine/invoice/headers.py: the number and the dates of an invoice."""

import pytest

from readstone.engine.invoice.headers import dates_of, numbers_of
from readstone.engine.invoice.notes import take_notes
from tests.typed import typed

NUMBERS = {
    "Invoice No. INV/2023/03/0008": "INV/2023/03/0008",
    "Invoice number: invoice_number_1": "invoice_number_1",
    "Facture n°562044387 du 02 Juillet 2015": "562044387",
    "Handelsrechnung (380) Nr. 471102 vom 05.06.2018": "471102",
    "Rechnung Nr. 01.234.567.8-2018-1": "01.234.567.8-2018-1",
    "Fatura n.º: FT 2023/417": "FT 2023/417",
    "Invoice #          0007-23": "0007-23",
    "Factuurnummer        Factuurdatum\nVF1005193039        8-9-2022": "VF1005193039",
    "Rechnung gemäß Bestellung Nr. 2018-471331\nRechnung 4711": "4711",
    "Customer number: 20417\nInvoice: 88": "88",
}


@pytest.mark.parametrize("text", NUMBERS)
def test_number_is_found(text: str) -> None:
    """The number stands behind, beside or below its label; other numbers do not count."""
    found = [each for each in numbers_of(take_notes(typed(text))) if each.role == "invoice_number"]
    assert max(found, key=lambda each: each.score).value == NUMBERS[text]


@pytest.mark.parametrize("text", ["Invoice total 12.00", "Invoice date 05.03.2014", "An invoice"])
def test_amounts_and_dates_are_no_numbers(text: str) -> None:
    """What is an amount or a date is not the number of the invoice."""
    found = numbers_of(take_notes(typed(text)))
    assert not [each for each in found if each.role == "invoice_number"]


DATES = {
    "Rechnung Nr. 471 vom 05.03.2018\nLieferdatum 01.03.2018": ("issue_date", "2018-03-05"),
    "Date d'échéance : 30/01/2019\nDate : 31/12/2018": ("due_date", "2019-01-30"),
    "Invoice date   Due date\n1 March 2023   31 March 2023": ("due_date", "2023-03-31"),
    "München, den 01.11.2024": ("issue_date", "2024-11-01"),
}


@pytest.mark.parametrize("text", DATES)
def test_date_has_its_role(text: str) -> None:
    """Dates of delivery and of payment are told from that of the invoice."""
    role, value = DATES[text]
    found = [each for each in dates_of(take_notes(typed(text))) if each.role == role]
    assert str(max(found, key=lambda each: each.score).value) == value
