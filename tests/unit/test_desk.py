"""Tests of desk.py: jobs are taken in whole, belong to their callers, and can be ended."""

import asyncio

import pytest

from readstone import desk
from readstone.errors import (
    CallerShare,
    Conflict,
    Expired,
    NotFound,
    QueueFull,
    StoreFull,
)
from readstone.jobs.job import JobStatus
from readstone.parts import Parts
from tests.unit.job_work import accept, run
from tests.unit.stand_ins import picture

pytestmark = pytest.mark.anyio


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
    assert await parts.jobs.line.length() == 0


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
    monkeypatch.setattr(parts.pool, "mean_work_s", 100.0)  # two at a time: 50 s, and room for 54
    await accept(parts, b"1")
    with pytest.raises(CallerShare):
        await accept(parts, b"2")
    await accept(parts, b"2", caller="bob")
    for caller in ("alice", "bob", "carol"):
        with pytest.raises(QueueFull) as caught:
            await accept(parts, b"3", caller=caller)
        assert 50 <= caught.value.facts["retry_after"] <= 100
        assert caught.value.facts["setting"] == "jobs.wait_s"


async def test_job_that_has_not_ended_has_no_result(parts: Parts) -> None:
    """Who asks too early is told so."""
    with pytest.raises(Conflict, match="the job is queued"):
        await desk.result(parts, await accept(parts))


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
