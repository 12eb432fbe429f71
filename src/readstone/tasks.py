"""What each kind of job does."""

from datetime import UTC, datetime
from uuid import uuid4

import structlog

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.pii.redact import RedactedDocument, RedactedText
from readstone.engine.pii.replace import Redaction
from readstone.engine.pool import Outcome
from readstone.engine.recognise import EngineFacts, echo_picture
from readstone.errors import (
    EngineFailed,
    InvalidRequest,
    QueueFull,
    ReadstoneError,
    UnknownLanguage,
)
from readstone.invoicing import InvoiceOptions, ReadInvoice
from readstone.jobs.job import Job
from readstone.parts import Parts
from readstone.reading import Costs, Patience

log = structlog.get_logger(__name__)


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


async def read_now(
    parts: Parts, queue: str, data: bytes, options: OcrOptions
) -> tuple[Document, Costs]:
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


async def accept_job(parts: Parts, caller: str, data: bytes, options: OcrOptions) -> Job:
    """Keep a picture and a job to read it; the job still has to be submitted to the runner.

    Raises:
        QueueFull, StoreFull: it would wait too long, or there is no place for it.
    """
    expected_s = parts.runner.backlog * parts.pool.mean_work_s / parts.pool.size
    if expected_s > parts.config.jobs.wait_s:
        wait_s = round(expected_s - parts.config.jobs.wait_s) + 1
        raise QueueFull("more jobs wait than can be done in time", retry_after=wait_s)
    job = Job(uuid4().hex, caller, options, datetime.now(UTC))
    await parts.storage.put(job.id, data)
    try:
        await parts.jobs.add(job)
    except ReadstoneError:
        await parts.storage.delete(job.id)
        raise
    return job


async def run_job(parts: Parts, job_id: str) -> None:
    """Do a job and record its end, whatever that is."""
    queued = await parts.jobs.load(job_id)
    running = queued.started(datetime.now(UTC))
    await parts.jobs.move(running, expected=queued.status)
    ended = await _ended(parts, running)
    await parts.jobs.move(ended, expected=running.status)
    await parts.storage.delete(job_id)
    parts.metrics.job_ended(ended.status)
    log.info("job ended", job_id=job_id, status=ended.status)


async def _ended(parts: Parts, job: Job) -> Job:
    try:
        data = await parts.storage.get(job.id)
        document, _ = await parts.reader.read(data, job.options, later(parts, job.caller))
    except ReadstoneError as error:
        return job.failed(datetime.now(UTC), error)
    except Exception:
        log.exception("job broke", job_id=job.id)
        return job.failed(datetime.now(UTC), EngineFailed("the job broke; see the service's log"))
    return job.succeeded(datetime.now(UTC), document)
