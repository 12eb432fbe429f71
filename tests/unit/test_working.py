"""Tests of working.py: work is done once, for whoever waits, and ends in one way."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from readstone import desk, working
from readstone.errors import (
    BreaksEngine,
    Conflict,
    DeadlineExceeded,
    Draining,
    EngineFailed,
    NotFound,
    QueueFull,
    ReadstoneError,
    StorageFailed,
    UnsupportedType,
)
from readstone.jobs.job import Job, JobStatus
from readstone.jobs.runner import Run
from readstone.parts import Parts
from tests.unit.job_work import accept, run
from tests.unit.processes import until
from tests.unit.stand_ins import picture

pytestmark = pytest.mark.anyio


def failing(parts: Parts, error: Exception) -> None:
    """Let every further call of the pool fail."""

    async def run(function: Callable[..., Any], *args: Any, **given: Any) -> Any:
        raise error

    parts.pool.run = run  # type: ignore[method-assign]


async def test_job_is_done_and_its_result_kept(parts: Parts) -> None:
    """A job that has run has a result and is at its last page."""
    accepted = await accept(parts, picture())
    with capture_logs() as lines:
        ended = await run(parts)
    assert ended.status is JobStatus.SUCCEEDED
    document, costs = await desk.result(parts, ended)
    assert (document.text, costs.work_s) == ("seen", 0.1)
    assert (ended.progress.total, len(ended.progress.done)) == (1, 1)
    assert ended.started_at is not None
    assert ended.finished_at is not None
    assert ended.created_at <= ended.started_at <= ended.finished_at
    assert await parts.storage.exists(ended.input_key)  # a searchable PDF is made of it
    assert lines == [
        {
            "event": "job ended",
            "log_level": "info",
            "job_id": accepted.id,
            "status": "succeeded",
            "attempts": 1,
        }
    ]


async def test_job_that_cannot_be_done_has_failed(parts: Parts) -> None:
    """The error of ours is the job's, and the input is forgotten all the same."""
    await accept(parts, b"no picture")
    ended = await run(parts)
    assert ended.status is JobStatus.FAILED
    with pytest.raises(UnsupportedType):
        await desk.result(parts, ended)
    assert not await parts.storage.exists(ended.input_key)


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (EngineFailed("broken"), 3),
        (BreaksEngine("it ends workers"), 3),
        (DeadlineExceeded("too long", limit=7), 1),
        (QueueFull("too many"), 3),
    ],
    ids=lambda value: getattr(value, "code", value),
)
async def test_what_may_not_be_the_documents_fault_is_tried_again(
    parts: Parts, error: ReadstoneError, attempts: int
) -> None:
    """Three attempts at most, then the job has failed for the reason of the last one."""
    await accept(parts, picture())
    failing(parts, error)
    for attempt in range(1, attempts + 1):
        job = await run(parts)
        assert job.attempts == attempt
        assert job.status is (JobStatus.FAILED if attempt == attempts else JobStatus.QUEUED)
    assert job.error is not None
    assert job.error.code == error.code


async def test_stop_of_the_pool_costs_no_attempt(parts: Parts) -> None:
    """A job that meets the end of the service waits for the next one."""
    await accept(parts, picture())
    failing(parts, Draining("stopping"))
    job = await run(parts)
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)


async def test_job_whose_input_is_lost_has_failed(parts: Parts) -> None:
    """A job does not run for ever because its document is gone."""
    job = await accept(parts)
    await parts.storage.delete(job.input_key)
    assert isinstance((await run(parts)).error, NotFound)


async def test_job_that_breaks_has_failed(parts: Parts) -> None:
    """What nobody thought of is logged, and told in words of ours."""
    await accept(parts, picture())
    failing(parts, RuntimeError("secret of the library"))
    with capture_logs() as lines:
        ended = await run(parts)
    assert isinstance(ended.error, EngineFailed)
    assert "secret" not in ended.error.detail
    assert [line["event"] for line in lines] == ["job broke", "job ended"]


async def test_result_waits_for_the_disk(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written the job goes on; nothing is read twice."""
    monkeypatch.setattr(working, "INSIST_S", 0)
    await accept(parts, picture())
    failures = [StorageFailed("no disk")] * 3
    put, move = parts.storage.put, parts.jobs.move

    async def failing_put(key: str, data: bytes) -> None:
        if failures:
            raise failures.pop()
        await put(key, data)
        monkeypatch.setattr(parts.jobs, "move", failing_move)

    async def failing_move(job: Job, *, expected: Job) -> None:
        monkeypatch.setattr(parts.jobs, "move", move)
        raise StorageFailed("no disk")

    monkeypatch.setattr(parts.storage, "put", failing_put)
    ended = await run(parts)
    assert (ended.status, ended.attempts) == (JobStatus.SUCCEEDED, 1)


async def test_late_result_is_thrown_away(parts: Parts) -> None:
    """The end of a job that was taken away changes nothing, and leaves nothing."""
    await accept(parts, picture())
    claimed = await parts.jobs.claim("me")
    assert claimed
    await parts.jobs.move(claimed.canceled(parts.jobs.now()), expected=claimed)
    with pytest.raises(Conflict):
        await working.run_job(parts, Run(claimed))
    assert (await parts.jobs.load(claimed.id)).status is JobStatus.CANCELED
    assert not await parts.storage.exists(claimed.result_key)


def held(parts: Parts) -> tuple[asyncio.Event, list[str]]:
    """Let the work of the pool wait for a word; what was begun is in the list."""
    word, begun, run = asyncio.Event(), list[str](), parts.pool.run

    async def run_later(function: Callable[..., Any], *args: Any, **given: Any) -> Any:
        begun.append(function.__name__)
        await word.wait()
        return await run(function, *args, **given)

    parts.pool.run = run_later  # type: ignore[method-assign]
    return word, begun


async def test_job_that_runs_too_long_has_failed(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An accepted job always ends, with the setting that ended it; it is not tried again."""
    monkeypatch.setattr(working, "_limit_s", lambda _: 0.01)
    held(parts)
    await accept(parts, picture())
    ended = await run(parts)
    assert (ended.status, ended.attempts) == (JobStatus.FAILED, 1)
    assert isinstance(ended.error, DeadlineExceeded)
    assert ended.error.facts == {"limit": 600, "setting": "jobs.deadline_s"}


async def do(parts: Parts, *, wait_s: float) -> working.Done | Job:
    """Do a job while its sender waits."""
    job = desk.new_job(parts, "alice", "ocr", picture(), {})
    return await working.do(parts, job, picture(), queue="alice", wait_s=wait_s)


async def end_of(parts: Parts, job: Job) -> Job:
    """Return a job when it has ended."""
    async with asyncio.timeout(5):
        return [changed async for changed in desk.changes(parts, job)][-1]


async def test_what_is_done_in_time_is_no_job(parts: Parts) -> None:
    """The sender has the result, and nothing was kept."""
    done = await do(parts, wait_s=60)
    assert isinstance(done, working.Done)
    assert done.result[0].text == "seen"
    assert await parts.jobs.of_caller("alice", before=None, limit=1) == []


async def test_what_takes_longer_is_carried_on(parts: Parts) -> None:
    """It is a job that runs, with its input; and its work is not begun again."""
    parts.runner.start(partial(working.run_job, parts))
    word, begun = held(parts)
    job = await do(parts, wait_s=0.01)
    assert isinstance(job, Job)
    assert (job.status, job.attempts) == (JobStatus.RUNNING, 1)
    assert await parts.storage.get(job.input_key) == picture()
    word.set()
    ended = await end_of(parts, job)
    assert ended.status is JobStatus.SUCCEEDED
    assert (await desk.result(parts, ended))[0].text == "seen"
    assert begun == ["read_page"]


async def test_carried_on_work_that_meets_a_failure_is_tried_again(parts: Parts) -> None:
    """As a job it has its attempts."""
    parts.runner.start(partial(working.run_job, parts))
    run = parts.pool.run
    failures = [EngineFailed("broken")]

    async def failing_first(*args: Any, **given: Any) -> Any:
        await asyncio.sleep(0.01)
        for _ in range(len(failures)):
            raise failures.pop()
        return await run(*args, **given)

    parts.pool.run = failing_first  # type: ignore[method-assign]
    job = await do(parts, wait_s=0)
    assert isinstance(job, Job)
    ended = await end_of(parts, job)
    assert (ended.status, ended.attempts) == (JobStatus.SUCCEEDED, 2)


async def test_work_that_is_a_job_already_is_that_job(parts: Parts) -> None:
    """Who waits too long for work that others have handed in is told of theirs."""
    held(parts)
    job = await accept(parts, picture())
    kept = await do(parts, wait_s=0)
    assert isinstance(kept, Job)
    assert kept.id == job.id


async def test_work_ends_when_its_sender_leaves(parts: Parts) -> None:
    """Nothing is done for nobody."""
    _, begun = held(parts)
    asking = asyncio.create_task(do(parts, wait_s=60))
    await until(lambda: bool(begun))
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert await parts.jobs.of_caller("alice", before=None, limit=1) == []
