"""Requests and answers of the routes that read invoices; the class name carries the version."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, SecretStr
from pydantic.dataclasses import dataclass

from readstone.document import Box, Document
from readstone.engine.base import EngineChoice, OcrOptions
from readstone.findings import Check, Finding, Invoice, InvoiceLine, Party, Tax
from readstone.models.ocr import (
    AUTO,
    EXAMPLE_PICTURE,
    Lang,
    Preprocess,
    UsageV2,
    Wait,
    first_language,
    steps,
)
from readstone.settings import OcrConfig

PAGE_SHAPE = 0


@dataclass(config=ConfigDict(extra="forbid"))
class InvoiceRequestV2:
    """How an invoice is to be read; what is left out is as the service is configured.

    `embedded_xml` is `never` when only the pages count.
    """

    lang: Lang | None = None
    psm: Annotated[int, Field(ge=1, le=13)] | None = None
    dpi: Annotated[int, Field(ge=70, le=2400)] | None = None
    pages: Annotated[str, Field(max_length=1000)] = ""
    orientation: Literal["auto", "none"] = "auto"
    preprocess: Preprocess = "auto"
    engine: EngineChoice = "auto"
    text_layer: Literal["auto", "never", "only"] = "auto"
    password: SecretStr | None = None
    embedded_xml: Literal["auto", "never"] = "auto"
    format: Literal["json", "ubl", "csv"] = "json"
    wait: Wait = None

    def to_options(self, config: OcrConfig) -> OcrOptions:
        """Return the options for the engine; the shape of the page chooses the mode."""
        return OcrOptions(
            lang=first_language(self.lang, config),
            finds_language=self.lang == AUTO,
            psm=self.psm or PAGE_SHAPE,
            dpi=self.dpi,
            pages=self.pages,
            orientation=self.orientation,
            preprocess=steps(self.preprocess),
            engine=self.engine,
            text_layer=self.text_layer,
            password=self.password.get_secret_value() if self.password else None,
        )


@dataclass(
    config=ConfigDict(extra="forbid", json_schema_extra={"examples": [{"data": EXAMPLE_PICTURE}]})
)
class InvoiceJsonRequestV2(InvoiceRequestV2):
    """A document in base64 and how it is to be read."""

    data: str = field(kw_only=True)


@dataclass
class AlternativeV2:
    """Another value that a field may have."""

    value: str
    confidence: float


@dataclass
class FieldV2:
    """A field, or nothing: `value` is null then. Amounts and dates are strings, as all values.

    `raw` is what is printed, `bbox` where, `confidence` the probability that it is right.
    """

    value: str | None
    raw: str
    confidence: float
    page: int | None
    bbox: Box | None
    source: str | None
    alternatives: list[AlternativeV2]

    @classmethod
    def from_finding(cls, finding: Finding[Any]) -> Self:
        """Return a finding as it is sent."""
        others = [
            AlternativeV2(text_of(each.value), round(each.confidence, 4))
            for each in finding.alternatives
        ]
        return cls(
            value=None if finding.value is None else text_of(finding.value),
            raw=finding.raw,
            confidence=round(finding.confidence, 4),
            page=finding.page,
            bbox=finding.box,
            source=finding.source,
            alternatives=others,
        )


def text_of(value: object) -> str:
    """Return a value in one form: amounts with a point, dates as in ISO 8601."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass
class PartyV2:
    """Who sells or buys."""

    name: FieldV2
    address: FieldV2
    tax_id: FieldV2
    iban: FieldV2
    email: FieldV2
    phone: FieldV2

    @classmethod
    def from_party(cls, party: Party) -> Self:
        """Return a party as it is sent."""
        return cls(
            name=FieldV2.from_finding(party.name),
            address=FieldV2.from_finding(party.address),
            tax_id=FieldV2.from_finding(party.tax_id),
            iban=FieldV2.from_finding(party.iban),
            email=FieldV2.from_finding(party.email),
            phone=FieldV2.from_finding(party.phone),
        )


@dataclass
class TaxV2:
    """The tax of one rate, in percent, on its base."""

    rate: FieldV2
    base: FieldV2
    amount: FieldV2

    @classmethod
    def from_tax(cls, tax: Tax) -> Self:
        """Return a tax as it is sent."""
        return cls(*(FieldV2.from_finding(each) for each in (tax.rate, tax.base, tax.amount)))


@dataclass
class InvoiceLineV2:
    """One item that was sold."""

    description: FieldV2
    quantity: FieldV2
    unit: FieldV2
    unit_price: FieldV2
    tax_rate: FieldV2
    amount: FieldV2

    @classmethod
    def from_line(cls, line: InvoiceLine) -> Self:
        """Return a line as it is sent."""
        return cls(
            description=FieldV2.from_finding(line.description),
            quantity=FieldV2.from_finding(line.quantity),
            unit=FieldV2.from_finding(line.unit),
            unit_price=FieldV2.from_finding(line.unit_price),
            tax_rate=FieldV2.from_finding(line.tax_rate),
            amount=FieldV2.from_finding(line.amount),
        )


@dataclass
class CheckV2:
    """A rule that holds for a sound invoice, and by how much it is missed."""

    rule: str
    ok: bool
    delta: str | None

    @classmethod
    def from_check(cls, check: Check) -> Self:
        """Return a check as it is sent."""
        return cls(check.rule, check.ok, None if check.delta is None else f"{check.delta:f}")


@dataclass
class InvoicePageV2:
    """The size of a page in pixels, and by how many degrees clockwise it was turned."""

    page: int
    width: int
    height: int
    rotation: int


@dataclass
class InvoiceV2:
    """What an invoice, a credit note or a receipt says; `reasons` why a person should look at it.

    Boxes are [x1, y1, x2, y2] in pixels of the page.
    """

    document_type: FieldV2
    invoice_number: FieldV2
    order_number: FieldV2
    issue_date: FieldV2
    due_date: FieldV2
    currency: FieldV2
    vendor: PartyV2
    customer: PartyV2
    subtotal: FieldV2
    tax: FieldV2
    total: FieldV2
    prepaid: FieldV2
    amount_due: FieldV2
    taxes: list[TaxV2]
    lines: list[InvoiceLineV2]
    checks: list[CheckV2]
    needs_review: bool
    reasons: list[str]
    pages: list[InvoicePageV2]

    @classmethod
    def from_invoice(cls, invoice: Invoice, document: Document | None) -> Self:
        """Return an invoice as it is sent, with the pages that its boxes are on."""
        return cls(**_members(invoice, document.pages if document else ()))


def _members(invoice: Invoice, pages: Iterable[Any]) -> dict[str, Any]:
    single = {
        name: FieldV2.from_finding(getattr(invoice, name))
        for name in InvoiceV2.__annotations__
        if isinstance(getattr(invoice, name, None), Finding)
    }
    return {
        **single,
        "vendor": PartyV2.from_party(invoice.vendor),
        "customer": PartyV2.from_party(invoice.customer),
        "taxes": [TaxV2.from_tax(each) for each in invoice.taxes],
        "lines": [InvoiceLineV2.from_line(each) for each in invoice.lines],
        "checks": [CheckV2.from_check(each) for each in invoice.checks],
        "needs_review": invoice.needs_review,
        "reasons": list(invoice.reasons),
        "pages": [InvoicePageV2(p.number, p.width, p.height, p.rotation) for p in pages],
    }


def _example() -> dict[str, Any]:
    """Return the answer for a small receipt."""
    nothing = {"raw": "", "confidence": 0.0, "page": None, "bbox": None, "source": None}
    empty = {"value": None, **nothing, "alternatives": []}
    found = {"confidence": 0.98, "page": 1, "source": "ocr", "alternatives": []}
    total = {"value": "12.00", "raw": "12,00 EUR", "bbox": [310, 842, 402, 861], **found}
    number = {"value": "4711", "raw": "4711", "bbox": [310, 120, 352, 139], **found}
    party = dict.fromkeys(PartyV2.__annotations__, empty)
    return {
        **dict.fromkeys(InvoiceV2.__annotations__, empty),
        "invoice_number": number,
        "total": total,
        "vendor": party,
        "customer": party,
        "taxes": [],
        "lines": [],
        "checks": [{"rule": "total - prepaid = amount_due", "ok": True, "delta": "0.00"}],
        "needs_review": True,
        "reasons": ["issue_date_missing"],
        "pages": [{"page": 1, "width": 420, "height": 1100, "rotation": 0}],
        "id": "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
        "status": "succeeded",
        "usage": {"pages": 1, "bytes": 48_211, "queue_ms": 0.1, "ocr_ms": 402.7, "cached": False},
    }


@dataclass(config=ConfigDict(json_schema_extra={"examples": [_example()]}))
class InvoiceResponseV2(InvoiceV2):
    """An invoice, the id of the request, and what reading it took."""

    id: str = field(kw_only=True)
    status: Literal["succeeded", "partial"] = field(kw_only=True)
    usage: UsageV2 = field(kw_only=True)

    @classmethod
    def from_reading(
        cls, invoice: Invoice, document: Document | None, *, request_id: str, usage: UsageV2
    ) -> Self:
        """Return the answer for an invoice that was read."""
        return cls(
            **_members(invoice, document.pages if document else ()),
            id=request_id,
            status="partial" if document and document.is_partial else "succeeded",
            usage=usage,
        )


EXAMPLE_ID = "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f"


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task_id": EXAMPLE_ID,
                    "status": "queued",
                    "status_url": f"/api/v1/tasks/{EXAMPLE_ID}",
                    "durability": "durable",
                }
            ]
        }
    )
)
class ProcessInvoiceResponseV1:
    """Where the result can be asked for; a `volatile` task is lost with the process."""

    task_id: str
    status: Literal["queued"]
    status_url: str
    durability: str


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {"task_id": EXAMPLE_ID, "status": "running", "result": None, "error": None}
            ]
        }
    )
)
class InvoiceTaskV1:
    """Where a task stands: its invoice once it has succeeded, a problem once it has failed."""

    task_id: str
    status: str
    result: InvoiceV2 | None
    error: dict[str, Any] | None
