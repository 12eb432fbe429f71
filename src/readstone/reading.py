"""Reads documents: their pages, one at a time from the file, spread over the workers."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from math import ceil, inf
from pathlib import Path
from typing import Any, Literal, TypeVar
from weakref import WeakValueDictionary

import structlog

from readstone.cache import ResultCache, content_key
from readstone.document import Document, Page, PageWarning, unread_page
from readstone.engine.base import OcrOptions
from readstone.engine.doubts import is_doubtful
from readstone.engine.line import Ticket
from readstone.engine.on_demand import PoolOnDemand
from readstone.engine.page_range import chosen_pages
from readstone.engine.pages import PDF, document_format
from readstone.engine.pool import EnginePool
from readstone.engine.recognise import (
    EngineFacts,
    count_pages,
    is_pdf,
    read_doubtful,
    read_page,
    read_text_layers,
)
from readstone.engine.render.pdf import searchable_pdf
from readstone.errors import (
    BreaksEngine,
    CorruptInput,
    DeadlineExceeded,
    ImageTooLarge,
    ReadstoneError,
    TooCostly,
    TooManyPages,
)
from readstone.progress import Course, Follow, PageDone, Progress, unfollowed

log = structlog.get_logger(__name__)
T = TypeVar("T")

# What one page may fail with while the others are still worth reading.
PAGE_FAILURES = (BreaksEngine, CorruptInput, DeadlineExceeded, ImageTooLarge, TooCostly)

# Of a PDF, whose own text is read at a time: less than a second's work.
TEXT_PAGES = 50

# In files of these formats there may be more than one page.
MANY_PAGED = frozenset({PDF, "TIFF"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How a document waits for workers, how many pages it may have, and who follows its course.

    Attributes:
        until: by the clock `time.monotonic`; no further page is begun after it.
    """

    ticket: Ticket
    max_pages: int
    follow: Follow = unfollowed
    until: float = inf

    @property
    def is_over(self) -> bool:
        """Whether no further page is begun."""
        return time.monotonic() > self.until


@dataclass(slots=True)
class Costs:
    """What reading a document took: the longest wait of a page, and the work on all of them."""

    queue_s: float = 0.0
    work_s: float = 0.0
    is_cached: bool = False

    def with_more(self, more: "Costs") -> "Costs":
        """Return what this took together with another reading after it."""
        return Costs(
            max(self.queue_s, more.queue_s),
            self.work_s + more.work_s,
            self.is_cached and more.is_cached,
        )


@dataclass(slots=True)
class Tally:
    """How many pages the second engine has read, and how many it could not read."""

    read: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class SecondEngine:
    """An engine beside the first one, whose workers are started when they are needed.

    Attributes:
        pool: its workers hold a Reader.
        policy: which pages it reads of documents whose sender leaves that to the service.
        tally: of these pages.
    """

    pool: PoolOnDemand
    facts: EngineFacts
    policy: Literal["auto", "always"]
    tally: Tally = field(default_factory=Tally)

    def is_for(self, page: Page, options: OcrOptions) -> bool:
        """Return whether a page that the first engine has read is to be read by this one too."""
        can = set(page.language.split("+")) <= set(self.facts.languages)
        may = options.engine == "auto" and not options.parameters and page.source == "ocr"
        is_blank = any(each.code == "blank_page" for each in page.warnings)
        return can and may and not is_blank and (self.policy == "always" or is_doubtful(page))


class DocumentReader:
    """Reads whole documents with a pool whose workers read single pages.

    Args:
        pool: its workers hold a Reader.
        engine: what reads, in which version; part of every key of the cache.
        cache: of documents that were read before.
        page_deadline_s: for the reading of one page.
        second: another engine, if there is one.
    """

    def __init__(
        self,
        pool: EnginePool,
        engine: EngineFacts,
        cache: ResultCache[Document],
        *,
        page_deadline_s: float,
        second: SecondEngine | None = None,
    ) -> None:
        self._pool = pool
        self._engine = engine
        self._page_deadline_s = page_deadline_s
        self._cache = cache
        self._second = second
        self._courses: WeakValueDictionary[str, Course] = WeakValueDictionary()

    @property
    def cached_bytes(self) -> int:
        """How much the cache holds."""
        return self._cache.used_bytes

    async def read(
        self, data: bytes, options: OcrOptions, patience: Patience
    ) -> tuple[Document, Costs]:
        """Return what stands in a document, and what reading it took.

        Who follows its course may follow one that others have begun.

        Raises:
            QueueFull, Draining: no worker was free in time.
            ReadstoneError: none of its pages can be read; without some of them it is partial.
        """
        second = self._second and (self._second.facts, self._second.policy)
        key = content_key(data, options, self._engine, second)
        course = self._courses.setdefault(key, Course())
        work = _Work(
            self._pool, self._second, self._page_deadline_s, options, patience, Costs(), course
        )
        patience.follow(course)
        document, work.costs.is_cached = await self._cache.get(
            key, lambda: self._compute(data, work)
        )
        if work.costs.is_cached:
            course.progress = all_done(document)
        if patience.is_over:
            self._cache.forget(key)  # somebody with more time may read the rest
        return document, work.costs

    async def searchable_pdf(
        self, data: bytes, options: OcrOptions, document: Document, patience: Patience
    ) -> bytes:
        """Return a PDF of a document that was read with these options, its text on its pages.

        Raises:
            QueueFull, Draining: no worker was free in time.
            ReadstoneError: it cannot be written.
        """
        deadline_s = self._page_deadline_s * len(document.pages)
        async with document_source(data) as source:
            outcome = await self._pool.run(
                searchable_pdf,
                source,
                options,
                document,
                deadline_s=deadline_s,
                ticket=patience.ticket,
            )
        return outcome.value

    async def _compute(self, data: bytes, work: "_Work") -> Document:
        async with document_source(data) as source:
            pages = await work.pages(source)
        warnings = tuple(each for page in pages for each in page.warnings or _no_text(page))
        engines = self._engines_of(pages)
        return Document(
            tuple(pages),
            engine="+".join(engine.name for engine in engines),
            engine_version="+".join(engine.version for engine in engines),
            warnings=warnings,
        )

    def _engines_of(self, pages: Sequence[Page]) -> list[EngineFacts]:
        """Return the engines that read the pages; the first one if none had to."""
        known = [self._engine, *([self._second.facts] if self._second else [])]
        names = {name for page in pages for name in page.engines}
        return [engine for engine in known if engine.name in names] or known[:1]


def all_done(document: Document) -> Progress:
    """Return the progress of a document of which every page has been read."""
    pages = tuple(PageDone(page.number, page.confidence) for page in document.pages)
    return Progress(len(pages), pages)


def _no_text(page: Page) -> tuple[PageWarning, ...]:
    is_empty = not page.lines and not page.error
    return (PageWarning("no_text", page.number),) if is_empty else ()


@asynccontextmanager
async def document_source(data: bytes) -> AsyncIterator[bytes | Path]:
    """Give workers a document: a picture as its bytes, one with many pages as a file."""
    if document_format(data) not in MANY_PAGED:
        yield data
        return
    with tempfile.NamedTemporaryFile(prefix="readstone-") as file:
        await asyncio.to_thread(Path(file.name).write_bytes, data)
        yield Path(file.name)


async def all_of(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Return what is worked out at the same time; the first failure ends the rest."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in work]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


@dataclass(slots=True)
class _Work:
    """One document on its way through the pool."""

    pool: EnginePool
    second: SecondEngine | None
    deadline_s: float
    options: OcrOptions
    patience: Patience
    costs: Costs
    course: Course

    async def pages(self, source: bytes | Path) -> list[Page]:
        """Return the wanted pages, as many read at a time as there are workers."""
        numbers = await self._numbers(source)
        self.course.begin(len(numbers))
        if isinstance(source, bytes) or len(numbers) == 1:
            return [await self._page(source, numbers[0])]
        pages = await self._text_layers(source, numbers)
        rest = sorted({*numbers} - {page.number for page in pages})
        turn = asyncio.Semaphore(self.pool.size)
        pages += await all_of(self._page_of_many(source, number, turn) for number in rest)
        pages.sort(key=lambda page: page.number)
        if all(page.error for page in pages):
            raise CorruptInput("none of the pages can be read", reasons=[p.error for p in pages])
        return pages

    async def _numbers(self, source: bytes | Path) -> tuple[int, ...]:
        if isinstance(source, bytes):
            return chosen_pages(self.options.pages, 1)
        count = await self._run(self.pool, count_pages, source, self.options)
        numbers = chosen_pages(self.options.pages, count)
        if len(numbers) > self.patience.max_pages:
            raise TooManyPages(
                f"these are {len(numbers)} pages; ask for fewer of them with `pages`",
                limit=self.patience.max_pages,
                actual=len(numbers),
                setting="limits.pages",
            )
        return numbers

    async def _text_layers(self, source: Path, numbers: Sequence[int]) -> list[Page]:
        """Return the pages that need no engine; many in one task, since each takes no time."""
        if self.options.text_layer == "never" or not await asyncio.to_thread(is_pdf, source):
            return []
        length = min(TEXT_PAGES, ceil(len(numbers) / self.pool.size))
        starts = range(0, len(numbers), length)
        read = await all_of(self._some(source, numbers[n : n + length]) for n in starts)
        return [page for pages in read for page in pages]

    async def _some(self, source: Path, numbers: Sequence[int]) -> list[Page]:
        try:
            pages = await self._run(self.pool, read_text_layers, source, self.options, numbers)
        except PAGE_FAILURES:
            return []  # one of them is at fault; which one shows when each is read by itself
        for page in pages:
            self.course.page_done(page.number, page.confidence)
        return pages

    async def _page_of_many(
        self, source: bytes | Path, number: int, turn: asyncio.Semaphore
    ) -> Page:
        async with turn:
            try:
                if self.patience.is_over:
                    raise DeadlineExceeded("the pages before it took all the time that there was")
                return await self._page(source, number)
            except PAGE_FAILURES as error:
                self.course.page_done(number, 0.0)
                return unread_page(number, self.options.lang, error.code)

    async def _page(self, source: bytes | Path, number: int) -> Page:
        page = await self._read_page(source, number)
        self.course.page_done(number, page.confidence)
        return page

    async def _read_page(self, source: bytes | Path, number: int) -> Page:
        if self.second and self.options.engine == self.second.facts.name:
            return await self._run(self.second.pool, read_page, source, self.options, number)
        page = await self._run(self.pool, read_page, source, self.options, number)
        if self.second and self.second.is_for(page, self.options):
            return await self._page_of_both(self.second, source, page)
        return page

    async def _page_of_both(self, second: SecondEngine, source: bytes | Path, page: Page) -> Page:
        """Return a page as both engines read it; without the second one, as the first one did."""
        work = (read_doubtful, source, self.options, page.number, page)
        try:
            both = await self._run(second.pool, *work)
        except ReadstoneError as error:
            second.tally.failed += 1
            log.warning("second engine failed", code=error.code)
            warning = PageWarning("second_engine_failed", page.number)
            return replace(page, warnings=(*page.warnings, warning))
        second.tally.read += 1
        return both

    async def _run(
        self, pool: EnginePool | PoolOnDemand, function: Callable[..., T], *args: object
    ) -> T:
        outcome = await pool.run(
            function, *args, deadline_s=self.deadline_s, ticket=self.patience.ticket
        )
        self.costs.queue_s = max(self.costs.queue_s, outcome.queue_s)
        self.costs.work_s += outcome.work_s
        return outcome.value
