"""Reads invoices: the XML within a file first, then its pages, and what both say together."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import structlog

from readstone.document import Document
from readstone.engine.base import EngineChoice, OcrOptions
from readstone.engine.invoice.work import (
    RECEIPT_MODE,
    SHEET_MODE,
    Glance,
    Knowledge,
    apply,
    combine,
    conclude,
    glance,
    is_xml,
    read_bare,
)
from readstone.engine.pool import EnginePool
from readstone.errors import ReadstoneError
from readstone.findings import Invoice
from readstone.reading import Costs, DocumentReader, Patience, document_source

log = structlog.get_logger(__name__)
T = TypeVar("T")

NOT_AN_INVOICE = "not_an_invoice"
# Reasons for which a page is read again, if there are enough words on it.
DOUBTS = frozenset(
    (
        "check_failed",
        "issue_date_doubtful",
        "issue_date_missing",
        NOT_AN_INVOICE,
        "total_doubtful",
        "total_missing",
    )
)
FEW_WORDS = 10
BROKEN_XML = "embedded_xml_unreadable"
UNREAD_PAGES = "pages_unread"


@dataclass(frozen=True, slots=True)
class InvoiceOptions:
    """How an invoice is to be read.

    Attributes:
        ocr: its pages; `psm` 0 goes by their shape.
        want_xml: whether XML within the file counts.
    """

    ocr: OcrOptions
    want_xml: bool = True


@dataclass(frozen=True, slots=True)
class ReadInvoice:
    """An invoice, the pages from which it was read, and what that took."""

    invoice: Invoice
    document: Document | None
    costs: Costs

    @property
    def is_partial(self) -> bool:
        """Whether some of its pages could not be read."""
        return self.document is not None and self.document.is_partial

    @property
    def outcome(self) -> Literal["read", "needs_review", "not_an_invoice"]:
        """What became of it."""
        if NOT_AN_INVOICE in self.invoice.reasons:
            return "not_an_invoice"
        return "needs_review" if self.invoice.needs_review else "read"


class InvoiceReader:
    """Reads invoices with the workers of a pool.

    Args:
        pool: its workers hold a Reader.
        reader: of whole documents.
        second: name of another engine; None without one.
        knowledge: of vendors.
        deadline_s: for each step beside the reading of a page.
        retry_s: after it, doubtful pages are not read in yet another way; what there is by then is
            the answer, and a reading that is under way is given up.
    """

    def __init__(
        self,
        pool: EnginePool,
        reader: DocumentReader,
        *,
        second: EngineChoice | None,
        knowledge: Knowledge,
        deadline_s: float,
        retry_s: float,
    ) -> None:
        self._pool = pool
        self._reader = reader
        self._second = second
        self._knowledge = knowledge
        self._deadline_s = deadline_s
        self._retry_s = retry_s

    async def read(self, data: bytes, options: InvoiceOptions, patience: Patience) -> ReadInvoice:
        """Return what a PDF, a picture or bare XML says as an invoice.

        Raises:
            ReadstoneError: it cannot be read.
        """
        if is_xml(data):
            bare = await self._run(patience, read_bare, data)
            return ReadInvoice(await self._known(patience, None, bare), None, Costs())
        ends_at = asyncio.get_running_loop().time() + self._retry_s
        async with document_source(data) as source:
            first: Glance = await self._run(
                patience, glance, source, options.ocr.password, options.want_xml
            )
        ocr = replace(options.ocr, psm=options.ocr.psm or first.psm)
        read = await self._read_pages(data, ocr, patience)
        if not options.ocr.psm:
            read = await self._read_again(data, ocr, patience, read, ends_at=ends_at)
        invoice = read.invoice
        if first.invoice:
            invoice = await self._run(patience, combine, first.invoice, invoice)
        invoice = await self._known(patience, read.document, invoice)
        reasons = [*invoice.reasons]
        reasons += [BROKEN_XML] if first.is_broken else []
        reasons += [UNREAD_PAGES] if read.document and read.document.is_partial else []
        return replace(read, invoice=replace(invoice, reasons=tuple(reasons)))

    async def _known(
        self, patience: Patience, document: Document | None, invoice: Invoice
    ) -> Invoice:
        """Return an invoice together with what is known of its vendor, if anything is."""
        if self._knowledge == Knowledge():
            return invoice
        return await self._run(patience, apply, document, invoice, self._knowledge)

    async def _read_pages(self, data: bytes, ocr: OcrOptions, patience: Patience) -> ReadInvoice:
        document, costs = await self._reader.read(data, ocr, patience)
        return ReadInvoice(await self._run(patience, conclude, document), document, costs)

    async def _read_again(
        self, data: bytes, ocr: OcrOptions, patience: Patience, read: ReadInvoice, *, ends_at: float
    ) -> ReadInvoice:
        """Return what the pages say, read in other ways as long as that is doubtful."""
        assert read.document
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(ends_at):
                for way in self._other_ways(read.document, ocr):
                    if loop.time() >= ends_at or not _is_doubtful(read.invoice, read.document):
                        break
                    other, more = await self._reader.read(data, way, patience)
                    invoice = await self._run(patience, conclude, other, read.invoice)
                    read = replace(read, invoice=invoice, costs=read.costs.with_more(more))
        except (ReadstoneError, TimeoutError) as error:
            log.info("invoice is not read again", reason=type(error).__name__)
        return read

    def _other_ways(self, document: Document, ocr: OcrOptions) -> list[OcrOptions]:
        """Return other ways to read the same pages, the most promising first."""
        if ocr.engine != "auto":
            return []
        ways = []
        used = {name for page in document.pages for name in page.engines}
        if self._second and self._second not in used:
            ways.append(replace(ocr, engine=self._second))
        other_mode = SHEET_MODE if ocr.psm == RECEIPT_MODE else RECEIPT_MODE
        return [*ways, replace(ocr, psm=other_mode)]

    async def _run(self, patience: Patience, function: Callable[..., T], *args: object) -> T:
        outcome = await self._pool.run(
            function, *args, deadline_s=self._deadline_s, ticket=patience.ticket
        )
        return outcome.value


def _is_doubtful(invoice: Invoice, document: Document) -> bool:
    """Return whether another reading of recognised pages may tell more."""
    words = sum(len(line.words) for page in document.pages for line in page.lines)
    is_recognised = any(page.source == "ocr" for page in document.pages)
    return is_recognised and words >= FEW_WORDS and bool(DOUBTS & set(invoice.reasons))
