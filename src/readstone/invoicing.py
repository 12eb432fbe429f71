"""Reads invoices: the XML within a file first, then its pages, and what both say together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.engine.invoice.work import Glance, conclude, glance, is_xml, read_bare
from readstone.engine.pool import EnginePool
from readstone.findings import Invoice
from readstone.reading import Costs, DocumentReader, Patience, document_source

T = TypeVar("T")

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


class InvoiceReader:
    """Reads invoices with the workers of a pool.

    Args:
        pool: its workers hold a Reader.
        reader: of whole documents.
        deadline_s: for each step beside the reading of a page.
    """

    def __init__(self, pool: EnginePool, reader: DocumentReader, *, deadline_s: float) -> None:
        self._pool = pool
        self._reader = reader
        self._deadline_s = deadline_s

    async def read(self, data: bytes, options: InvoiceOptions, patience: Patience) -> ReadInvoice:
        """Return what a PDF, a picture or bare XML says as an invoice.

        Raises:
            ReadstoneError: it cannot be read.
        """
        if is_xml(data):
            bare = await self._run(patience, read_bare, data)
            return ReadInvoice(bare, None, Costs())
        async with document_source(data) as source:
            first: Glance = await self._run(
                patience, glance, source, options.ocr.password, options.want_xml
            )
        ocr = replace(options.ocr, psm=options.ocr.psm or first.psm)
        document, costs = await self._reader.read(data, ocr, patience)
        invoice = await self._run(patience, conclude, document, first.invoice)
        reasons = [*invoice.reasons]
        reasons += [BROKEN_XML] if first.is_broken else []
        reasons += [UNREAD_PAGES] if document.is_partial else []
        return ReadInvoice(replace(invoice, reasons=tuple(reasons)), document, costs)

    async def _run(self, patience: Patience, function: Callable[..., T], *args: object) -> T:
        outcome = await self._pool.run(
            function,
            *args,
            deadline_s=self._deadline_s,
            wait_s=patience.wait_s,
            lane=patience.lane,
        )
        return outcome.value
