"""What every job store keeps: jobs by id, moved by compare and set."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from readstone.document import Box, Document, Line, Page, Word
from readstone.engine.base import OcrOptions
from readstone.errors import Conflict, ImageTooLarge, NotFound, StoreFull
from readstone.jobs.job import Job, JobStatus
from readstone.jobs.store import JobStore, MemoryJobStore

pytestmark = pytest.mark.anyio

PLACES = 20
STORES: dict[str, Callable[[], JobStore]] = {
    "memory": lambda: MemoryJobStore(max_jobs=PLACES, ttl_s=60),
}
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BOX = Box(1, 2, 3, 4)
WORD = Word("wörd", BOX, 0.5, 0, 4)
PAGE = Page(1, 10, 20, 300, 90, "eng", "wörd", 0.5, (Line("wörd", BOX, 0.5, (WORD,)),))
RESULT = Document((PAGE,), "tesseract", "5.5")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> JobStore:
    """Each store in turn, empty."""
    return STORES[request.param]()


def job(job_id: str = "1") -> Job:
    """Return a queued job."""
    options = OcrOptions("eng+fra", 6, 300, {"load_freq_dawg": "0"})
    return Job(job_id, "alice", options, AT)


async def running(store: JobStore) -> Job:
    """Return a kept job that runs."""
    await store.add(job())
    await store.move(job().started(AT), expected=JobStatus.QUEUED)
    return await store.load("1")


async def test_store_says_how_durable_it_is(store: JobStore) -> None:
    """Whoever hands work over learns what a restart would cost."""
    assert store.durability in ("volatile", "durable")


async def test_job_comes_back_as_it_was_added(store: JobStore) -> None:
    """Caller, options and times are kept."""
    await store.add(job())
    assert await store.load("1") == job()


async def test_jobs_are_apart(store: JobStore) -> None:
    """A step of one job is no step of another."""
    await store.add(job("1"))
    await store.add(job("2"))
    await store.move(job("1").started(AT), expected=JobStatus.QUEUED)
    assert await store.load("2") == job("2")


async def test_unknown_job_is_not_found(store: JobStore) -> None:
    """An id that was never given has no job."""
    with pytest.raises(NotFound):
        await store.load("1")
    with pytest.raises(NotFound):
        await store.move(job().started(AT), expected=JobStatus.QUEUED)


async def test_step_is_kept(store: JobStore) -> None:
    """Each state of a job can be loaded, with its times and its result."""
    assert await running(store) == job().started(AT)
    ended = job().started(AT).succeeded(AT, RESULT)
    await store.move(ended, expected=JobStatus.RUNNING)
    assert await store.load("1") == ended


async def test_reason_of_a_failure_is_kept(store: JobStore) -> None:
    """Kind, message and facts of an error are what they were."""
    error = ImageTooLarge("send a smaller one", limit=5, actual=7)
    await store.move((await running(store)).failed(AT, error), expected=JobStatus.RUNNING)
    kept = (await store.load("1")).error
    assert type(kept) is ImageTooLarge
    assert (kept.detail, kept.facts) == ("send a smaller one", {"limit": 5, "actual": 7})


async def test_step_from_another_state_is_a_conflict(store: JobStore) -> None:
    """Who comes too late changes nothing."""
    current = await running(store)
    with pytest.raises(Conflict):
        await store.move(job().canceled(AT), expected=JobStatus.QUEUED)
    assert await store.load("1") == current


async def test_one_of_many_wins_a_step(store: JobStore) -> None:
    """Of all who want to start a job, one does."""
    await store.add(job())
    moves = (store.move(job().started(AT), expected=JobStatus.QUEUED) for _ in range(10))
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if outcome is not None)


@pytest.mark.parametrize("to", [JobStatus.RUNNING, JobStatus.FAILED])
async def test_end_is_for_ever(store: JobStore, to: JobStatus) -> None:
    """No store moves a job that has ended, whatever state is expected of it."""
    ended = (await running(store)).succeeded(AT, RESULT)
    await store.move(ended, expected=JobStatus.RUNNING)
    with pytest.raises(Conflict):
        await store.move(replace(ended, status=to), expected=JobStatus.SUCCEEDED)
    assert await store.load("1") == ended


async def test_live_jobs_are_never_thrown_out(store: JobStore) -> None:
    """A store that is full of live jobs refuses a new one and keeps the others."""
    for number in range(PLACES):
        await store.add(job(str(number)))
    if store.durability == "volatile":
        with pytest.raises(StoreFull):
            await store.add(job("one more"))
    for number in range(PLACES):
        assert await store.load(str(number)) == job(str(number))
