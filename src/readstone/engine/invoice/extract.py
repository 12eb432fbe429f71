"""A document becomes an invoice: the best value for every field, and how sure it is."""

from decimal import Decimal
from typing import Any

from readstone.document import Document
from readstone.engine.invoice.checks import NOT_AN_INVOICE, checked
from readstone.engine.invoice.confidence import Evidence, probability
from readstone.engine.invoice.draft import Draft, Pick, draft_of
from readstone.engine.invoice.identifiers import Identifier
from readstone.engine.invoice.lines import Item
from readstone.engine.invoice.notes import Note, Printed
from readstone.engine.invoice.parties import block_below, box_of
from readstone.engine.invoice.taxes import TaxRow
from readstone.findings import Finding, Invoice, InvoiceLine, Party, Source, Tax

SINGLE_FIELDS = (
    "document_type",
    "invoice_number",
    "order_number",
    "issue_date",
    "due_date",
    "currency",
    "subtotal",
    "tax",
    "total",
    "prepaid",
    "amount_due",
)
FOUR_PLACES = Decimal("0.0001")
MAX_COUNT = 10_000


def extract(document: Document) -> Invoice:
    """Return what a document says as an invoice; with no field at all when it is none."""
    draft = draft_of(document)
    if draft is None:
        return Invoice(reasons=(NOT_AN_INVOICE,))
    return write(draft)


def write(draft: Draft) -> Invoice:
    """Return an invoice with the best value for every field."""
    fields: dict[str, Any] = {
        name: _finding(draft, draft.picks.get(name)) for name in SINGLE_FIELDS
    }
    invoice = Invoice(
        **fields,
        vendor=_party(draft, "vendor"),
        customer=_party(draft, "customer"),
        taxes=tuple(_tax(draft, row) for row in draft.tax_rows),
        lines=tuple(_line(draft, item) for item in draft.items),
    )
    return checked(invoice)


def _finding(draft: Draft, pick: Pick | None) -> Finding[Any]:
    if pick is None:
        return Finding()
    sure = probability(pick.evidence)
    others = tuple(_finding(draft, each) for each in pick.rivals)
    if pick.note is None:
        return Finding(
            pick.value, str(pick.value), sure, source=Source.COMPUTED, alternatives=others
        )
    cell = pick.note.cell
    return Finding(
        value=pick.value,
        raw=cell.text[pick.start : pick.end],
        confidence=sure,
        page=cell.page,
        box=cell.box_of(pick.start, pick.end),
        source=Source(draft.sources[cell.page]),
        alternatives=others,
    )


def _party(draft: Draft, role: str) -> Party:
    pick = draft.picks.get(role)
    lines = draft.address if role == "customer" else _address_of_vendor(draft, pick)
    ids = {kind: _identifier(draft, kind, role) for kind in ("tax_id", "iban", "email")}
    return Party(name=_finding(draft, pick), address=_address(draft, lines), **ids)


def _address_of_vendor(draft: Draft, pick: Pick | None) -> tuple[Note, ...]:
    if pick is None or pick.note is None:
        return ()
    lines = []
    for note in block_below(draft.notes, pick.note, limit=4):
        if note.is_label or note.days or note.said() & {"tax_id", "invoice", "total", "number"}:
            break
        lines.append(note)
    return tuple(lines)


def _address(draft: Draft, lines: tuple[Note, ...]) -> Finding[str]:
    if not lines:
        return Finding()
    text = "\n".join(note.cell.text for note in lines)
    doubt = 1 - min(note.cell.confidence for note in lines)
    sure = probability(Evidence("party", 2.0, 1.0, agrees=False, doubt=doubt))
    page = lines[0].cell.page
    return Finding(text, text, sure, page, box_of(lines), Source(draft.sources[page]))


def _identifier(draft: Draft, kind: str, role: str) -> Finding[str]:
    """Return the first identifier of a kind that stands near the buyer, or anywhere else."""
    bought: set[Note | None] = set(draft.address)
    if customer := draft.picks.get("customer"):
        bought.add(customer.note)
    for each in draft.identifiers:
        if each.kind == kind and _is_of_buyer(each, bought) == (role == "customer"):
            return _of_identifier(draft, each)
    return Finding()


def _is_of_buyer(identifier: Identifier, bought: set[Note | None]) -> bool:
    """Return whether an identifier stands in or right below the lines of the buyer."""
    cell = identifier.note.cell
    return any(
        note is not None
        and note.cell.page == cell.page
        and 0 <= cell.row - note.cell.row <= 3
        and abs(note.cell.box.x1 - cell.box.x1) < 4 * (note.cell.box.y2 - note.cell.box.y1)
        for note in bought
    )


def _of_identifier(draft: Draft, each: Identifier) -> Finding[str]:
    cell = each.note.cell
    doubt = 1 - cell.confidence_of(each.start, each.end)
    sure = probability(Evidence("identifier", 0.0, 0.0, each.is_sound, doubt))
    box = cell.box_of(each.start, each.end)
    raw = cell.text[each.start : each.end]
    return Finding(each.value, raw, sure, cell.page, box, Source(draft.sources[cell.page]))


def _tax(draft: Draft, row: TaxRow) -> Tax:
    found = (_of_number(draft, each, agrees=True) for each in (row.rate, row.base, row.tax))
    return Tax(*found)


def _line(draft: Draft, item: Item) -> InvoiceLine:
    is_proven = item.is_proven
    quantity, price, rate = (
        _of_number(draft, cell, agrees=is_proven)
        for cell in (item.quantity, item.unit_price, item.tax_rate)
    )
    amount = _of_number(draft, item.amount, agrees=is_proven)
    return InvoiceLine(
        description=_address(draft, item.description),
        quantity=quantity if item.quantity else _ratio(amount, price, is_count=True),
        unit=_unit(draft, item),
        unit_price=price if item.unit_price else _ratio(amount, quantity, is_count=False),
        tax_rate=rate,
        amount=amount,
    )


def _unit(draft: Draft, item: Item) -> Finding[str]:
    if not item.unit or item.quantity is None:
        return Finding()
    cell = item.quantity.note.cell
    sure = probability(Evidence("line", 0.0, 0.0, agrees=False, doubt=1 - cell.confidence))
    return Finding(
        item.unit, item.unit, sure, cell.page, cell.box, Source(draft.sources[cell.page])
    )


def _ratio(
    amount: Finding[Decimal], factor: Finding[Decimal], *, is_count: bool
) -> Finding[Decimal]:
    """Return the factor that is not printed, where it is a count, or a price in full."""
    if not amount.value or not factor.value:
        return Finding()
    value = (amount.value / factor.value).quantize(FOUR_PLACES)
    is_whole = value == value.to_integral_value() and 0 < value < MAX_COUNT
    if value * factor.value != amount.value or (is_count and not is_whole):
        return Finding()
    value = value.to_integral_value() if is_whole else value.normalize()
    sure = probability(Evidence("line", 0.0, 0.0, agrees=False, doubt=1 - amount.confidence))
    return Finding(value, str(value), sure, source=Source.COMPUTED)


def _of_number(draft: Draft, cell: Printed | None, *, agrees: bool) -> Finding[Decimal]:
    if cell is None:
        return Finding()
    number, where = cell.number, cell.note.cell
    doubt = 1 - where.confidence_of(number.start, number.end)
    sure = probability(Evidence("line", 0.0, 0.0, agrees, doubt))
    box = where.box_of(number.start, number.end)
    raw = where.text[number.start : number.end]
    return Finding(number.value, raw, sure, where.page, box, Source(draft.sources[where.page]))
