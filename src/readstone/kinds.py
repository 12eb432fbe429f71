"""The kinds of jobs: what is done with the input of each, and how its result is kept."""

import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, replace
from time import perf_counter
from typing import Any, Generic, TypeVar

from pydantic import Base64Bytes, TypeAdapter

from readstone.engine.base import OcrOptions
from readstone.engine.invoice.work import is_xml
from readstone.engine.pages import document_format
from readstone.engine.pii.redact import RedactedDocument
from readstone.engine.pii.replace import Mode, Redaction
from readstone.findings import PiiKind
from readstone.invoicing import InvoiceOptions, ReadInvoice
from readstone.jobs.job import Job
from readstone.parts import Parts
from readstone.reading import Patience
from readstone.tasks import Reading

T = TypeVar("T")
Request = dict[str, Any]
Masked = tuple[bytes, str]

OPTION_NAMES = tuple(each.name for each in fields(OcrOptions))
options_type = TypeAdapter(OcrOptions)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is done with the input of a job, and how its result is kept.

    Attributes:
        result: how the result becomes JSON, and is made of it again.
        keeps_input: whether the input is kept as long as the result, which needs it.
    """

    work: Callable[[Parts, Job, bytes, Patience], Awaitable[T]]
    result: TypeAdapter[T]
    is_partial: Callable[[T], bool] = lambda _: False
    keeps_input: bool = False

    def pack(self, result: T) -> bytes:
        """Return a result as it is kept."""
        return zlib.compress(self.result.dump_json(result))

    def unpack(self, data: bytes) -> T:
        """Return a result that was kept."""
        return self.result.validate_json(zlib.decompress(data))


def options_of(job: Job) -> OcrOptions:
    """Return how the document of a job is to be read."""
    named = {name: value for name, value in job.request.items() if name in OPTION_NAMES}
    return options_type.validate_python(named)  # JSON has no tuples


def ocr_request(options: OcrOptions) -> Request:
    """Return what a job that reads a document has to know."""
    return {name: getattr(options, name) for name in OPTION_NAMES}  # asdict copies deeply


async def _read(parts: Parts, job: Job, data: bytes, patience: Patience) -> Reading:
    return await parts.reader.read(data, options_of(job), patience)


def invoice_request(options: InvoiceOptions) -> Request:
    """Return what a job that reads an invoice has to know."""
    return ocr_request(options.ocr) | {"want_xml": options.want_xml}


async def _read_invoice(parts: Parts, job: Job, data: bytes, patience: Patience) -> ReadInvoice:
    options = InvoiceOptions(options_of(job), job.request["want_xml"])
    file_type = "xml" if is_xml(data) else document_format(data).lower()
    outcome, began = "failed", perf_counter()
    try:
        read = await parts.invoices.read(data, options, patience)
        outcome = read.outcome
    finally:
        parts.metrics.invoice_ended(file_type, outcome, perf_counter() - began)
    return read


def redact_request(options: OcrOptions, redaction: Redaction) -> Request:
    """Return what a job that redacts a document has to know."""
    return ocr_request(options) | {"entities": list(redaction.kinds), "mode": redaction.mode}


def redaction_of(parts: Parts, job: Job) -> Redaction:
    """Return what a job looks for, and what is to stand in its place."""
    mode: Mode = job.request["mode"]
    return Redaction(tuple(map(PiiKind, job.request["entities"])), mode, parts.redactor.key)


async def _redact(parts: Parts, job: Job, data: bytes, patience: Patience) -> RedactedDocument:
    redaction = redaction_of(parts, job)
    redacted = await parts.redactor.redact_document(data, options_of(job), redaction, patience)
    # What was hidden is not kept.
    pages = tuple(replace(page, text="", lines=()) for page in redacted.document.pages)
    return replace(
        redacted,
        document=replace(redacted.document, pages=pages),
        text=replace(redacted.text, found=()),
    )


async def _mask(parts: Parts, job: Job, data: bytes, patience: Patience) -> Masked:
    redaction = redaction_of(parts, job)
    return await parts.redactor.mask_document(data, options_of(job), redaction, patience)


KINDS: Mapping[str, Kind[Any]] = {
    "ocr": Kind(
        _read, TypeAdapter(Reading), lambda reading: reading[0].is_partial, keeps_input=True
    ),
    "invoice": Kind(_read_invoice, TypeAdapter(ReadInvoice), lambda read: read.is_partial),
    "redact": Kind(_redact, TypeAdapter(RedactedDocument)),
    "mask": Kind(_mask, TypeAdapter(tuple[Base64Bytes, str])),
}
