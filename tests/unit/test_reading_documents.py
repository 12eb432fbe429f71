"""Tests of reading.py: whole documents, page by page."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from readstone.cache import ResultCache
from readstone.config import load_config
from readstone.document import Document, Page, PageWarning
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.pool import Outcome
from readstone.engine.recognise import EngineFacts, count_pages, read_text_layers
from readstone.errors import (
    BreaksEngine,
    CorruptInput,
    DeadlineExceeded,
    EngineFailed,
    InvalidRequest,
    PasswordNeeded,
    QueueFull,
    TooManyPages,
)
from readstone.parts import Parts, build_parts
from readstone.reading import DocumentReader, Patience, SecondEngine

TESTDATA = Path(__file__).parents[2] / "testdata"
PATIENCE = Patience(Ticket(Lane.NOW, wait_s=60), max_pages=3)

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Run the asynchronous tests of this module in one loop."""
    return "asyncio"


@pytest.fixture(scope="module")
async def parts(anyio_backend: str) -> AsyncIterator[Parts]:
    """Return real parts with two workers."""
    built = await build_parts(load_config({"READSTONE_OCR__WORKERS": "2"}))
    yield built
    await built.close()


def file(name: str) -> bytes:
    """Return a file of the test data."""
    return (TESTDATA / name).read_bytes()


async def test_born_digital_pdf_gives_its_own_text(parts: Parts) -> None:
    """What a PDF says by itself need not be recognised; `never` recognises it all the same."""
    document, _ = await parts.reader.read(file("pdf/two_columns.pdf"), OcrOptions(), PATIENCE)
    assert {page.source for page in document.pages} == {"text_layer"}
    assert document.confidence == 1
    recognised, _ = await parts.reader.read(
        file("pdf/two_columns.pdf"), OcrOptions(text_layer="never"), PATIENCE
    )
    assert {page.source for page in recognised.pages} == {"ocr"}
    assert set(document.text.split()) & set(recognised.text.split())


async def test_scan_is_recognised(parts: Parts) -> None:
    """A PDF without text is read like a picture."""
    document, _ = await parts.reader.read(file("pdf/scan.pdf"), OcrOptions(), PATIENCE)
    assert document.pages[0].source == "ocr"
    assert len(document.text.split()) > 20


async def test_pages_with_text_and_scans_keep_their_order(parts: Parts) -> None:
    """Only pages that do not carry their text are recognised, and each is in its place."""
    mixed = pikepdf.new()
    for name in ("two_columns", "scan", "table"):
        with pikepdf.open(TESTDATA / "pdf" / f"{name}.pdf") as part:
            mixed.pages.extend(part.pages)
    out = BytesIO()
    mixed.save(out)
    document, _ = await parts.reader.read(out.getvalue(), OcrOptions(), PATIENCE)
    assert [page.source for page in document.pages] == ["text_layer", "ocr", "text_layer"]
    assert [page.number for page in document.pages] == [1, 2, 3]


async def test_all_pages_of_a_tiff_are_read(parts: Parts) -> None:
    """Pages come in order, and only those that are wanted."""
    both, _ = await parts.reader.read(file("format/two_pages.tif"), OcrOptions(), PATIENCE)
    assert [page.number for page in both.pages] == [1, 2]
    assert both.pages[0].text != both.pages[1].text
    second, _ = await parts.reader.read(
        file("format/two_pages.tif"), OcrOptions(pages="2"), PATIENCE
    )
    assert [page.text for page in second.pages] == [both.pages[1].text]


async def test_page_that_is_not_there_is_refused(parts: Parts) -> None:
    """The refusal says how many there are."""
    for name in ("line/line.png", "format/two_pages.tif", "pdf/scan.pdf"):
        with pytest.raises(InvalidRequest, match="1 to "):
            await parts.reader.read(file(name), OcrOptions(pages="9"), PATIENCE)


async def test_more_pages_than_allowed_are_refused(parts: Parts) -> None:
    """The limit counts the pages that are wanted."""
    one = Patience(Ticket(Lane.NOW, wait_s=60), max_pages=1)
    with pytest.raises(TooManyPages):
        await parts.reader.read(file("format/two_pages.tif"), OcrOptions(psm=6), one)
    document, _ = await parts.reader.read(file("format/two_pages.tif"), OcrOptions(pages="1"), one)
    assert len(document.pages) == 1


async def test_password_opens_and_nothing_else(parts: Parts) -> None:
    """An encrypted PDF asks for its password; one that only its owner may change opens."""
    for password in (None, "wrong"):
        with pytest.raises(PasswordNeeded):
            await parts.reader.read(
                file("pdf/user_password.pdf"), OcrOptions(password=password), PATIENCE
            )
    document, _ = await parts.reader.read(file("pdf/owner_password.pdf"), OcrOptions(), PATIENCE)
    assert document.text


async def test_damage_is_told(parts: Parts) -> None:
    """A PDF that cannot be opened is a refusal."""
    with pytest.raises(CorruptInput):
        await parts.reader.read(file("pdf/no_pages.pdf"), OcrOptions(), PATIENCE)


class PoolOfThreePages:
    """Answers for a file of three pages, some of which fail."""

    size = 2

    def __init__(self, failures: dict[int, Exception]) -> None:
        self.failures = failures

    async def run(self, function: Callable[..., Any], *args: Any, **_: Any) -> Outcome[Any]:
        """Return the number of pages, no text layers, or a page; raise what befalls it."""
        if function is count_pages:
            return Outcome(3, 0, 0.1)
        if function is read_text_layers:
            if befallen := self.failures.keys() & args[-1]:
                raise self.failures[min(befallen)]
            return Outcome([], 0, 0)
        number = args[2] if len(args) > 2 else 1
        if number in self.failures:
            raise self.failures[number]
        return Outcome(Page(number, 1, 1, None, 0, "eng", f"page {number}", 0.0, ()), 0.2, 1)


def reader_of(failures: dict[int, Exception], second: SecondEngine | None = None) -> DocumentReader:
    """Return a reader whose pool answers so."""
    pool: Any = PoolOfThreePages(failures)
    facts = EngineFacts("three", "1", ("eng",))
    cache = ResultCache[Document](max_bytes=10_000)
    return DocumentReader(pool, facts, cache, page_deadline_s=1, second=second)


async def test_page_that_fails_leaves_the_others() -> None:
    """A document without one of its pages is partial, and says which one and why."""
    reader = reader_of({2: DeadlineExceeded("too slow")})
    document, costs = await reader.read(b"%PDF-1.7", OcrOptions(), PATIENCE)
    assert document.is_partial
    assert [page.error for page in document.pages] == [None, "deadline_exceeded", None]
    assert document.text == "page 1\f\fpage 3"
    assert [each.page for each in document.warnings] == [1, 3]
    assert (costs.queue_s, costs.work_s) == (0.2, pytest.approx(2.1))


async def test_pages_for_which_no_time_is_left_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that were read are there; who has more time has the others too."""
    reader, hurried = reader_of({}), replace(PATIENCE, until=1.0)
    times = chain([0.0, 0.0], repeat(2.0))
    monkeypatch.setattr("readstone.reading.time", SimpleNamespace(monotonic=times.__next__))
    document, _ = await reader.read(b"%PDF-1.7", OcrOptions(), hurried)
    assert [page.error for page in document.pages] == [None, None, "deadline_exceeded"]
    whole, costs = await reader.read(b"%PDF-1.7", OcrOptions(), PATIENCE)
    assert (whole.is_partial, costs.is_cached) == (False, False)


async def test_document_of_which_nothing_is_read_is_refused() -> None:
    """Without any page there is no document."""
    reader = reader_of({number: BreaksEngine("no") for number in (1, 2, 3)})
    with pytest.raises(CorruptInput) as caught:
        await reader.read(b"%PDF-1.7", OcrOptions(), PATIENCE)
    assert caught.value.facts["reasons"] == ["breaks_engine"] * 3


async def test_line_that_is_full_refuses_the_whole_document() -> None:
    """Half a document is not delivered because the service was busy."""
    reader = reader_of({3: QueueFull("busy")})
    with pytest.raises(QueueFull):
        await reader.read(b"%PDF-1.7", OcrOptions(), PATIENCE)


async def test_same_document_again_is_known(parts: Parts) -> None:
    """The second answer is the first one, from the cache; other options are other work."""
    reader = DocumentReader(
        parts.pool, parts.engine, ResultCache(max_bytes=10_000_000), page_deadline_s=60
    )
    first, costs = await reader.read(file("line/line.png"), OcrOptions(), PATIENCE)
    again, costs_again = await reader.read(file("line/line.png"), OcrOptions(), PATIENCE)
    assert (costs.is_cached, costs_again.is_cached) == (False, True)
    assert again == first
    _, costs = await reader.read(file("line/line.png"), OcrOptions(psm=7), PATIENCE)
    assert not costs.is_cached


async def test_engine_that_is_asked_for_reads(parts: Parts) -> None:
    """Pages say which engine read them, and so does the document, with its version."""
    assert parts.second
    for facts in (parts.engine, parts.second.facts):
        options = OcrOptions(engine=facts.name)  # type: ignore[arg-type]
        document, _ = await parts.reader.read(file("distorted/noise.jpg"), options, PATIENCE)
        assert [page.engines for page in document.pages] == [(facts.name,)]
        assert (document.engine, document.engine_version) == (facts.name, facts.version)
        assert "The ferry to Northquay leaves" in document.text


async def test_page_that_reads_badly_is_read_by_both_engines(parts: Parts) -> None:
    """A noisy picture is, and what both cost counts; a clear letter is not."""
    assert parts.second
    noisy, costs = await parts.reader.read(file("distorted/noise.jpg"), OcrOptions(), PATIENCE)
    assert noisy.pages[0].engines == ("tesseract", "rapidocr")
    assert noisy.engine == "tesseract+rapidocr"
    alone = OcrOptions(engine="tesseract")
    _, costs_alone = await parts.reader.read(file("distorted/noise.jpg"), alone, PATIENCE)
    assert costs.work_s > costs_alone.work_s
    before = parts.second.tally.read
    clear, _ = await parts.reader.read(file("page/letter.png"), OcrOptions(), PATIENCE)
    assert clear.pages[0].engines == ("tesseract",)
    assert parts.second.tally.read == before


async def test_turned_page_of_a_tiff_is_read_by_both_engines(parts: Parts) -> None:
    """Both see the page as the first one has turned it."""
    second = replace(parts.second, policy="always")  # type: ignore[type-var]
    cache = ResultCache[Document](max_bytes=0)
    reader = DocumentReader(parts.pool, parts.engine, cache, page_deadline_s=60, second=second)
    for name, options in (
        ("turned/letter_90.png", OcrOptions()),
        ("format/two_pages.tif", OcrOptions(pages="2")),
        ("pdf/scan.pdf", OcrOptions()),
    ):
        both, _ = await reader.read(file(name), options, PATIENCE)
        alone = replace(options, engine="tesseract")
        first, _ = await parts.reader.read(file(name), alone, PATIENCE)
        assert both.pages[0].engines == ("tesseract", "rapidocr"), name
        assert both.text.split() == first.text.split(), name


class PoolThatFails:
    """Fails like the pool of an engine that cannot be started."""

    async def run(self, *_: Any, **__: Any) -> Outcome[Any]:
        """Raise."""
        raise EngineFailed("no")


async def test_page_survives_the_second_engine() -> None:
    """What the first one has read is answered, with a warning, and the failure is counted."""
    pool: Any = PoolThatFails()
    second = SecondEngine(pool, EngineFacts("other", "1", ("eng",)), "always")
    document, _ = await reader_of({}, second).read(b"BM", OcrOptions(), PATIENCE)
    assert document.text == "page 1"
    assert document.warnings == (PageWarning("second_engine_failed", 1),)
    assert (second.tally.read, second.tally.failed) == (0, 1)


PAGE = Page(1, 1, 1, None, 0, "eng", "", 0.0, (), covered=0.5)


@pytest.mark.parametrize(
    ("page", "options", "expected"),
    [
        (PAGE, OcrOptions(), True),
        (replace(PAGE, covered=1.0), OcrOptions(), False),
        (replace(PAGE, language="eng+fra"), OcrOptions(), True),
        (replace(PAGE, language="eng+hin"), OcrOptions(), False),
        (replace(PAGE, source="text_layer"), OcrOptions(), False),
        (replace(PAGE, warnings=(PageWarning("blank_page", 1),)), OcrOptions(), False),
        (PAGE, OcrOptions(engine="tesseract"), False),
        (PAGE, OcrOptions(parameters={"tessedit_char_whitelist": "01"}), False),
    ],
    ids=[
        "doubtful",
        "clear",
        "languages",
        "a script it cannot read",
        "text layer",
        "blank",
        "not wanted",
        "wishes it cannot fulfil",
    ],
)
def test_second_engine_reads_what_it_can_read_better(
    page: Page, options: OcrOptions, expected: bool
) -> None:
    """It reads a doubtful page in languages that it knows, when nobody says otherwise."""
    pool: Any = None
    facts = EngineFacts("other", "1", ("eng", "fra"))
    assert SecondEngine(pool, facts, "auto").is_for(page, options) is expected


async def test_text_that_a_pdf_carries_was_read_by_no_engine(parts: Parts) -> None:
    """The document names the one that would have read."""
    document, _ = await parts.reader.read(file("pdf/two_columns.pdf"), OcrOptions(), PATIENCE)
    assert {page.engines for page in document.pages} == {()}
    assert document.engine == "tesseract"
