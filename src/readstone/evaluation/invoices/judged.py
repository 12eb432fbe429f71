"""What was found in an invoice, field by field, beside what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz

from readstone.document import Document
from readstone.evaluation.invoices.cases import Case, Line
from readstone.evaluation.invoices.misses import NAME_PERCENT, Miss, miss_of, plain
from readstone.findings import Finding, Invoice, InvoiceLine, Source

Get = Callable[[Invoice], Finding[Any]]
Same = Callable[[str, object], bool]


def _same_amount(wanted: str, found: object) -> bool:
    try:
        return Decimal(wanted) == found
    except InvalidOperation:
        return False


def _same_code(wanted: str, found: object) -> bool:
    return plain(wanted) == plain(str(found))


def _same_name(wanted: str, found: object) -> bool:
    return fuzz.ratio(plain(wanted), plain(str(found))) >= NAME_PERCENT


def _same_text(wanted: str, found: object) -> bool:
    return wanted == str(found)


# Names as manifests have them.
FIELDS: Mapping[str, tuple[Get, Same]] = {
    "invoice_number": (lambda invoice: invoice.invoice_number, _same_code),
    "date": (lambda invoice: invoice.issue_date, _same_text),
    "due_date": (lambda invoice: invoice.due_date, _same_text),
    "currency": (lambda invoice: invoice.currency, _same_text),
    "subtotal": (lambda invoice: invoice.subtotal, _same_amount),
    "tax": (lambda invoice: invoice.tax, _same_amount),
    "total": (lambda invoice: invoice.total, _same_amount),
    "amount_due": (lambda invoice: invoice.amount_due, _same_amount),
    "vendor": (lambda invoice: invoice.vendor.name, _same_name),
    "vendor_vat": (lambda invoice: invoice.vendor.tax_id, _same_code),
    "buyer": (lambda invoice: invoice.customer.name, _same_name),
}
CORE = ("invoice_number", "date", "total")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is known, and what was found for it; `miss` is None when that is right."""

    name: str
    wanted: str
    found: Finding[Any]
    miss: Miss | None
    baseline_is_right: bool | None

    @property
    def is_right(self) -> bool:
        """Whether what was found is right."""
        return self.miss is None


@dataclass(frozen=True, slots=True)
class LineScore:
    """How many items were found, how many of them are right, and how many there are."""

    right: int = 0
    found: int = 0
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """An invoice that was read and compared."""

    case: Case
    invoice: Invoice
    document: Document | None
    fields: tuple[Field, ...]
    lines: LineScore
    work_s: float

    @property
    def has_xml(self) -> bool:
        """Whether something was taken from XML."""
        return any(field.found.source is Source.EMBEDDED_XML for field in self.fields)


def judge(
    case: Case,
    invoice: Invoice,
    document: Document | None,
    baselines: Mapping[str, str],
    work_s: float,
) -> Judged:
    """Return an invoice, compared field by field.

    Args:
        baselines: what the simplest rule says of some fields.
    """
    fields = []
    for name, (get, is_same) in FIELDS.items():
        if name not in case.fields:
            continue
        wanted, found = case.fields[name], get(invoice)
        is_right = found.value is not None and any(is_same(each, found.value) for each in wanted)
        simple = None
        if name in baselines:
            simple = any(is_same(each, _as_value(baselines[name], name)) for each in wanted)
        miss = None if is_right else miss_of(name, wanted, found, document, is_same)
        fields.append(Field(name, wanted[0], found, miss, simple))
    return Judged(case, invoice, document, tuple(fields), _line_score(case, invoice), work_s)


def _as_value(text: str, name: str) -> object:
    return Decimal(text) if name == "total" and text else text


def _line_score(case: Case, invoice: Invoice) -> LineScore:
    if case.lines is None:
        return LineScore()
    left = list(invoice.lines)
    right = 0
    for line in case.lines:
        if match := next((each for each in left if _is_same_line(line, each)), None):
            left.remove(match)
            right += 1
    return LineScore(right, len(invoice.lines), len(case.lines))


def _is_same_line(wanted: Line, found: InvoiceLine) -> bool:
    """Return whether amount, quantity and price are right, as far as they are known."""
    printed = (
        (wanted.quantity, found.quantity.value),
        (wanted.unit_price, found.unit_price.value),
    )
    is_amount = wanted.amount is None or _same_amount(wanted.amount, found.amount.value)
    return is_amount and all(_is_printed(text, value) for text, value in printed if text)


def _is_printed(wanted: str, found: Decimal | None) -> bool:
    """Return whether a number is right, in as many decimals as are printed."""
    if found is None:
        return False
    exponent = found.as_tuple().exponent
    return isinstance(exponent, int) and round(Decimal(wanted), max(0, -exponent)) == found
