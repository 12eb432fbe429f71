"""What is done with an input: now, or later as a job of some kind."""

import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.pii.redact import RedactedDocument, RedactedText
from readstone.engine.pii.replace import Redaction
from readstone.engine.pool import Outcome
from readstone.engine.recognise import EngineFacts, echo_picture
from readstone.errors import InvalidRequest, UnknownLanguage
from readstone.invoicing import InvoiceOptions, ReadInvoice
from readstone.jobs.job import Job
from readstone.parts import Parts
from readstone.progress import Course
from readstone.reading import Costs, Patience

T = TypeVar("T")
Reading = tuple[Document, Costs]
Follow = Callable[[Course], None]


def check_options(parts: Parts, options: OcrOptions) -> None:
    """Refuse options with which nothing can be read here.

    Raises:
        UnknownLanguage, InvalidRequest: the detail names what is possible.
    """
    installed = _engine_asked_for(parts, options).languages
    if missing := [code for code in options.lang.split("+") if code not in installed]:
        raise UnknownLanguage(
            f"{', '.join(missing)} is not installed; installed are {', '.join(installed)}",
            installed=list(installed),
        )
    if options.psm == 2:
        raise InvalidRequest("psm: 2 reads no text; choose 3, or another of 1 to 13")
    allowed = parts.config.ocr.parameters
    if refused := sorted(set(options.parameters) - set(allowed)):
        raise InvalidRequest(
            f"parameters: {', '.join(refused)} may not be set; allowed are {', '.join(allowed)}",
            allowed=list(allowed),
        )


def _engine_asked_for(parts: Parts, options: OcrOptions) -> EngineFacts:
    if options.engine != "rapidocr":
        return parts.engine
    if parts.second is None:
        raise InvalidRequest(
            "engine: rapidocr is not installed here, or ocr.second_engine is off; choose tesseract",
            setting="ocr.second_engine",
        )
    return parts.second.facts


def now(parts: Parts, queue: str) -> Patience:
    """Return the patience of somebody who waits for the answer, in turn with other queues."""
    ticket = Ticket(Lane.NOW, parts.config.ocr.wait_s, queue)
    return Patience(ticket, parts.config.limits.pages_now)


def check_line(parts: Parts, queue: str) -> None:
    """Raise what work of this queue would be refused with now, when its sender waits.

    Raises:
        QueueFull, CallerShare: there is no room in the line.
    """
    parts.pool.check_room(now(parts, queue).ticket)


def later(parts: Parts, queue: str = "") -> Patience:
    """Return the patience of a job, in turn with those of other queues."""
    ticket = Ticket(Lane.LATER, parts.config.jobs.wait_s, queue)
    return Patience(ticket, parts.config.limits.pages_later)


async def read_now(parts: Parts, queue: str, data: bytes, options: OcrOptions) -> Reading:
    """Return what stands in a document, and what reading it took, while its sender waits."""
    return await parts.reader.read(data, options, now(parts, queue))


async def write_pdf_now(
    parts: Parts, queue: str, data: bytes, options: OcrOptions, document: Document
) -> bytes:
    """Return a searchable PDF of a document that was read, while its sender waits."""
    patience = now(parts, queue)
    patience.ticket.is_admitted = True  # the reading was let in
    return await parts.reader.searchable_pdf(data, options, document, patience)


async def redact_text_now(
    parts: Parts, queue: str, text: str, redaction: Redaction
) -> RedactedText:
    """Return a text with stand-ins for what is personal in it, while its sender waits."""
    return await parts.redactor.redact_text(text, redaction, now(parts, queue))


async def redact_document_now(
    parts: Parts, queue: str, data: bytes, options: OcrOptions, redaction: Redaction
) -> RedactedDocument:
    """Return the text of a document with stand-ins, while its sender waits."""
    return await parts.redactor.redact_document(data, options, redaction, now(parts, queue))


async def mask_document_now(
    parts: Parts, queue: str, data: bytes, options: OcrOptions, redaction: Redaction
) -> tuple[bytes, str]:
    """Return a document that is painted over, and its media type, while its sender waits."""
    return await parts.redactor.mask_document(data, options, redaction, now(parts, queue))


async def read_invoice_now(
    parts: Parts, queue: str, data: bytes, options: InvoiceOptions
) -> ReadInvoice:
    """Return what a document says as an invoice, while its sender waits."""
    return await parts.invoices.read(data, options, now(parts, queue))


async def echo_now(parts: Parts, queue: str, data: bytes) -> Outcome[tuple[bytes, str]]:
    """Return a picture, encoded again, and its media type, while its sender waits."""
    deadline_s, ticket = parts.config.ocr.deadline_s, now(parts, queue).ticket
    return await parts.pool.run(echo_picture, data, deadline_s=deadline_s, ticket=ticket)


async def read_later(parts: Parts, job: Job, data: bytes, follow: Follow) -> Reading:
    """Return what stands in a document, and what reading it took, when nobody waits."""
    options = OcrOptions(**job.request)
    return await parts.reader.read(data, options, later(parts, job.caller), follow=follow)


async def read_invoice_later(parts: Parts, job: Job, data: bytes, follow: Follow) -> ReadInvoice:
    """Return what a document says as an invoice, when nobody waits."""
    options = InvoiceOptions(OcrOptions(**job.request["ocr"]), job.request["want_xml"])
    return await parts.invoices.read(data, options, later(parts, job.caller))


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is done with the input of a job, and how its result is kept."""

    work: Callable[[Parts, Job, bytes, Follow], Awaitable[T]]
    result: TypeAdapter[T]
    is_partial: Callable[[T], bool]

    def pack(self, result: T) -> bytes:
        """Return a result as it is kept."""
        return zlib.compress(self.result.dump_json(result))

    def unpack(self, data: bytes) -> T:
        """Return a result that was kept."""
        return self.result.validate_json(zlib.decompress(data))


OCR = Kind(read_later, TypeAdapter(Reading), lambda reading: reading[0].is_partial)
INVOICE = Kind(read_invoice_later, TypeAdapter(ReadInvoice), lambda read: read.is_partial)
KINDS: Mapping[str, Kind[Any]] = {"ocr": OCR, "invoice": INVOICE}
