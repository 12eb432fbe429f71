"""What is done while its sender waits, and how long anybody waits for it."""

import time

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.pii.redact import RedactedText
from readstone.engine.pii.replace import Redaction
from readstone.engine.pool import Outcome
from readstone.engine.recognise import EngineFacts, echo_picture
from readstone.errors import InvalidRequest, UnknownLanguage
from readstone.parts import Parts
from readstone.progress import Follow, unfollowed
from readstone.reading import Costs, Patience

Reading = tuple[Document, Costs]


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


def now(parts: Parts, queue: str, follow: Follow = unfollowed) -> Patience:
    """Return the patience of somebody who waits for the answer, in turn with other queues."""
    ticket = Ticket(Lane.NOW, parts.config.ocr.wait_s, queue)
    return Patience(ticket, parts.config.limits.pages_now, follow)


def check_line(parts: Parts, queue: str) -> None:
    """Raise what work of this queue would be refused with now, when its sender waits.

    Raises:
        QueueFull, CallerShare: there is no room in the line.
    """
    parts.pool.check_room(now(parts, queue).ticket)


def later(parts: Parts, queue: str = "", follow: Follow = unfollowed) -> Patience:
    """Return the patience of a job, in turn with those of other queues."""
    ticket = Ticket(Lane.LATER, parts.config.jobs.wait_s, queue)
    until = time.monotonic() + parts.config.jobs.deadline_s
    return Patience(ticket, parts.config.limits.pages_later, follow, until)


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


async def mask_text_now(
    parts: Parts, queue: str, data: bytes, options: OcrOptions, redaction: Redaction
) -> str:
    """Return the text of a document without what is personal, while its sender waits."""
    return await parts.redactor.mask_text(data, options, redaction, now(parts, queue))


async def mask_document_now(
    parts: Parts, queue: str, data: bytes, options: OcrOptions, redaction: Redaction
) -> tuple[bytes, str]:
    """Return a document that is painted over, and its media type, while its sender waits."""
    return await parts.redactor.mask_document(data, options, redaction, now(parts, queue))


async def echo_now(parts: Parts, queue: str, data: bytes) -> Outcome[tuple[bytes, str]]:
    """Return a picture, encoded again, and its media type, while its sender waits."""
    deadline_s, ticket = parts.config.ocr.deadline_s, now(parts, queue).ticket
    return await parts.pool.run(echo_picture, data, deadline_s=deadline_s, ticket=ticket)
