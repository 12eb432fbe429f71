"""Tests of engine/invoice/amounts.py: amounts are chosen together."""

from decimal import Decimal

import pytest

from readstone.engine.invoice.amounts import Amount, Choice, Facts, amounts_of, choose, role_of
from readstone.engine.invoice.notes import take_notes
from readstone.engine.invoice.taxes import tax_rows_of
from tests.typed import typed

ROLES = {
    frozenset({"net", "total"}): "subtotal",
    frozenset({"gross", "total"}): "total",
    frozenset({"tax", "total"}): "tax",
    frozenset({"tax", "plus"}): "tax",
    frozenset({"net", "total", "plus", "tax"}): "subtotal",
    frozenset({"owed", "total"}): "amount_due",
    frozenset({"total", "quantity"}): "count",
    frozenset({"paid"}): "prepaid",
    frozenset({"date"}): None,
}


@pytest.mark.parametrize("said", ROLES, ids=sorted)
def test_words_of_a_label_make_a_role(said: frozenset[str]) -> None:
    """What the words say together counts, and not one of them."""
    role = role_of(said)
    assert (role[0] if role else None) == ROLES[said]


def chosen(text: str, *, is_receipt: bool = False) -> Choice:
    """Return the amounts of a text."""
    notes = take_notes(typed(text))
    rates = tuple(n.value for note in notes for n in note.numbers if n.is_percent)
    facts = Facts(rates, tuple(tax_rows_of(notes)), is_receipt=is_receipt)
    return choose(amounts_of(notes, set()), facts)


def values(*amounts: Amount | None) -> list[str | None]:
    """Return amounts as texts."""
    return [str(each.value) if each else None for each in amounts]


def test_labels_and_sum_agree() -> None:
    """The simple case: three labels, and a sum that closes."""
    choice = chosen("Subtotal   100.00\nVAT 20%     20.00\nTotal      120.00")
    assert values(choice.subtotal, choice.tax, choice.total) == ["100.00", "20.00", "120.00"]
    assert choice.closes


def test_sum_that_closes_finds_an_amount_without_a_label() -> None:
    """Net and tax say which of the other amounts is the total."""
    choice = chosen("Subtotal   100.00\nVAT 20%     20.00\nxyz        120.00\nzyx       999.00")
    assert values(choice.total) == ["120.00"]


def test_taxes_of_several_rates_are_added() -> None:
    """The tax of the whole may not be printed; it is the sum of its parts."""
    choice = chosen("Net    300.00\nVAT 20%  20.00\nVAT 5%   10.00\nTotal  330.00")
    assert values(choice.tax, choice.total) == ["30.00", "330.00"]
    assert choice.tax and choice.tax.note is None


def test_tax_on_its_base_does_not_pass_for_the_net_amount() -> None:
    """Of two bases, neither is the net amount."""
    choice = chosen(
        "Nettobetrag 7 %   275,00   19,25\nNettobetrag 19 %  198,00   37,62\n"
        "Summe netto                473,00\nSumme brutto               529,87"
    )
    assert values(choice.subtotal, choice.total) == ["473.00", "529.87"]


def test_what_was_paid_before_is_taken_off() -> None:
    """What is still to be paid is the total less what was paid."""
    choice = chosen("Total 110.00\nDeposit paid -10.00\nBalance due 100.00\nNet 100.00\nVAT 10.00")
    assert values(choice.total, choice.prepaid, choice.amount_due) == ["110.00", "-10.00", "100.00"]


def test_total_of_a_receipt_is_what_was_paid_less_the_change() -> None:
    """The rounded amount is paid, and not the one before."""
    text = "Total incl GST 29.28\nRounding 0.02\nAmount 29.30\nCash 50.00\nChange 20.70"
    assert values(chosen(text, is_receipt=True).total) == ["29.30"]


def test_rounded_total_is_told_by_its_label_or_by_what_was_paid() -> None:
    """It is off the total by less than the smallest coin."""
    for label in ("Rounding", "Cash"):
        text = f"Total incl GST 29.28\n{label} 29.30\nAmount 29.30"
        assert values(chosen(text, is_receipt=True).total) == ["29.30"], label


def test_last_sum_of_a_receipt_without_a_total_is_one() -> None:
    """There is nothing that is added to it."""
    text = "Bread 4.00\nTea 8.00\nSubtotal 12.00"
    assert values(chosen(text, is_receipt=True).total) == ["12.00"]
    assert values(chosen(text).total) == [None]


def test_total_of_one_rate_is_a_part() -> None:
    """It closes with its net amount and its tax, and yet is not all that has to be paid."""
    text = (
        "Total 0% supplies              20.67\nTotal 6% supplies excl. GST    69.36\n"
        "GST                             4.16\nTotal 6% supplies incl. GST    73.52\n"
        "Total payable                  94.19"
    )
    assert values(chosen(text, is_receipt=True).total) == ["94.19"]
    alone = "Net    100.00\nVAT     19.00\nTotal incl. 19% VAT    119.00"
    assert values(chosen(alone).total) == ["119.00"]


def test_items_count_for_nothing_against_a_row_of_taxes() -> None:
    """A row that proves itself says more than items, some of which may be none."""
    notes = take_notes(typed("20.00   18.12    3.62\nCash    21.74"))
    rows = tuple(tax_rows_of(notes))
    facts = Facts((Decimal(20),), rows, Decimal("43.48"), Decimal("1.64"), is_receipt=True)
    choice = choose(amounts_of(notes, set()), facts)
    assert values(choice.subtotal, choice.tax, choice.total) == ["18.12", "3.62", "21.74"]


def test_count_and_discount_are_no_total() -> None:
    """Words beside the word "total" may make it something else."""
    assert values(chosen("Total items 9.00\nTotal discount 5.00").total) == [None]


def test_amounts_are_never_floats() -> None:
    """An amount is exact."""
    found = amounts_of(take_notes(typed("Total 0.10")), set())
    assert {type(each.value) for each in found} == {Decimal}
