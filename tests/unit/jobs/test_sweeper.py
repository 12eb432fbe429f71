"""Tests of jobs/sweeper.py: what was left is taken back, and what is over is erased."""

from pathlib import Path

import pytest

from readstone.errors import Expired, GaveUp, NotFound
from readstone.jobs.job import MAX_ATTEMPTS, Job, JobStatus
from readstone.jobs.presence import Presence
from readstone.jobs.store import LEASE, TOMBSTONE_TTL, JobStore
from readstone.jobs.sweeper import Sweeper
from readstone.storage.memory import MemoryStorage
from tests.fakes import Clock
from tests.unit.jobs.conftest import add

pytestmark = pytest.mark.anyio


@pytest.fixture
def storage() -> MemoryStorage:
    """A storage with room."""
    return MemoryStorage(max_bytes=1000)


@pytest.fixture
def rung() -> list[str]:
    """The jobs for which the sweeper has rung."""
    return []


@pytest.fixture
def sweeper(store: JobStore, storage: MemoryStorage, rung: list[str]) -> Sweeper:
    """A sweeper that knows no other process."""
    return Sweeper(store, storage, None, ring(rung))


def ring(rung: list[str]):  # type: ignore[no-untyped-def]
    """Return a bell that keeps for which jobs it was rung."""

    async def ringing(job_id: str) -> None:
        rung.append(job_id)

    return ringing


async def running(store: JobStore, storage: MemoryStorage, owner: str = "gone") -> Job:
    """Return a job that a process has begun."""
    await add(store, "a")
    await storage.put("inputs/a", b"in")
    job = await store.claim(owner)
    assert job
    return job


async def test_job_waits_again_when_its_lease_is_over(
    store: JobStore, storage: MemoryStorage, sweeper: Sweeper, clock: Clock, rung: list[str]
) -> None:
    """Until then it is its owner's."""
    job = await running(store, storage)
    await sweeper.sweep()
    assert await store.load("a") == job
    clock.now = LEASE.total_seconds() + 1
    await sweeper.sweep()
    assert (await store.load("a")).status is JobStatus.QUEUED
    assert rung == ["a"]
    assert await storage.get("inputs/a") == b"in"


async def test_job_has_failed_after_its_last_attempt(
    store: JobStore, storage: MemoryStorage, sweeper: Sweeper, clock: Clock
) -> None:
    """A job that ends its process every time is tried so often and no more."""
    await running(store, storage)
    attempts = 1
    while True:
        clock.now += LEASE.total_seconds() + 1
        await sweeper.sweep()
        if not await store.claim("gone too"):
            break
        attempts += 1
    job = await store.load("a")
    assert (job.status, job.attempts, attempts) == (JobStatus.FAILED, MAX_ATTEMPTS, MAX_ATTEMPTS)
    assert isinstance(job.error, GaveUp)
    assert not await storage.exists("inputs/a")


async def test_job_of_a_process_that_ended_here_waits_at_once(
    store: JobStore, storage: MemoryStorage, tmp_path: Path, rung: list[str]
) -> None:
    """Its lease need not run out; a process that lives keeps its jobs."""
    gone, here = Presence(tmp_path), Presence(tmp_path)
    sweeper = Sweeper(store, storage, here, ring(rung))
    job = await running(store, storage, owner=gone.id)
    await sweeper.sweep()
    assert await store.load("a") == job
    gone._file.close()
    await sweeper.sweep()
    assert (await store.load("a")).status is JobStatus.QUEUED
    assert [path.name for path in tmp_path.iterdir()] == [here.id]
    here.end()


async def test_overdue_job_is_erased(
    store: JobStore, storage: MemoryStorage, sweeper: Sweeper, clock: Clock
) -> None:
    """Input and results of all attempts go; first the job is gone, a day later unknown."""
    began = await running(store, storage)
    await store.move(began.interrupted(store.now()), expected=began)
    again = await store.claim("me")
    assert again
    for key in ("results/a.1", "results/a.2"):
        await storage.put(key, b"out")
    await store.move(again.succeeded(store.now(), is_partial=False), expected=again)
    clock.now = 59
    await sweeper.sweep()
    assert await storage.exists("results/a.2")
    clock.now = 61
    await sweeper.sweep()
    with pytest.raises(Expired):
        await store.load("a")
    for key in ("inputs/a", "results/a.1", "results/a.2"):
        assert not await storage.exists(key)
    clock.now += TOMBSTONE_TTL.total_seconds()
    await sweeper.sweep()
    with pytest.raises(NotFound):
        await store.load("a")


async def test_what_belongs_to_no_job_is_erased(
    store: JobStore, storage: MemoryStorage, sweeper: Sweeper, clock: Clock
) -> None:
    """After an hour, within which a job is handed in; what belongs to one stays."""
    job = await running(store, storage)
    strays = ("inputs/never", "results/never.1")
    for key in (*strays, job.result_key):
        await storage.put(key, b"x")
    await sweeper.mend()
    assert await storage.exists(strays[0])
    clock.now = 10**9  # by the clock of the storage, which is that of the machine
    await sweeper.mend()
    there = [await storage.exists(key) for key in (*strays, job.input_key, job.result_key)]
    assert there == [False, False, True, True]
