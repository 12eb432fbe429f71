"""Tests of tasks.py: what a request does now, and what it leaves for later."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from readstone import tasks
from readstone.config import load_config
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane
from readstone.errors import (
    DeadlineExceeded,
    EngineFailed,
    NotFound,
    QueueFull,
    StoreFull,
    UnsupportedType,
)
from readstone.jobs.job import JobStatus
from readstone.parts import Parts
from readstone.settings import AppConfig
from tests.unit.stand_ins import PoolHere, build_stand_ins, picture

pytestmark = pytest.mark.anyio

CONFIG = {"OCR__DEADLINE_S": "7", "OCR__WAIT_S": "3", "JOBS__WAIT_S": "90"}


@pytest.fixture
def config() -> AppConfig:
    """Times that can be told apart."""
    return load_config({f"READSTONE_{name}": value for name, value in CONFIG.items()})


@pytest.fixture
async def parts(config: AppConfig) -> Parts:
    """Parts that work in this process."""
    return await build_stand_ins(config)


def asked(parts: Parts) -> list[tuple[float, float, Lane]]:
    """Return with which times the pool was asked."""
    assert isinstance(parts.pool, PoolHere)
    return parts.pool.asked


def failing(parts: Parts, error: Exception) -> None:
    """Let every further call of the pool fail."""

    async def run(function: Callable[..., Any], *args: Any, **given: Any) -> Any:
        raise error

    parts.pool.run = run  # type: ignore[method-assign]


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


async def test_accepted_job_is_kept_with_its_input(parts: Parts) -> None:
    """The job can be found by its id, and so can its picture."""
    job = await tasks.accept_job(parts, "alice", picture(), OcrOptions(lang="fra"))
    assert await parts.jobs.load(job.id) == job
    assert (job.caller, job.options.lang, job.status) == ("alice", "fra", JobStatus.QUEUED)
    assert await parts.storage.get(job.id) == picture()
    assert asked(parts) == []


async def test_ids_cannot_be_guessed(parts: Parts) -> None:
    """Two jobs have long ids that have nothing in common."""
    first = await tasks.accept_job(parts, "alice", b"1", OcrOptions())
    second = await tasks.accept_job(parts, "alice", b"2", OcrOptions())
    assert len(first.id) == len(second.id) == 32
    assert first.id[:8] != second.id[:8]


async def test_refused_job_leaves_no_input(parts: Parts) -> None:
    """When there is no place for the job, its picture is not kept either."""
    for _ in range(3):
        await tasks.accept_job(parts, "alice", b"1234", OcrOptions())
    with pytest.raises(StoreFull):
        await tasks.accept_job(parts, "alice", b"5" * 900, OcrOptions())
    await parts.storage.put("room", b"6" * (1000 - 3 * 4))


async def test_input_without_room_leaves_no_job(parts: Parts) -> None:
    """A picture that cannot be kept is refused, and takes no place."""
    with pytest.raises(StoreFull):
        await tasks.accept_job(parts, "alice", b"1" * 1001, OcrOptions())
    for _ in range(3):
        await tasks.accept_job(parts, "alice", b"1", OcrOptions())


async def test_line_of_jobs_is_bounded_by_time(parts: Parts) -> None:
    """More jobs than can be done in the time that a job may wait are refused."""
    for number in range(360):  # two at a time, half a second each: 90 s
        await parts.runner.submit(str(number))
    await tasks.accept_job(parts, "alice", b"1", OcrOptions())
    for number in range(20):
        await parts.runner.submit(str(number))
    with pytest.raises(QueueFull) as caught:
        await tasks.accept_job(parts, "alice", b"1", OcrOptions())
    assert caught.value.facts["retry_after"] == 6


async def test_job_is_read_and_its_input_forgotten(parts: Parts) -> None:
    """A job that has run holds its document; it waited in the lane of jobs."""
    job = await tasks.accept_job(parts, "alice", picture(), OcrOptions())
    with capture_logs() as lines:
        await tasks.run_job(parts, job.id)
    ended = await parts.jobs.load(job.id)
    assert ended.status is JobStatus.SUCCEEDED
    assert ended.result is not None
    assert ended.result.text == "seen"
    assert ended.started_at is not None
    assert ended.finished_at is not None
    assert ended.created_at <= ended.started_at <= ended.finished_at
    assert asked(parts) == [(7.0, 90.0, Lane.LATER)]
    with pytest.raises(NotFound):
        await parts.storage.get(job.id)
    assert lines == [
        {"event": "job ended", "log_level": "info", "job_id": job.id, "status": "succeeded"}
    ]


async def test_job_that_cannot_be_read_has_failed(parts: Parts) -> None:
    """The error of ours is the job's, and the input is forgotten all the same."""
    job = await tasks.accept_job(parts, "alice", b"no picture", OcrOptions())
    await tasks.run_job(parts, job.id)
    ended = await parts.jobs.load(job.id)
    assert ended.status is JobStatus.FAILED
    assert isinstance(ended.error, UnsupportedType)
    with pytest.raises(NotFound):
        await parts.storage.get(job.id)


async def test_job_that_takes_too_long_has_failed(parts: Parts) -> None:
    """What the pool refuses is the end of the job."""
    job = await tasks.accept_job(parts, "alice", picture(), OcrOptions())
    failing(parts, DeadlineExceeded("too long", limit=7))
    await tasks.run_job(parts, job.id)
    assert isinstance((await parts.jobs.load(job.id)).error, DeadlineExceeded)


async def test_job_whose_input_is_lost_has_failed(parts: Parts) -> None:
    """A job does not run for ever because its picture is gone."""
    job = await tasks.accept_job(parts, "alice", picture(), OcrOptions())
    await parts.storage.delete(job.id)
    await tasks.run_job(parts, job.id)
    assert isinstance((await parts.jobs.load(job.id)).error, NotFound)


async def test_job_that_breaks_has_failed(parts: Parts) -> None:
    """What nobody thought of is logged, and told in words of ours."""
    job = await tasks.accept_job(parts, "alice", picture(), OcrOptions())
    failing(parts, RuntimeError("secret of the library"))
    with capture_logs() as lines:
        await tasks.run_job(parts, job.id)
    ended = await parts.jobs.load(job.id)
    assert isinstance(ended.error, EngineFailed)
    assert "secret" not in ended.error.detail
    assert [line["event"] for line in lines] == ["job broke", "job ended"]
