"""What a document may say in each field, with the evidence for it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from readstone.document import Document
from readstone.engine.invoice.amounts import (
    CENT,
    LABELLED,
    ROLES,
    TOTALS,
    Amount,
    Choice,
    Facts,
    amounts_of,
    choose,
)
from readstone.engine.invoice.confidence import Evidence
from readstone.engine.invoice.headers import Candidate, dates_of, numbers_of
from readstone.engine.invoice.identifiers import Identifier, identifiers_of
from readstone.engine.invoice.lines import Item, items_of
from readstone.engine.invoice.notes import Note, Notes, label_of, take_notes
from readstone.engine.invoice.parties import Name, buyer_of, vendor_of
from readstone.engine.invoice.taxes import TaxRow, tax_rows_of
from readstone.engine.invoice.values import currencies_in
from readstone.findings import DocumentType

MAX_RATE = 30
ALTERNATIVES = 3
NUMBER_LEAST, DATE_LEAST, NAME_LEAST, TOTAL_LEAST = 0.4, -2.2, 0.5, 0.0
TITLE_SHARE = 0.4
NAMED_CURRENCY = 10


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """A value for a field, where it is printed, and what speaks for it.

    Attributes:
        note: None for what was computed.
        start, end: its place in the text of the cell.
        rivals: other values, the likeliest first.
    """

    value: object
    evidence: Evidence
    note: Note | None = None
    start: int = 0
    end: int = 0
    rivals: tuple["Pick", ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it is decided what it says.

    Attributes:
        picks: the best value for each field for which there is any.
        addresses: lines of the buyer's address.
    """

    notes: Notes
    picks: dict[str, Pick]
    items: tuple[Item, ...]
    tax_rows: tuple[TaxRow, ...]
    address: tuple[Note, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    sources: dict[int, str] = field(default_factory=dict)


def draft_of(document: Document) -> Draft | None:
    """Return what a document may say; None when it is no invoice."""
    notes = take_notes(document)
    numbers, dates = numbers_of(notes), dates_of(notes)
    items, tax_rows = tuple(items_of(notes)), tuple(tax_rows_of(notes))
    item_notes = {note for item in items for note in item.notes}
    amounts = amounts_of(notes, item_notes)
    if not _is_invoice(notes, amounts, numbers, dates):
        return None
    facts = Facts(_rates(notes), tax_rows, _sum_of(items), _tax_of(items), notes.is_narrow)
    choice = choose(amounts, facts)
    identifiers = identifiers_of(notes)
    picks = {
        **_amount_picks(choice),
        **_best(numbers, "number", ("invoice_number", "order_number"), NUMBER_LEAST),
        **_best(dates, "date", ("issue_date", "due_date"), DATE_LEAST),
    }
    buyer = buyer_of(notes)
    bought = [*(buyer.name.notes if buyer.name else ()), *buyer.address]
    picks |= _name_picks("vendor", vendor_of(notes, identifiers, bought))
    picks |= _name_picks("customer", [buyer.name] if buyer.name else [])
    picks["document_type"] = _document_type(notes)
    if currency := _currency(notes):
        picks["currency"] = currency
    sources = {page.number: page.source for page in document.pages}
    return Draft(
        notes,
        picks,
        _that_add_up(items, choice),
        tax_rows,
        buyer.address,
        tuple(identifiers),
        sources,
    )


def _is_invoice(
    notes: Notes,
    amounts: Sequence[Amount],
    numbers: Sequence[Candidate],
    dates: Sequence[Candidate],
) -> bool:
    """Return whether enough of what makes an invoice is there, and not only prices."""
    titles = {"invoice", "receipt", "credit"}
    has_title = any(note.said() & titles and not note.is_prose for note in notes)
    has_total = any(each.role in TOTALS and each.score > LABELLED for each in amounts)
    has_number = any(
        each.role == "invoice_number" and each.score >= NUMBER_LEAST for each in numbers
    )
    has_date = any(each.role == "issue_date" for each in dates)
    is_paid = any(each.role in ("prepaid", "change", "tax", "subtotal") for each in amounts)
    signs = has_title + 2 * has_total + has_number + has_date + is_paid
    return (signs >= 3 and any(each.number and each.number.decimals for each in amounts)) or (
        has_number and has_date and has_total
    )


def _rates(notes: Notes) -> tuple[Decimal, ...]:
    rates = {
        number.value
        for note in notes
        for number in note.numbers
        if number.is_percent and 0 < number.value <= MAX_RATE
    }
    return tuple(sorted(rates))


def _sum_of(items: Sequence[Item]) -> Decimal | None:
    return sum((item.amount.value for item in items), Decimal(0)) if items else None


def _tax_of(items: Sequence[Item]) -> Decimal | None:
    """Return the tax of all items; None when one of them does not say its rate."""
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for item in items:
        if item.tax_rate is None:
            return None
        bases[item.tax_rate.value] += item.amount.value
    taxes = ((base * rate / 100).quantize(CENT) for rate, base in bases.items())
    return sum(taxes, Decimal(0)) if items else None


def _that_add_up(items: Sequence[Item], choice: Choice) -> tuple[Item, ...]:
    """Return all items, or only those with quantity and price when these alone give the sum."""
    sums = {each.value for each in (choice.subtotal, choice.total) if each}
    complete = tuple(item for item in items if item.quantity and item.unit_price)
    if _sum_of(items) not in sums and _sum_of(complete) in sums:
        return complete
    return tuple(items)


def _amount_picks(choice: Choice) -> dict[str, Pick]:
    picks = {}
    for role in ROLES:
        amount: Amount | None = getattr(choice, role)
        if amount is None or (role == "total" and choice.score < TOTAL_LEAST):
            continue
        rivals: list[Amount] = []
        rival_score = 0.0
        for fit in choice.rivals:
            other: Amount | None = getattr(fit, role, None)
            if (other.value if other else None) != amount.value:
                rival_score = max(rival_score, fit.score) if not rivals else rival_score
                if other and other.value not in [each.value for each in rivals]:
                    rivals.append(other)
        margin = choice.score - rival_score
        agrees = choice.closes and role in ("subtotal", "tax", "total") and _has_tax(choice)
        picks[role] = _amount_pick(amount, margin, agrees, tuple(rivals[:ALTERNATIVES]))
    return picks


def _has_tax(choice: Choice) -> bool:
    return bool(choice.tax and choice.tax.value)


def _amount_pick(
    amount: Amount, margin: float, agrees: bool, rivals: tuple[Amount, ...] = ()
) -> Pick:
    note, number = amount.note, amount.number
    start, end = (number.start, number.end) if number else (0, 0)
    doubt = 1 - note.cell.confidence_of(start, end) if note else 0.0
    evidence = Evidence("amount", amount.score, margin, agrees, doubt)
    others = tuple(_amount_pick(each, -margin, agrees=False) for each in rivals)
    return Pick(amount.value, evidence, note, start, end, others)


def _best(
    candidates: Sequence[Candidate], kind: str, roles: Sequence[str], least: float
) -> dict[str, Pick]:
    picks = {}
    for role in roles:
        mine = sorted((c for c in candidates if c.role == role), key=lambda each: -each.score)
        if not mine or mine[0].score < least:
            continue
        first = mine[0]
        others = [each for each in mine if each.value != first.value]
        again = sum(each.value == first.value for each in mine) > 1
        margin = first.score - (others[0].score if others else -3.0)
        picks[role] = _pick(first, kind, margin, again, tuple(others[:ALTERNATIVES]))
    return picks


def _pick(
    candidate: Candidate, kind: str, margin: float, agrees: bool, rivals: tuple[Candidate, ...] = ()
) -> Pick:
    note, start, end = candidate.note, candidate.start, candidate.end
    doubt = 1 - note.cell.confidence_of(start, end)
    evidence = Evidence(kind, candidate.score, margin, agrees, doubt)
    others = tuple(_pick(each, kind, -margin, agrees=False) for each in rivals)
    return Pick(candidate.value, evidence, note, start, end, others)


def _name_picks(field_name: str, names: Sequence[Name]) -> dict[str, Pick]:
    if not names or names[0].score < NAME_LEAST:
        return {}
    first, *others = names
    margin = first.score - (others[0].score if others else -1.0)

    def pick(name: Name, margin: float, rivals: tuple[Pick, ...] = ()) -> Pick:
        doubt = 1 - min(note.cell.confidence for note in name.notes)
        evidence = Evidence("party", name.score, margin, agrees=False, doubt=doubt)
        return Pick(name.text, evidence, name.notes[0], 0, len(name.notes[0].cell.text), rivals)

    return {field_name: pick(first, margin, tuple(pick(n, -margin) for n in others[:ALTERNATIVES]))}


def _document_type(notes: Notes) -> Pick:
    """Return the type that the titles in the upper part of the first page name."""
    top = notes.rows[: max(3, round(len(notes.rows) * TITLE_SHARE))]
    for row in top:
        for note in row:
            if "credit" in note.said() and note.is_label and "invoice" not in note.said():
                evidence = Evidence("number", 3.0, 3.0, agrees=True, doubt=0.0)
                return Pick(DocumentType.CREDIT_NOTE, evidence, note, 0, len(note.cell.text))
    kind = DocumentType.RECEIPT if notes.is_narrow else DocumentType.INVOICE
    return Pick(kind, Evidence("number", 3.0, 3.0, agrees=True, doubt=0.0))


def _currency(notes: Notes) -> Pick | None:
    """Return the currency that is named as such, or else most often."""
    votes: Counter[str] = Counter()
    places: dict[str, tuple[Note, int, int]] = {}
    for note in notes:
        for code, start, end in currencies_in(note.cell.text, notes.mark):
            label = label_of(notes, note, start, end).beside
            votes[code] += NAMED_CURRENCY if "currency" in label else 1
            places.setdefault(code, (note, start, end))
    if not votes:
        return None
    (code, count), *others = votes.most_common(2)
    is_clear = count > 2 * (others[0][1] if others else 0)
    evidence = Evidence("identifier", 0.0, 0.0, agrees=is_clear, doubt=0.0)
    return Pick(code, evidence, *places[code])
