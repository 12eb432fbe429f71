"""Tests of tasks.py: what a request does now, and what it leaves for later."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from readstone import tasks
from readstone.config import load_config
from readstone.document import unread_page
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane
from readstone.jobs.job import Job
from readstone.parts import Parts
from readstone.progress import Course
from readstone.settings import AppConfig
from tests.unit.stand_ins import PoolHere, build_stand_ins, picture

pytestmark = pytest.mark.anyio

CONFIG = {"OCR__DEADLINE_S": "7", "OCR__WAIT_S": "3", "JOBS__WAIT_S": "90"}


@pytest.fixture
def config() -> AppConfig:
    """Times that can be told apart."""
    return load_config({f"READSTONE_{name}": value for name, value in CONFIG.items()})


@pytest.fixture
async def parts(config: AppConfig) -> AsyncIterator[Parts]:
    """Parts that work in this process."""
    built = await build_stand_ins(config)
    yield built
    await built.close()


def asked(parts: Parts) -> list[tuple[float, float, Lane]]:
    """Return with which times the pool was asked."""
    assert isinstance(parts.pool, PoolHere)
    return parts.pool.asked


async def test_picture_is_read_while_its_sender_waits(parts: Parts) -> None:
    """The times are those for somebody who waits."""
    document, costs = await tasks.read_now(parts, "alice", picture(), OcrOptions())
    assert (document.text, costs.is_cached) == ("seen", False)
    assert asked(parts) == [(7.0, 3.0, Lane.NOW)]


async def test_picture_is_sent_back_while_its_sender_waits(parts: Parts) -> None:
    """An echo is work like any other."""
    outcome = await tasks.echo_now(parts, "alice", picture())
    assert outcome.value[1] == "image/png"
    assert asked(parts) == [(7.0, 3.0, Lane.NOW)]


async def test_document_is_read_later(parts: Parts) -> None:
    """A job waits in its own lane, and says how far it is."""
    courses: list[Course] = []
    job = Job("1", "ocr", "alice", {"lang": "fra", "psm": 6}, parts.jobs.now())
    found = await tasks.OCR.work(parts, job, picture(), courses.append)
    assert (found[0].text, found[0].pages[0].language) == ("seen", "fra")
    assert asked(parts) == [(7.0, 90.0, Lane.LATER)]
    assert [course.progress.total for course in courses] == [1]
    assert [page.number for page in courses[0].progress.done] == [1]


async def test_result_is_what_it_was(parts: Parts) -> None:
    """Packed and unpacked, words, boxes, costs and errors of pages are the same."""
    document, costs = await tasks.read_now(parts, "alice", picture(), OcrOptions())
    worse = replace(document, pages=(*document.pages, unread_page(2, "eng", "corrupt_input")))
    packed = tasks.OCR.pack((worse, costs))
    assert tasks.OCR.unpack(packed) == (worse, costs)
    assert tasks.OCR.is_partial((worse, costs))
    assert not tasks.OCR.is_partial((document, costs))
