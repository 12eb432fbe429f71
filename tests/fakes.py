"""Parts that need no engine and keep the contracts of those that do."""

import asyncio
import threading
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any, TypeVar

import structlog
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from PIL import Image, ImageDraw, ImageFont
from starlette.testclient import TestClient

from readstone.app import create_app
from readstone.cache import ResultCache
from readstone.classifying import TextClassifier
from readstone.config import load_config
from readstone.document import Box, Document, Page
from readstone.engine.base import OcrOptions, PageImage, PictureLimits
from readstone.engine.line import Lane, Ticket
from readstone.engine.nlp.base import Judgement, Label, Task
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.pool import Outcome
from readstone.engine.recognise import EngineFacts, Reader
from readstone.errors import DeadlineExceeded, Draining, EngineFailed
from readstone.logs import configure_logs
from readstone.parts import Parts, assemble, build_invoice_reader, build_redactor
from readstone.reading import DocumentReader
from readstone.settings import AppConfig, LogConfig

T = TypeVar("T")

TEXT = "Quince jam 42\nTotal 7.00"
LANGUAGES = ("deu", "eng", "fra")


def picture(kind: str = "PNG", *, text: str = "", size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a white picture in a format of Pillow, with black text or a black bar on it."""
    out = BytesIO()
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    if text:
        draw.text((20, 12), text, "black", ImageFont.load_default(28))
    else:
        draw.rectangle((4, 4, 24, 8), "black")
    image.save(out, kind)
    return out.getvalue()


def base64_of(data: bytes) -> str:
    """Return bytes as a JSON request holds them."""
    return b64encode(data).decode()


def as_file(data: bytes) -> dict[str, Any]:
    """Return bytes as the one file of a form."""
    return {"file": ("scan.png", data, "image/png")}


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def moment(self) -> datetime:
        """Return the time as a date."""
        return datetime(2026, 11, 21, 9, 30, tzinfo=UTC) + timedelta(seconds=self.now)


class Gate:
    """Holds work until the test opens it; `reached` is set once work stands before it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._opened = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop

    def open(self) -> None:
        """Let the work go on; called from any thread."""
        self._loop.call_soon_threadsafe(self._opened.set)

    async def passed(self) -> None:
        """Return when the gate is open."""
        self._loop = asyncio.get_running_loop()
        self.reached.set()
        await self._opened.wait()


class FakeEngine:
    """Finds the same words on every picture; keeps the options it was asked with."""

    name = "fake"

    def __init__(self, text: str = TEXT) -> None:
        self.text = text
        self.asked: list[OcrOptions] = []

    def check(self) -> str:
        return "1.2.3"

    def languages(self) -> tuple[str, ...]:
        return LANGUAGES

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        self.asked.append(options)
        found = [
            FoundWord(word, Box(column * 9, row * 9, column * 9 + 8, row * 9 + 8), 0.9, (1, 1), row)
            for row, line in enumerate(self.text.splitlines())
            for column, word in enumerate(line.split())
        ]
        return build_page(found, image, language=options.lang, number=number)


class FakeTextEngine:
    """Finds text positive that holds `good`, and toxic that holds `vile`; breaks at `crash`.

    Reads English and nothing else; keeps the batches in which it was asked.
    """

    name = "fake-text"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def check(self) -> None:
        """Do nothing: it always works."""

    def reads(self, language: str) -> bool:
        return language == "en"

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        self.batches.append(list(texts))
        if any("crash" in text for text in texts):
            raise EngineFailed("the engine crashed")
        return [self._judgement(text) for text in texts]

    def _judgement(self, text: str) -> Judgement:
        good, vile = (0.9 if word in text else 0.05 for word in ("good", "vile"))
        sentiment = [Label("positive", good), Label("neutral", 0.06), Label("negative", 0.04)]
        moderation = (Label("toxic", vile, vile > 0.5), Label("hate", 0.02))
        sentiment.sort(key=lambda label: -label.score)
        return Judgement({Task.SENTIMENT: tuple(sentiment), Task.MODERATION: moderation}, windows=2)


@dataclass(frozen=True, slots=True)
class Call:
    """How the pool was asked."""

    name: str
    deadline_s: float
    wait_s: float
    lane: Lane
    queue: str


@dataclass(slots=True)
class FakePool:
    """Keeps the contract of EnginePool without processes: calls functions where it stands.

    `script` holds what befalls the next tasks: an exception is raised, a gate holds the task.
    `refusal` is what a newcomer meets at the end of the line.
    """

    engine: FakeEngine = field(default_factory=FakeEngine)
    limits: PictureLimits = field(default_factory=lambda: PictureLimits(10_000, 1_000))
    size: int = 2
    warm: int = 2
    waiting: int = 0
    mean_work_s: float = 0.1
    cancelled: int = 0
    calls: list[Call] = field(default_factory=list)
    script: deque[Exception | Gate] = field(default_factory=deque)
    refusal: Exception | None = None
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Do nothing: it is always warm."""

    async def stop(self) -> None:
        """Refuse what comes and what is under way."""
        self._stopped.set()

    def check_room(self, ticket: Ticket) -> None:
        """Raise the refusal, if there is one."""
        if self.refusal:
            raise self.refusal

    async def run(
        self,
        function: Callable[..., T],
        *args: Any,
        deadline_s: float,
        ticket: Ticket,
    ) -> Outcome[T]:
        """Call `function(reader, *args)` and return its outcome, unless the script says else."""
        if self._stopped.is_set():
            raise Draining("the service is stopping")
        call = Call(function.__name__, deadline_s, ticket.wait_s, ticket.lane, ticket.queue)
        self.calls.append(call)
        fate = self.script.popleft() if self.script else None
        if isinstance(fate, Exception):
            raise fate
        if fate is not None:
            await self._held(fate, deadline_s)
        return Outcome(function(Reader(self.engine, self.limits), *args), 0.001, 0.02)

    async def _held(self, gate: Gate, deadline_s: float) -> None:
        ends = [asyncio.ensure_future(gate.passed()), asyncio.ensure_future(self._stopped.wait())]
        try:
            done, _ = await asyncio.wait(
                ends, timeout=deadline_s, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            for each in ends:
                each.cancel()
        if self._stopped.is_set():
            raise Draining("the service is stopping")
        if not done:
            raise DeadlineExceeded(f"reading took longer than {deadline_s:g} s")


class NoCache(ResultCache[Document]):
    """Computes every time, so that each request meets what its test has in store for it."""

    def __init__(self) -> None:
        super().__init__(max_bytes=0)

    async def get(
        self, key: str, compute: Callable[[], Awaitable[Document]]
    ) -> tuple[Document, bool]:
        """Return what is computed."""
        return await compute(), False


def facts_of(engine: FakeEngine) -> EngineFacts:
    """Return what a pool says of its engine."""
    return EngineFacts(engine.name, engine.check(), engine.languages())


def fake_reader(config: AppConfig, pool: FakePool) -> DocumentReader:
    """Return a reader over a fake pool that caches nothing."""
    return DocumentReader(
        pool,  # type: ignore[arg-type]
        facts_of(pool.engine),
        NoCache(),
        page_deadline_s=config.ocr.deadline_s,
    )


async def fake_parts(config: AppConfig, pool: FakePool, clock: Clock) -> Parts:
    """Return parts around a fake pool; all else is real, but nothing is cached."""
    engine = facts_of(pool.engine)
    real = await assemble(config, pool, engine, clock=clock.moment)  # type: ignore[arg-type]
    reader = fake_reader(config, pool)
    return replace(
        real,
        reader=reader,
        redactor=build_redactor(pool, reader, config),  # type: ignore[arg-type]
        invoices=build_invoice_reader(pool, reader, config),  # type: ignore[arg-type]
        classifier=TextClassifier(
            dict.fromkeys(Task, FakeTextEngine()),
            max_characters=config.limits.text_characters,
            cache_bytes=config.text.cache_bytes,
            max_waiting=config.text.max_waiting,
        ),
    )


@asynccontextmanager
async def open_parts(config: AppConfig, pool: FakePool) -> AsyncIterator[Parts]:
    """Give fake parts that are closed when their block has ended."""
    parts = await fake_parts(config, pool, Clock())
    try:
        yield parts
    finally:
        await parts.close()


def write_logs(config: LogConfig) -> None:
    """Write logs as the service does, and let the next test write them elsewhere."""
    configure_logs(config)
    structlog.configure(cache_logger_on_first_use=False)


def settings(**values: object) -> AppConfig:
    """Return the local configuration with other values, as `jobs__ttl_s=5`, and no reports."""
    values = {"metrics__reporter": "none"} | values
    return load_config({f"READSTONE_{name}".upper(): str(value) for name, value in values.items()})


def fake_app(config: AppConfig, pool: FakePool, clock: Clock) -> FastAPI:
    """Return the application around a fake pool."""

    async def build(config: AppConfig) -> Parts:
        return await fake_parts(config, pool, clock)

    return create_app(config, build)


@dataclass(frozen=True, slots=True)
class Service:
    """The application, a client of it, and what a test may turn."""

    app: FastAPI
    client: TestClient
    pool: FakePool
    clock: Clock

    @property
    def portal(self) -> BlockingPortal:
        """The way into the application's event loop."""
        assert self.client.portal
        return self.client.portal

    def finish_jobs(self) -> None:
        """Return when no job waits or runs."""
        self.portal.call(partial(self.app.state.parts.runner.drain, grace_s=5))
