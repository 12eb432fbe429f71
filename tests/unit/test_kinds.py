"""Tests of kinds.py: each kind of job does its work, and its result is kept as it was."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from readstone.document import unread_page
from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.line import Lane
from readstone.engine.pii.replace import Redaction
from readstone.findings import PiiKind
from readstone.invoicing import InvoiceOptions
from readstone.jobs.job import Job
from readstone.kinds import (
    KINDS,
    invoice_request,
    ocr_request,
    options_of,
    redact_request,
)
from readstone.parts import Parts
from readstone.progress import Course
from readstone.tasks import later
from tests.fakes import FakeEngine, FakePool, open_parts, picture, settings

pytestmark = pytest.mark.anyio

INVOICE = Path(__file__).parents[2] / "testdata" / "invoice" / "xml" / "same.pdf"
OPTIONS = OcrOptions(lang="fra", psm=6, parameters={"load_freq_dawg": "0"}, password="secret")
SECRET = "ann@example.com"


@pytest.fixture
def pool() -> FakePool:
    """A pool on whose pictures stands an address."""
    limits = PictureLimits(50_000_000, 32_767)
    return FakePool(engine=FakeEngine(f"Write to {SECRET}"), limits=limits)


@pytest.fixture
async def parts(pool: FakePool) -> AsyncIterator[Parts]:
    """Parts that work in this process."""
    async with open_parts(settings(), pool) as opened:
        yield opened


async def done(parts: Parts, kind: str, request: dict[str, Any], data: bytes) -> Any:
    """Return what a job brings, after it was kept."""
    job = Job("1", kind, "alice", request, parts.jobs.now())
    found = await KINDS[kind].work(parts, job, data, later(parts, "alice"))
    kept = KINDS[kind].unpack(KINDS[kind].pack(found))
    assert kept == found
    return kept


def redaction(parts: Parts, mode: Any) -> dict[str, Any]:
    """Return the request to look for addresses."""
    return redact_request(OcrOptions(), Redaction((PiiKind.EMAIL,), mode, parts.redactor.key))


async def test_document_is_read(parts: Parts, pool: FakePool) -> None:
    """It is read as it was asked for, in the lane of jobs, and whoever follows sees how far."""
    courses: list[Course] = []
    job = Job("1", "ocr", "alice", ocr_request(OPTIONS), parts.jobs.now())
    patience = later(parts, job.caller, courses.append)
    document, _ = await KINDS["ocr"].work(parts, job, picture(), patience)
    assert (document.text, document.pages[0].language) == (f"Write to {SECRET}", "fra")
    assert [(call.wait_s, call.lane) for call in pool.calls] == [(600, Lane.LATER)]
    assert [course.progress.total for course in courses] == [1]
    assert [page.number for page in courses[0].progress.done] == [1]


async def test_options_are_what_they_were(parts: Parts) -> None:
    """Whatever else stands in a request, also after it was JSON."""
    request = ocr_request(OPTIONS) | {"preprocess": list(OPTIONS.preprocess), "mode": "mask"}
    assert options_of(Job("1", "mask", "alice", request, parts.jobs.now())) == OPTIONS


async def test_reading_is_kept_as_it_was(parts: Parts) -> None:
    """Words, boxes, costs and the errors of pages come back."""
    document, costs = await done(parts, "ocr", ocr_request(OcrOptions()), picture())
    worse = replace(document, pages=(*document.pages, unread_page(2, "eng", "corrupt_input")))
    ocr = KINDS["ocr"]
    assert ocr.unpack(ocr.pack((worse, costs))) == (worse, costs)
    assert [ocr.is_partial((each, costs)) for each in (document, worse)] == [False, True]


async def test_invoice_is_kept_as_it_was(parts: Parts) -> None:
    """Amounts, dates, boxes and sources come back."""
    request = invoice_request(InvoiceOptions(OcrOptions(psm=0)))
    read = await done(parts, "invoice", request, INVOICE.read_bytes())
    assert str(read.invoice.total.value) == "125.87"
    assert read.invoice.issue_date.value is not None
    assert not KINDS["invoice"].is_partial(read)


async def test_what_was_hidden_is_not_kept(parts: Parts) -> None:
    """The text with its stand-ins and their places is, and nothing else of the document."""
    redacted = await done(parts, "redact", redaction(parts, "mask"), picture())
    assert redacted.text.text == "Write to [EMAIL]"
    assert len(redacted.places) == 1
    assert SECRET not in repr(redacted)


async def test_masked_document_is_kept_as_it_was(
    parts: Parts, pool: FakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are any bytes, and its type comes with them."""
    pool.engine.text = "tea"
    masked, media_type = await done(parts, "mask", redaction(parts, "mask"), picture())
    assert masked.startswith(b"\x89PNG")
    assert media_type == "image/png"
