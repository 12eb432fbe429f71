"""Amounts: what each of them may be, told by its label, and which of them fit together.

No single amount is believed for its label alone: net, tax and total are chosen together, and a sum
that closes says more than a word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from readstone.engine.invoice.notes import Label, Note, Notes, label_of
from readstone.engine.invoice.taxes import TaxRow
from readstone.engine.invoice.values import Number

CENT = Decimal("0.01")
TOLERANCE = Decimal("0.02")

# What the words of a label make of an amount: role, needed words, words that forbid it, weight.
# The first rule that fits counts.
Rule = tuple[str, set[str], set[str], float]
RULES: tuple[Rule, ...] = (
    ("change", {"change"}, set(), 3.0),
    ("amount_due", {"owed"}, {"discount", "points"}, 3.0),
    ("count", {"quantity", "total"}, {"gross", "net", "tax"}, 2.0),
    ("points", {"points"}, set(), 2.0),
    ("discount", {"discount"}, {"gross", "grand"}, 2.0),
    ("charge", {"charge"}, {"gross", "grand", "net"}, 2.0),
    ("rounding", {"rounding"}, {"grand", "total"}, 2.0),
    ("prepaid", {"paid"}, {"grand", "gross", "net", "tax"}, 2.5),
    ("subtotal", {"net", "total"}, {"gross"}, 3.0),
    ("subtotal", {"net", "grand"}, {"gross"}, 3.0),
    ("tax", {"tax", "within"}, set(), 3.0),
    ("total", {"gross", "grand"}, set(), 3.5),
    ("total", {"gross", "total"}, set(), 3.2),
    ("tax", {"tax", "plus"}, set(), 3.0),
    ("subtotal", {"net"}, {"gross"}, 2.2),
    ("tax", {"tax", "total"}, {"gross"}, 3.0),
    ("tax", {"tax", "grand"}, {"gross"}, 2.0),
    ("total", {"grand"}, {"tax"}, 3.0),
    ("tax", {"tax", "gross"}, set(), 1.5),
    ("tax", {"tax"}, set(), 2.5),
    ("total", {"gross"}, set(), 2.0),
    ("total", {"total"}, set(), 2.2),
)
SPECIFIC = frozenset(("net", "gross", "tax", "owed"))
UNLABELLED = -1.5
OTHER_ROLES = -3.0
SEEN_AGAIN, SEEN_AGAIN_MOST = 0.4, 3
LARGEST = 0.7
GAP = 0.15
CLOSES, CLOSES_WITHOUT_TAX, RATE_FITS = 4.0, 0.6, 1.5
DUE_FITS, DUE_IS_TOTAL = 1.5, 0.8
PAID, ROUNDED = 1.5, 2.0
MOST_ROUNDED, COIN = Decimal("0.10"), Decimal("0.05")
ROLES = ("subtotal", "tax", "total", "amount_due", "prepaid")
KEPT, RIVALS = 8, 200
COMPUTED = 0.5
WITH_RATES = ("tax", "total")
TOTALS, LABELLED = ("total", "amount_due"), 1.5  # from so much evidence on, an amount is a total
FITS_ROWS, FITS_LINES = 2.0, 1.5
MAX_TAX_SHARE = Decimal("0.5")


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """An amount and what it may be, with evidence in log-odds; without a note, it was computed.

    Attributes:
        rate: of tax, in percent, that the label of a tax or a total names.
    """

    value: Decimal
    note: Note | None
    number: Number | None
    role: str
    score: float
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What else is known of the amounts of a document.

    Attributes:
        rates: of tax, in percent, that are printed somewhere.
        tax_rows: rows that prove themselves.
        lines_sum: of the amounts of all items.
        lines_tax: of all items, if each of them says its rate.
        is_receipt: it was paid at once; what was paid, less the change, is its total.
    """

    rates: tuple[Decimal, ...] = ()
    tax_rows: tuple[TaxRow, ...] = ()
    lines_sum: Decimal | None = None
    lines_tax: Decimal | None = None
    is_receipt: bool = False

    @property
    def bases(self) -> tuple[Decimal, ...]:
        """The bases of all rates."""
        return tuple(row.base.value for row in self.tax_rows)

    @property
    def tax_sum(self) -> Decimal:
        """The taxes of all rates together."""
        return sum((row.tax.value for row in self.tax_rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class Choice:
    """Amounts that were chosen together; those that were not found are None."""

    subtotal: Amount | None = None
    tax: Amount | None = None
    total: Amount | None = None
    amount_due: Amount | None = None
    prepaid: Amount | None = None
    score: float = 0.0
    closes: bool = False
    rivals: tuple["Choice", ...] = ()


def role_of(meanings: Iterable[str]) -> tuple[str, float] | None:
    """Return what the words of a label make of an amount, with the weight of that evidence."""
    said = set(meanings)
    for role, needed, forbidden, weight in RULES:
        if needed <= said and not forbidden & said:
            return role, weight
    return None


def amounts_of(notes: Notes, skipped: set[Note]) -> list[Amount]:
    """Return every amount once for each role that it may have.

    Args:
        skipped: cells of the items that are sold.
    """
    found = []
    for note in notes:
        for number in note.numbers:
            if number.is_percent or (note.is_prose and not number.is_money):
                continue
            label = label_of(notes, note, number.start, number.end)
            for role, score in _roles(label):
                score -= GAP * label.gap + 2.0 * note.is_prose + 3.0 * (note in skipped)
                score -= 0.0 if number.is_money else 2.0
                rate = _rate_of(notes, note, number.start) if role in WITH_RATES else None
                found.append(Amount(number.value, note, number, role, score, rate))
    return found


def _rate_of(notes: Notes, note: Note, start: int) -> Decimal | None:
    """Return the percentage on the left of an amount, in its cell or in its row."""
    inside = [each for each in note.numbers if each.is_percent and each.end <= start]
    beside = [each for left in notes.left_of(note) for each in left.numbers if each.is_percent]
    return next((each.value for each in (*reversed(inside), *beside)), None)


def _roles(label: Label) -> Iterator[tuple[str, float]]:
    """Yield what a label makes of an amount; the heading of a column says it more precisely."""
    beside = role_of(label.beside | (label.behind & SPECIFIC)) if label.beside else None
    has_heading = label.above & SPECIFIC and not (beside and label.gap == 0)
    above = role_of(label.above) if has_heading else None
    if beside and above and beside[0] in ("total", "tax", "subtotal"):
        yield above[0], (above[1] + beside[1]) / 2 if beside[0] == "total" else above[1] - 1.0
        if beside[0] != above[0]:
            yield beside[0], beside[1] - 1.5
    elif beside:
        yield beside
    elif above:
        yield above[0], above[1] - 0.8
    elif role := role_of(label.above):
        yield role[0], role[1] - 2.5
    else:
        yield "", UNLABELLED


def choose(amounts: Sequence[Amount], facts: Facts) -> Choice:
    """Return the amounts that fit together best."""
    amounts = _without_parts(amounts)
    amounts += _computed(amounts, facts)
    if facts.is_receipt:
        amounts = [*amounts, *_at_the_till(amounts)]
    by_role = {role: _candidates(amounts, role, facts) for role in ROLES}
    fits = [
        fit
        for three in product(by_role["subtotal"], by_role["tax"], by_role["total"])
        if (fit := _fit(*three, facts.rates))
    ]
    fits.sort(key=lambda choice: -choice.score)
    return replace(_with_due(fits[0], by_role), rivals=tuple(fits[1:RIVALS]))


def _without_parts(amounts: Sequence[Amount]) -> list[Amount]:
    """Return all amounts but totals of one rate, where a larger total names none."""
    wholes = [each.value for each in amounts if each.role in TOTALS and each.rate is None]
    largest = max(wholes, default=Decimal(0))

    def is_part(amount: Amount) -> bool:
        return amount.role == "total" and amount.rate is not None and amount.value < largest

    return [each for each in amounts if not is_part(each)]


def _computed(amounts: Sequence[Amount], facts: Facts) -> Iterator[Amount]:
    """Yield sums over the rates of tax and over the items.

    Those of items close by themselves: they count where no total is named, nor the tax otherwise.
    """
    by_rate = {each.rate: each for each in amounts if each.role == "tax" and each.rate}
    sums = []
    if len(by_rate) > 1:
        parts = by_rate.values()
        together = sum((each.value for each in parts), Decimal(0))
        sums.append(("tax", together, min(each.score for each in parts)))
    if len(facts.tax_rows) > 1:
        sums.append(("tax", facts.tax_sum, COMPUTED))
        sums.append(("subtotal", sum(facts.bases, Decimal(0)), COMPUTED))
    is_named = any(each.role in TOTALS and each.score > LABELLED for each in amounts)
    agree = not facts.tax_rows or facts.lines_tax == facts.tax_sum
    if facts.lines_sum and facts.lines_tax is not None and agree and not is_named:
        total = facts.lines_sum + facts.lines_tax
        of_lines = {"subtotal": facts.lines_sum, "tax": facts.lines_tax}
        of_lines |= dict.fromkeys(TOTALS, total)
        sums += [(role, value, COMPUTED) for role, value in of_lines.items()]
    printed = {each.value for each in amounts}
    for role, value, score in sums:
        if value not in printed:
            yield Amount(value, None, None, role, score)


def _at_the_till(amounts: Sequence[Amount]) -> Iterator[Amount]:
    """Yield amounts as totals for what was paid, for what was rounded and for what is owed.

    Where no total is named, the last sum before the payment is one.
    """
    by_role: dict[str, set[Decimal]] = defaultdict(set)
    for each in amounts:
        by_role[each.role].add(each.value)
    settled = {one - other for one in by_role["prepaid"] for other in by_role["change"]}
    rounded = _rounded(by_role)
    is_named = any(each.role in TOTALS and each.score > LABELLED for each in amounts)
    for each in amounts:
        if not each.number or not each.number.is_money or each.value <= 0:
            continue
        score = PAID * (each.value in settled) + ROUNDED * (each.value in rounded)
        is_last = each.role == "subtotal" and not is_named
        if score or is_last or each.role == "amount_due":
            yield replace(each, role="total", score=max(each.score, 1.0) + score)


def _rounded(by_role: Mapping[str, set[Decimal]]) -> set[Decimal]:
    """Return what totals come to after rounding: by what is printed as such, or was paid."""
    totals = by_role["total"] | by_role["amount_due"]
    changed = {
        total + sign * each for total in totals for each in by_role["rounding"] for sign in (1, -1)
    }
    return {
        value
        for value in changed | by_role["rounding"] | by_role["prepaid"]
        if value % COIN == 0 and any(0 < abs(value - total) <= MOST_ROUNDED for total in totals)
    }


def _candidates(amounts: Sequence[Amount], role: str, facts: Facts) -> list[Amount | None]:
    """Return the likeliest amounts for a role, each value once, and none."""
    by_value: dict[Decimal, list[Amount]] = defaultdict(list)
    for each in amounts:
        by_value[each.value].append(each)
    largest = max(
        (each.value for each in amounts if each.number and each.number.is_money),
        default=Decimal(0),
    )
    found = []
    for value, members in by_value.items():
        mine = [_as_role(each, role) for each in members]
        best = max(mine, key=lambda each: each.score)
        again = sum(each.score > 0 for each in mine) - 1
        score = best.score + SEEN_AGAIN * max(0, min(again, SEEN_AGAIN_MOST))
        if role == "total" and value == largest:
            score += LARGEST
        score += _known(value, role, facts)
        if value >= 0 or role == "prepaid":
            found.append(replace(best, score=score))
    found.sort(key=lambda each: -each.score)
    return [*found[:KEPT], None]


def _known(value: Decimal, role: str, facts: Facts) -> float:
    """Return what the rows of taxes and the items say of an amount in a role."""
    score = 0.0
    if facts.tax_rows and role == "subtotal":
        score += FITS_ROWS * (value == sum(facts.bases))
        score -= FITS_ROWS * (len(facts.bases) > 1 and value in facts.bases)
    if facts.tax_rows and role == "tax":
        score += FITS_ROWS * (value == facts.tax_sum)
    if role in ("subtotal", "total") and value == facts.lines_sum:
        score += FITS_LINES
    return score


def _as_role(amount: Amount, role: str) -> Amount:
    """Return an amount with the evidence that it has this role."""
    if amount.role == role:
        return replace(amount, role=role)
    alike = {("amount_due", "total"), ("total", "amount_due")}
    if (amount.role, role) in alike:
        return replace(amount, role=role, score=amount.score - 0.7)
    if not amount.role:
        return replace(amount, role=role)
    return replace(amount, role=role, score=min(UNLABELLED - 0.5, OTHER_ROLES + 2.0))


def _fit(
    net: Amount | None, tax: Amount | None, total: Amount | None, rates: Iterable[Decimal]
) -> Choice | None:
    """Return three amounts with the evidence for all of them together; None for the impossible."""
    score = sum(each.score for each in (net, tax, total) if each)
    if net and tax and abs(tax.value) > abs(net.value) * MAX_TAX_SHARE:
        return None
    if net and total and abs(total.value) < abs(net.value) - TOLERANCE:
        return None
    if tax and total and abs(tax.value) >= abs(total.value) and total.value:
        return None
    closes = False
    if net and tax and total:
        closes = abs(net.value + tax.value - total.value) <= TOLERANCE
        if not closes:
            score -= 2.0
        elif tax.value:
            score += CLOSES + RATE_FITS * _is_rate(net.value, tax.value, rates)
        else:
            score += CLOSES_WITHOUT_TAX
    elif tax and total and tax.value:
        score += RATE_FITS * _is_rate(total.value - tax.value, tax.value, rates)
    return Choice(net, tax, total, score=score, closes=closes)


def _is_rate(net: Decimal, tax: Decimal, rates: Iterable[Decimal]) -> bool:
    return any(abs(net * rate / 100 - tax) <= TOLERANCE for rate in rates if rate)


def _with_due(choice: Choice, by_role: dict[str, list[Amount | None]]) -> Choice:
    """Return a choice with what was paid and what is still to be paid."""
    total = choice.total.value if choice.total else None
    best, best_score = choice, 0.0
    for due, prepaid in product(by_role["amount_due"], by_role["prepaid"]):
        if due is None:
            continue
        score = due.score + DUE_IS_TOTAL * (prepaid is None and due.value == total)
        if prepaid is not None:
            if total is None or abs(total - abs(prepaid.value) - due.value) > TOLERANCE:
                continue
            score += prepaid.score + DUE_FITS
        if score > best_score:
            best, best_score = replace(choice, amount_due=due, prepaid=prepaid), score
    return best
