"""Tests of jobs/store.py, beyond what tests/contract says of every store: time and room."""

from datetime import UTC, datetime

import pytest

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.errors import Expired, NotFound, StoreFull
from readstone.jobs.job import Job, JobStatus
from readstone.jobs.store import TOMBSTONE_TTL_S, MemoryJobStore

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 21, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """A clock at zero."""
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryJobStore:
    """A store of three places in which results are kept for a minute."""
    return MemoryJobStore(max_jobs=3, ttl_s=60, clock=clock)


async def add(store: MemoryJobStore, job_id: str) -> Job:
    """Keep a queued job."""
    job = Job(job_id, "alice", OcrOptions(), AT)
    await store.add(job)
    return job


async def end(store: MemoryJobStore, job: Job) -> Job:
    """Take a job to its end."""
    running = job.started(AT)
    await store.move(running, expected=JobStatus.QUEUED)
    ended = running.succeeded(AT, Document((), "e", "1"))
    await store.move(ended, expected=JobStatus.RUNNING)
    return ended


async def test_memory_is_volatile(store: MemoryJobStore) -> None:
    """Who gets a job's id is told that a restart loses it."""
    assert store.durability == "volatile"


async def test_expired_job_is_gone(store: MemoryJobStore, clock: Clock) -> None:
    """A result is kept for its time, and then for a day it is known to have been there."""
    await end(store, await add(store, "a"))
    clock.now_s = 59
    assert (await store.load("a")).status is JobStatus.SUCCEEDED
    clock.now_s = 61
    with pytest.raises(Expired):
        await store.load("a")
    clock.now_s += TOMBSTONE_TTL_S + 1
    with pytest.raises(NotFound):
        await store.load("a")


async def test_live_job_does_not_expire(store: MemoryJobStore, clock: Clock) -> None:
    """However long a job waits or runs, it is there."""
    await add(store, "a")
    clock.now_s = 10**6
    assert (await store.load("a")).status is JobStatus.QUEUED


async def test_live_jobs_are_never_thrown_out(store: MemoryJobStore) -> None:
    """When every place is taken by a live job, a new one is refused with limit and setting."""
    for job_id in "abc":
        await add(store, job_id)
    with pytest.raises(StoreFull) as caught:
        await add(store, "d")
    assert caught.value.facts["limit"] == 3
    assert caught.value.facts["setting"] == "jobs.max_jobs"
    assert caught.value.facts["retry_after"] > 0
    assert [(await store.load(job_id)).id for job_id in "abc"] == ["a", "b", "c"]
    with pytest.raises(NotFound):
        await store.load("d")


async def test_ended_job_makes_room(store: MemoryJobStore) -> None:
    """The longest unused result goes first, and is known to have been there."""
    await add(store, "a")
    for job_id in "bc":
        await end(store, await add(store, job_id))
    await add(store, "d")
    assert (await store.load("a")).status is JobStatus.QUEUED
    assert (await store.load("c")).status is JobStatus.SUCCEEDED
    with pytest.raises(Expired):
        await store.load("b")


async def test_expired_job_makes_room_first(store: MemoryJobStore, clock: Clock) -> None:
    """A result is not thrown out while another's time is over."""
    await end(store, await add(store, "a"))
    clock.now_s = 50
    for job_id in "bc":
        await end(store, await add(store, job_id))
    clock.now_s = 61
    await add(store, "d")
    for job_id in "bcd":
        assert (await store.load(job_id)).id == job_id


async def test_many_jobs_pass_through_few_places(store: MemoryJobStore) -> None:
    """Ended jobs never fill the store, and it does not grow."""
    for number in range(200):
        await end(store, await add(store, str(number)))
    assert len(store._live) == 0
    assert len(store._ended) == 3
    assert len(store._gone) <= 30
