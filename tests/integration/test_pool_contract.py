"""The fake pool of the API tests and the real one keep the same contract."""

import asyncio
from collections.abc import AsyncIterator
from time import sleep

import pytest

from readstone.engine.line import Lane, Ticket
from readstone.engine.pool import EnginePool
from readstone.errors import DeadlineExceeded, Draining, InvalidRequest
from tests.fakes import FakePool, Gate

pytestmark = pytest.mark.anyio
Pool = EnginePool | FakePool
LIMITS = {"deadline_s": 10.0, "ticket": Ticket(Lane.NOW, 10.0)}


def warm_state() -> str:
    """Return the state of a worker."""
    return "warm"


def double(state: object, number: int) -> int:
    """Return twice a number."""
    return 2 * number


def refuse(state: object) -> None:
    """Refuse to work."""
    raise InvalidRequest("psm: not like this", setting="ocr.psm")


def stall(state: object) -> None:
    """Work for longer than anybody waits."""
    sleep(60)


@pytest.fixture
def anyio_backend() -> str:
    """The loop on which the service runs."""
    return "asyncio"


@pytest.fixture(params=["real", "fake"])
async def pool(request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    """A pool that has been started."""
    pool: Pool = FakePool()
    if request.param == "real":
        pool = EnginePool(warm_state, workers=1, max_tasks=100, memory_bytes=2**30)
    await pool.start()
    yield pool
    await pool.stop()


def stalling(pool: Pool, *, deadline_s: float = 60.0) -> "asyncio.Task[object]":
    """Begin work that does not end by itself."""
    if isinstance(pool, FakePool):
        pool.script.append(Gate())
    return asyncio.create_task(pool.run(stall, deadline_s=deadline_s, ticket=Ticket(Lane.NOW, 10)))


async def test_a_result_comes_with_its_times(pool: Pool) -> None:
    """The outcome holds what the function returned, and how long that took."""
    outcome = await pool.run(double, 21, **LIMITS)
    assert outcome.value == 42
    assert outcome.queue_s >= 0
    assert outcome.work_s >= 0


async def test_a_refusal_comes_out_as_it_was(pool: Pool) -> None:
    """An error of ours has its detail and its facts on this side too."""
    with pytest.raises(InvalidRequest, match="not like this") as caught:
        await pool.run(refuse, **LIMITS)
    assert caught.value.facts == {"setting": "ocr.psm"}


async def test_work_ends_at_its_deadline(pool: Pool) -> None:
    """What takes too long is ended, and the next task is done."""
    with pytest.raises(DeadlineExceeded):
        await stalling(pool, deadline_s=0.1)
    assert (await pool.run(double, 1, **LIMITS)).value == 2


async def test_work_ends_with_its_caller(pool: Pool) -> None:
    """Cancelling the caller frees the pool."""
    work = stalling(pool)
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert (await pool.run(double, 1, **LIMITS)).value == 2


async def test_a_stopped_pool_refuses(pool: Pool) -> None:
    """What is under way when the pool stops, and what comes later, is told so."""
    work = stalling(pool)
    await asyncio.sleep(0)
    await pool.stop()
    with pytest.raises(Draining):
        await work
    with pytest.raises(Draining):
        await pool.run(double, 1, **LIMITS)


async def test_a_pool_tells_of_itself(pool: Pool) -> None:
    """Size, warm workers, waiting tasks and the usual time of a task can be asked for."""
    assert 1 <= pool.warm <= pool.size
    assert pool.waiting == 0
    assert pool.mean_work_s > 0
