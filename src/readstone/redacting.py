"""Redacts texts and documents: reads them, hides what is personal, and reads the result again."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from readstone.document import Box, Document, Page
from readstone.engine.base import OcrOptions
from readstone.engine.pages import written_format
from readstone.engine.pii.places import Place, find_places
from readstone.engine.pii.redact import RedactedDocument, RedactedText, redact_text
from readstone.engine.pii.replace import Key, Redaction
from readstone.engine.pool import EnginePool
from readstone.engine.recognise import read_page
from readstone.engine.redaction.blackened import with_blocks
from readstone.engine.redaction.masked import MaskedPage, bind_pages, mask_page
from readstone.errors import NotRedacted
from readstone.reading import DocumentReader, Patience, all_of, document_source

T = TypeVar("T")

ROUNDS = 4


class Redactor:
    """Redacts with the workers of a pool.

    Args:
        pool: its workers hold a Reader.
        reader: of whole documents.
        key: what hashes and lasting pseudonyms are made with.
        min_confidence: a page that is read with less is not given out; one on its side has 0.3,
            a faint form of which the names are misread 0.6, a noisy but legible letter 0.9.
        deadline_s: for each step: finding in a text, painting over a page, reading it again.
    """

    def __init__(
        self,
        pool: EnginePool,
        reader: DocumentReader,
        key: Key,
        *,
        min_confidence: float,
        deadline_s: float,
    ) -> None:
        self.key = key
        self._pool = pool
        self._reader = reader
        self._min_confidence = min_confidence
        self._deadline_s = deadline_s

    async def redact_text(
        self, text: str, redaction: Redaction, patience: Patience
    ) -> RedactedText:
        """Return a text with stand-ins for what is personal in it."""
        return await self._run(patience, redact_text, text, redaction)

    async def redact_document(
        self, data: bytes, options: OcrOptions, redaction: Redaction, patience: Patience
    ) -> RedactedDocument:
        """Return the text of a document with stand-ins.

        Raises:
            NotRedacted: a page cannot be read.
        """
        document = await self._read(data, options, patience)
        redacted = await self.redact_text(document.text, redaction, patience)
        return RedactedDocument(document, redacted, find_places(document, redacted.found))

    async def mask_text(
        self, data: bytes, options: OcrOptions, redaction: Redaction, patience: Patience
    ) -> str:
        """Return the text of a document without what is personal; it was looked at again.

        Raises:
            NotRedacted: a page cannot be read, or something is found in the text that is left.
        """
        masked = (await self.redact_document(data, options, redaction, patience)).text
        again = await self.redact_text(masked.text, redaction, patience)
        if again.found:
            raise NotRedacted("something personal can still be found in the masked text")
        return masked.text

    async def mask_document(
        self, data: bytes, options: OcrOptions, redaction: Redaction, patience: Patience
    ) -> tuple[bytes, str]:
        """Return a document with what is personal painted over, and its media type.

        What is given out was read again, and nothing personal was found in it.

        Raises:
            NotRedacted: a page cannot be read, or something is found again and again.
        """
        document = await self._read(data, options, patience)
        async with document_source(data) as source:
            run = partial(self._run, patience)
            work = _Masking(run, self._pool.size, source, options, redaction, document)
            pages = await work.masked()
        return await self._run(patience, bind_pages, pages, written_format(data))

    async def _read(self, data: bytes, options: OcrOptions, patience: Patience) -> Document:
        document, _ = await self._reader.read(data, replace(options, keep_noise=True), patience)
        if unread := [page.number for page in document.pages if not self._is_legible(page)]:
            numbers = ", ".join(map(str, unread))
            raise NotRedacted(
                f"page {numbers} cannot be read well enough",
                pages=unread,
                setting="redaction.min_confidence",
            )
        return document

    def _is_legible(self, page: Page) -> bool:
        is_sure = page.confidence >= self._min_confidence
        return not page.error and (is_sure or not page.lines)

    async def _run(self, patience: Patience, function: Callable[..., T], *args: object) -> T:
        outcome = await self._pool.run(
            function, *args, deadline_s=self._deadline_s, ticket=patience.ticket
        )
        return outcome.value


@dataclass(slots=True)
class _Masking:
    """One document whose pages are painted over until nothing is found on them.

    Attributes:
        run: calls a function in a worker.
        painted: for each page, the boxes of words that are hidden together.
        pages: as they would be given out.
    """

    run: Callable[..., Coroutine[Any, Any, Any]]
    workers: int
    source: bytes | Path
    options: OcrOptions
    redaction: Redaction
    document: Document
    painted: dict[int, list[tuple[Box, ...]]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[int, MaskedPage] = field(default_factory=dict)

    async def masked(self) -> list[MaskedPage]:
        """Return all pages; each was read again after it was painted over for the last time."""
        seen = {page.number: page for page in self.document.pages}
        for _ in range(ROUNDS):
            places = await self._found(seen.values())
            if not places and self.pages:
                return [self.pages[page.number] for page in self.document.pages]
            for place in places:
                self.painted[place.page].append(place.words)
            is_new = {place.page for place in places} if self.pages else seen.keys()
            turn = asyncio.Semaphore(self.workers)
            again = (self._hidden(p, turn) for p in self.document.pages if p.number in is_new)
            seen |= {page.number: page for page in await all_of(again)}
        raise NotRedacted(f"after {ROUNDS} times something personal can still be read")

    async def _found(self, pages: Iterable[Page]) -> list[Place]:
        document = replace(self.document, pages=tuple(pages))
        redacted: RedactedText = await self.run(redact_text, document.text, self.redaction)
        return [place for places in find_places(document, redacted.found) for place in places]

    async def _hidden(self, page: Page, turn: asyncio.Semaphore) -> Page:
        """Paint over a page, and return what is read on it then."""
        painted = self.painted[page.number]
        again = replace(
            self.options,
            pages="",
            orientation="none",
            keep_noise=True,
            text_layer="never",
            password=None,
            dpi=None,
        )
        async with turn:
            masked = await self.run(mask_page, self.source, self.options, page, painted)
            read: Page = await self.run(read_page, masked.data, again)
        self.pages[page.number] = masked
        boxes = [box for words in painted for box in words]
        return with_blocks(replace(read, number=page.number), boxes)
