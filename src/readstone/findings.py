"""What was concluded from a document."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from readstone.document import Box

T_co = TypeVar("T_co", covariant=True)


class PiiKind(StrEnum):
    """The kinds of personal data that are told apart."""

    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"
    IBAN = "iban"
    CARD = "card"
    IP = "ip"


@dataclass(frozen=True, slots=True)
class PiiSpan:
    """A piece of personal data in a text.

    Attributes:
        start, end: its place in the text.
        confidence: 0 to 1; from 0.9 on a checksum or a label confirms it.
        rule: the name of what found it.
        value: the same for every way of writing the same thing.
    """

    kind: PiiKind
    start: int
    end: int
    text: str
    confidence: float
    rule: str
    value: str


class Source(StrEnum):
    """Where the value of a field comes from."""

    EMBEDDED_XML = "embedded_xml"
    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    COMPUTED = "computed"
    TEMPLATE = "template"


class DocumentType(StrEnum):
    """What kind of document asks for, or acknowledges, money."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Finding(Generic[T_co]):
    """One field of a document; nothing was found when the value is None.

    Attributes:
        raw: the value as it is printed.
        confidence: probability that the value is right, 0 to 1.
        page, box: where it stands; None for what is not printed.
        alternatives: other values that it may be, the likeliest first.
    """

    value: T_co | None = None
    raw: str = ""
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    source: Source | None = None
    alternatives: tuple["Finding[T_co]", ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys; `address` has one line for each line of it."""

    name: Finding[str] = field(default_factory=Finding)
    address: Finding[str] = field(default_factory=Finding)
    tax_id: Finding[str] = field(default_factory=Finding)
    iban: Finding[str] = field(default_factory=Finding)
    email: Finding[str] = field(default_factory=Finding)
    phone: Finding[str] = field(default_factory=Finding)


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax of one rate, in percent, on its base."""

    rate: Finding[Decimal] = field(default_factory=Finding)
    base: Finding[Decimal] = field(default_factory=Finding)
    amount: Finding[Decimal] = field(default_factory=Finding)


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One item that was sold."""

    description: Finding[str] = field(default_factory=Finding)
    quantity: Finding[Decimal] = field(default_factory=Finding)
    unit: Finding[str] = field(default_factory=Finding)
    unit_price: Finding[Decimal] = field(default_factory=Finding)
    tax_rate: Finding[Decimal] = field(default_factory=Finding)
    amount: Finding[Decimal] = field(default_factory=Finding)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that holds for a sound invoice; `delta` is by how much it is missed, if a number."""

    rule: str
    ok: bool
    delta: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an invoice, a credit note or a receipt says.

    Attributes:
        tax: of all rates together.
        reasons: why a person should look at it, as stable codes; empty when nobody needs to.
    """

    document_type: Finding[str] = field(default_factory=Finding)
    invoice_number: Finding[str] = field(default_factory=Finding)
    order_number: Finding[str] = field(default_factory=Finding)
    issue_date: Finding[date] = field(default_factory=Finding)
    due_date: Finding[date] = field(default_factory=Finding)
    currency: Finding[str] = field(default_factory=Finding)
    vendor: Party = field(default_factory=Party)
    customer: Party = field(default_factory=Party)
    subtotal: Finding[Decimal] = field(default_factory=Finding)
    tax: Finding[Decimal] = field(default_factory=Finding)
    total: Finding[Decimal] = field(default_factory=Finding)
    prepaid: Finding[Decimal] = field(default_factory=Finding)
    amount_due: Finding[Decimal] = field(default_factory=Finding)
    taxes: tuple[Tax, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    checks: tuple[Check, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.reasons)
