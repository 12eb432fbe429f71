"""Rows that prove themselves: the tax of one rate on its base, whatever their labels say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from readstone.engine.invoice.notes import Notes, Printed
from readstone.engine.invoice.values import Number

TOLERANCE = Decimal("0.02")
MAX_RATE = Decimal(30)
MAX_NUMBERS = 6


@dataclass(frozen=True, slots=True, eq=False)
class TaxRow:
    """A rate in percent, its base and the tax on it, all printed in one row."""

    rate: Printed
    base: Printed
    tax: Printed


def is_tax_row(numbers: Sequence[Number]) -> bool:
    """Return whether one of the numbers is a tax, at a rate among them, on another of them."""
    return next(_readings(numbers), None) is not None


def _readings(numbers: Sequence[Number]) -> Iterator[tuple[Number, Number, Number]]:
    """Yield (rate, base, tax); what is printed as a percentage is tried as the rate first."""
    if has_product(numbers):
        return
    few = sorted(numbers[:MAX_NUMBERS], key=lambda number: not number.is_percent)
    for rate in few:
        if not (rate.is_percent or rate.decimals < 3) or not 0 < rate.value <= MAX_RATE:
            continue
        money = [each for each in few if each is not rate and each.is_money]
        for base, tax in permutations(money, 2):
            if base.value > tax.value > TOLERANCE and _fits(rate, base, tax):
                yield rate, base, tax


def has_product(numbers: Sequence[Number]) -> bool:
    """Return whether one of the numbers is a product of two others, as those of an item are."""
    plain = [
        each.value for each in numbers[: MAX_NUMBERS + 2] if not each.is_percent and each.value
    ]
    return any(
        one != 1 and other != 1 and abs(one * other - product) <= TOLERANCE
        for one, other, product in permutations(plain, 3)
    )


def _fits(rate: Number, base: Number, tax: Number) -> bool:
    return abs(base.value * rate.value / 100 - tax.value) <= TOLERANCE


def tax_rows_of(notes: Notes) -> list[TaxRow]:
    """Return the rows of taxes, each rate once."""
    rows: dict[Decimal, TaxRow] = {}
    for cells in notes.rows:
        where = {id(number): note for note in cells for number in note.numbers}
        numbers = [number for note in cells for number in note.numbers]
        for reading in _readings(numbers):
            row = TaxRow(*(Printed(number, where[id(number)]) for number in reading))
            rows.setdefault(row.rate.value, row)
            break
    return list(rows.values())
