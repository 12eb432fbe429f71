"""The items of an invoice: the rows under a header whose amounts stand in one column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from readstone.engine.invoice.amounts import role_of
from readstone.engine.invoice.columns import (
    STACKED_ROWS,
    Column,
    amount_column,
    column_at,
    header_at,
    is_of_items,
)
from readstone.engine.invoice.notes import Note, Notes, Printed
from readstone.engine.invoice.sheet import overlap
from readstone.engine.invoice.taxes import is_tax_row

NUMERIC_ROLES = frozenset(("quantity", "unit_price", "tax_rate", "unit", "amount"))
WORDLESS_ROLES = frozenset(("unit", "tax_rate", "quantity", "unit_price"))
SUM_ROLES = frozenset(("subtotal", "total", "tax", "amount_due", "prepaid", "charge", "discount"))
TOLERANCE, RELATIVE_TOLERANCE = Decimal("0.011"), Decimal("0.0005")
# What belongs to an item may stand in the rows around its amount, which is centred on them.
ROWS_AROUND = (-1, 1, -2)
DESCRIPTION_ROWS = 4
UNIT = re.compile(r"\s*([^\W\d_]{1,8}[²³]?|H87|C62)\.?(?!\w)")
UNIT_LETTERS, WORD_LETTERS = 8, 3
MAX_ITEMS, MAX_COUNT, MAX_FACTORS = 1000, 10_000, 6


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One item, as the cells say it."""

    amount: Printed
    description: tuple[Note, ...]
    quantity: Printed | None
    unit: str
    unit_price: Printed | None
    tax_rate: Printed | None

    @property
    def notes(self) -> Iterator[Note]:
        """The cells that belong to it."""
        found = (self.amount, self.quantity, self.unit_price, self.tax_rate)
        yield from (each.note for each in found if each)
        yield from self.description

    @property
    def is_proven(self) -> bool:
        """Whether its quantity times its price is its amount."""
        return bool(
            self.quantity
            and self.unit_price
            and is_product(self.quantity.value, self.unit_price.value, self.amount.value)
        )


def is_product(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Return whether a quantity times a price is an amount, but for rounding."""
    delta = abs(quantity * price - amount)
    return delta <= max(TOLERANCE, abs(amount) * RELATIVE_TOLERANCE)


def items_of(notes: Notes) -> list[Item]:
    """Return the items of all tables, from the first page to the last."""
    items: list[Item] = []
    others: list[Item] = []
    row = 0
    while row < len(notes.rows) and len(items) < MAX_ITEMS:
        columns = header_at(notes, row)
        if columns is None:
            row += 1
            continue
        found, row = _table(notes, row + 1, columns)
        if is_of_items(columns):
            items += found
        else:
            others += found
    return items or others


def _table(notes: Notes, start: int, columns: tuple[Column, ...]) -> tuple[list[Item], int]:
    """Return the items below a header, and the row at which the next header stands."""
    items: list[Item] = []
    claimed: set[Note] = set()
    last_row, is_after_sum = start - 1, False
    for row in range(start, len(notes.rows)):
        if row >= start + STACKED_ROWS and header_at(notes, row) is not None:
            return items, row
        amount = _amount_in(notes.rows[row], columns)
        if amount is None:
            continue
        if _is_sum(notes.rows[row], amount):
            last_row, is_after_sum = row, True
            continue
        item = _item(notes, amount, columns, claimed, last_row)
        # Below a sum stand taxes and terms as well; what has a quantity and a price is an item.
        if item and (not is_after_sum or (item.quantity and item.unit_price)):
            items.append(item)
            claimed |= set(item.notes)
            last_row = row
    return items, len(notes.rows)


def _amount_in(cells: Sequence[Note], columns: Sequence[Column]) -> Printed | None:
    """Return the amount of a row: the money that stands last in the column of amounts."""
    wanted = amount_column(columns)
    found = [
        printed
        for note in cells
        for number in note.numbers
        if number.is_money and column_at((printed := Printed(number, note)).box, columns) is wanted
    ]
    return max(found, key=lambda printed: printed.box.x2, default=None)


def _is_sum(cells: Sequence[Note], amount: Printed) -> bool:
    """Return whether a row is a sum, a discount or a charge on several items, or carried over."""
    said = frozenset(meaning for note in cells for meaning in note.said())
    numbers = [number for note in cells for number in note.numbers]
    if "carried" in said or (amount.value < 0 and "discount" in said) or is_tax_row(numbers):
        return True
    labels = [note for note in cells if not note.is_wordless]
    role = role_of(labels[0].said()) if labels and labels[0].is_label else None
    is_short = sum(not number.is_percent for number in numbers) <= 2
    return bool(role and role[0] in SUM_ROLES and is_short)


def _item(
    notes: Notes, amount: Printed, columns: Sequence[Column], claimed: set[Note], last_row: int
) -> Item | None:
    """Return the item of an amount, with what stands in its row, or close to it if need be."""
    row = amount.note.cell.row
    numbers: list[tuple[str, Printed]] = []
    cells: list[Note] = []
    for number in (row, *(row + step for step in ROWS_AROUND)):
        if last_row < number < len(notes.rows):
            cells = [note for note in notes.rows[number] if note not in claimed]
            cells = [note for note in cells if note.cell.page == amount.note.cell.page]
            if numbers := _numbers(cells, amount, columns):
                break
    description = _description(notes, cells if numbers else notes.rows[row], columns, last_row, row)
    quantity, price = _factors(numbers, amount.value)
    rate = next((printed for role, printed in numbers if role == "tax_rate"), None)
    unit = _unit(quantity, cells, columns)
    item = Item(amount, description, quantity, unit, price, rate)
    return item if description or item.is_proven else None


def _numbers(
    cells: Sequence[Note], amount: Printed, columns: Sequence[Column]
) -> list[tuple[str, Printed]]:
    """Return the numbers of a row, but for the amount, each with the column that it is in."""
    found = []
    for printed in (Printed(number, note) for note in cells for number in note.numbers):
        note, number = printed.note, printed.number
        if number is amount.number:
            continue
        column = column_at(printed.box, columns)
        is_within = overlap(printed.box, column.box) > 0
        is_count = note.is_wordless and not number.decimals and 0 < number.value < MAX_COUNT
        if number.is_percent:
            found.append(("tax_rate", printed))
        elif column.role in NUMERIC_ROLES:
            if is_within or _is_short(note):
                found.append((column.role, printed))
        elif is_count:  # its heading may not be known
            found.append((column.role, printed))
    return found


def _is_short(note: Note) -> bool:
    """Return whether a cell has no more than a number and its unit."""
    return sum(sign.isalpha() for sign in note.cell.text) <= UNIT_LETTERS


def _factors(
    numbers: Sequence[tuple[str, Printed]], amount: Decimal
) -> tuple[Printed | None, Printed | None]:
    """Return the quantity and the price: those that give the amount, else as the columns say."""
    by_role = dict(reversed(numbers))
    quantity, price = by_role.get("quantity"), by_role.get("unit_price")
    if not amount or (quantity and price and is_product(quantity.value, price.value, amount)):
        return quantity, price
    others = [printed for role, printed in numbers if role != "tax_rate"][:MAX_FACTORS]
    for one, other in permutations(others, 2):
        is_in_order = one is quantity or one.box.x1 <= other.box.x1
        if is_in_order and is_product(one.value, other.value, amount):
            return (one, other) if one.number.decimals <= other.number.decimals else (other, one)
    return quantity, price


def _unit(quantity: Printed | None, cells: Sequence[Note], columns: Sequence[Column]) -> str:
    """Return the unit behind a quantity, or in the column of units."""
    if quantity is None:
        return ""
    if match := UNIT.match(quantity.note.cell.text, quantity.number.end):
        return match[1]
    in_column = (
        note.cell.text
        for note in cells
        if column_at(note.cell.box, columns).role == "unit" and not note.numbers
    )
    return next(in_column, "")


def _description(
    notes: Notes, cells: Sequence[Note], columns: Sequence[Column], last_row: int, row: int
) -> tuple[Note, ...]:
    """Return what is sold: the words of the row, or of the rows above it up to the last item."""
    above = range(row - 1, max(last_row, row - DESCRIPTION_ROWS), -1)
    for candidates in (cells, *(notes.rows[number] for number in above)):
        found = [(column_at(note.cell.box, columns).role, note) for note in candidates]
        words = [(role, note) for role, note in found if _is_words(role, note)]
        named = tuple(note for role, note in words if role == "description")
        if words:
            return named or (words[0][1],)
    return ()


def _is_words(role: str, note: Note) -> bool:
    named = role_of(note.said()) if note.is_label else None
    is_sum = bool(named and named[0] in SUM_ROLES)
    letters = sum(sign.isalpha() for sign in note.cell.text)
    is_number = bool(note.numbers) and note.is_wordless
    is_text = letters >= WORD_LETTERS and not is_number
    return is_text and role not in WORDLESS_ROLES and not is_sum
