"""Tests of desk.py: jobs are taken in whole, done once, and end in one way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from readstone import desk
from readstone.config import load_config
from readstone.errors import (
    BreaksEngine,
    CallerShare,
    Conflict,
    DeadlineExceeded,
    Draining,
    EngineFailed,
    Expired,
    NotFound,
    QueueFull,
    ReadstoneError,
    StorageFailed,
    StoreFull,
    UnsupportedType,
)
from readstone.jobs.job import Job, JobStatus
from readstone.jobs.runner import Run
from readstone.parts import Parts
from tests.unit.stand_ins import build_stand_ins, picture

pytestmark = pytest.mark.anyio

CONFIG = {
    "JOBS__MAX_JOBS": "3",
    "JOBS__MAX_BYTES": "1000",
    "JOBS__WAIT_S": "90",
    "LIMITS__BODY_BYTES": "900",
    "METRICS__REPORTER": "none",
}


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """Parts that work in this process; nobody claims jobs."""
    config = load_config({f"READSTONE_{name}": value for name, value in CONFIG.items()})
    built = await build_stand_ins(config)
    yield built
    await built.close()


async def accept(parts: Parts, data: bytes = b"no picture", caller: str = "alice") -> Job:
    """Take in a job."""
    return await desk.accept(parts, desk.new_job(parts, caller, "ocr", data, {}), data)


async def run(parts: Parts) -> Job:
    """Do the next job, and return it as it is then."""
    claimed = await parts.jobs.claim("me")
    assert claimed
    await desk.run_job(parts, Run(claimed))
    return await parts.jobs.load(claimed.id)


def failing(parts: Parts, error: Exception) -> None:
    """Let every further call of the pool fail."""

    async def run(function: Callable[..., Any], *args: Any, **given: Any) -> Any:
        raise error

    parts.pool.run = run  # type: ignore[method-assign]


async def test_accepted_job_is_kept_with_its_input(parts: Parts) -> None:
    """The job can be found by its id, and so can its document."""
    job = await accept(parts, picture())
    assert await desk.find(parts, "alice", job.id) == job
    assert (job.caller, job.status, job.size_bytes) == ("alice", JobStatus.QUEUED, len(picture()))
    assert await parts.storage.get(job.input_key) == picture()


async def test_job_is_its_callers(parts: Parts) -> None:
    """For anybody else there is none with this id."""
    job = await accept(parts)
    with pytest.raises(NotFound):
        await desk.find(parts, "bob", job.id)


async def test_ids_cannot_be_guessed(parts: Parts) -> None:
    """Two jobs have long ids that have nothing in common."""
    first, second = await accept(parts, b"1"), await accept(parts, b"2")
    assert len(first.id) == len(second.id) == 32
    assert first.id[:8] != second.id[:8]


async def test_same_work_is_one_job_for_its_caller(parts: Parts) -> None:
    """However many ask at the same time; another caller, document or request is another job."""
    same = await asyncio.gather(*(accept(parts) for _ in range(100)))
    assert len({job.id for job in same}) == 1
    others = [await accept(parts, caller="bob"), await accept(parts, b"another")]
    assert len({job.id for job in [*same, *others]}) == 3
    await parts.storage.check_room(1000 - 2 * len(b"no picture") - len(b"another"))


async def test_refused_job_leaves_no_input(parts: Parts) -> None:
    """When there is no place for the job, its document is not kept either."""
    for data in (b"1", b"2", b"3"):
        await accept(parts, data)
    with pytest.raises(StoreFull):
        await accept(parts, b"4" * 900)
    await parts.storage.check_room(1000 - 3)


async def test_input_without_room_leaves_no_job(parts: Parts) -> None:
    """A document that cannot be kept is refused, and takes no place."""
    with pytest.raises(StoreFull):
        await accept(parts, b"1" * 1001)
    assert await parts.jobs.queued() == 0


async def test_ended_jobs_make_room(parts: Parts) -> None:
    """Those that ended first go first, when there is no place or no room for a new one."""
    await accept(parts, b"1")
    await accept(parts, b"2")
    first, second = await run(parts), await run(parts)
    await parts.storage.put(first.input_key, b"1" * 600)
    await accept(parts, b"3" * 600)
    with pytest.raises(Expired):
        await parts.jobs.load(first.id)
    await accept(parts, b"4")
    await accept(parts, b"5")
    with pytest.raises(Expired):
        await parts.jobs.load(second.id)


async def test_line_of_jobs_is_bounded_by_time(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may fill the line of jobs alone; one that is full takes no job of anybody."""
    monkeypatch.setattr(parts.pool, "mean_work_s", 130.0)  # two at a time: 65 s, and room for 67
    await accept(parts, b"1")
    with pytest.raises(CallerShare):
        await accept(parts, b"2")
    await accept(parts, b"2", caller="bob")
    for caller in ("alice", "bob", "carol"):
        with pytest.raises(QueueFull) as caught:
            await accept(parts, b"3", caller=caller)
        assert 65 <= caught.value.facts["retry_after"] <= 130
        assert caught.value.facts["setting"] == "jobs.wait_s"


async def test_job_is_done_and_its_input_forgotten(parts: Parts) -> None:
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
    assert not await parts.storage.exists(ended.input_key)
    assert lines == [
        {
            "event": "job ended",
            "log_level": "info",
            "job_id": accepted.id,
            "status": "succeeded",
            "attempts": 1,
        }
    ]


async def test_job_that_has_not_ended_has_no_result(parts: Parts) -> None:
    """Who asks too early is told so."""
    with pytest.raises(Conflict, match="the job is queued"):
        await desk.result(parts, await accept(parts))


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
    monkeypatch.setattr(desk, "INSIST_S", 0)
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
        await desk.run_job(parts, Run(claimed))
    assert (await parts.jobs.load(claimed.id)).status is JobStatus.CANCELED
    assert not await parts.storage.exists(claimed.result_key)


async def test_canceled_job_is_not_done(parts: Parts) -> None:
    """Its input goes; who cancels it again is told that it has ended."""
    job = await accept(parts)
    canceled = await desk.cancel(parts, job)
    assert await parts.jobs.claim("me") is None
    assert not await parts.storage.exists(job.input_key)
    with pytest.raises(Conflict, match="canceled cannot become canceled"):
        await desk.cancel(parts, canceled)
    with pytest.raises(Conflict, match="the job is canceled"):
        await desk.result(parts, canceled)


async def test_job_that_goes_on_meanwhile_is_canceled(parts: Parts) -> None:
    """The state that the caller has seen may be an old one."""
    job = await accept(parts)
    await parts.jobs.claim("me")
    assert (await desk.cancel(parts, job)).status is JobStatus.CANCELED


async def test_erased_job_leaves_nothing(parts: Parts) -> None:
    """Input and result go, whether the job waits or has ended."""
    waiting = await accept(parts, b"1")
    await desk.erase(parts, waiting)
    await accept(parts, picture())
    ended = await run(parts)
    await desk.erase(parts, ended)
    for job in (waiting, ended):
        assert not await parts.storage.exists(job.input_key)
        assert not await parts.storage.exists(job.result_key)
        with pytest.raises(Expired):
            await parts.jobs.load(job.id)
    await parts.storage.check_room(1000)
