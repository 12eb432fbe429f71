"""Tests of engine/on_demand.py: a pool that is there when it is needed, and only then."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from readstone.engine.line import Lane, Ticket
from readstone.engine.on_demand import PoolOnDemand
from readstone.engine.pool import EnginePool, Outcome
from readstone.errors import Draining, EngineFailed
from tests.unit.engine import failures
from tests.unit.processes import until, worker_pids

pytestmark = pytest.mark.anyio

LIMITS = {"deadline_s": 30, "ticket": Ticket(Lane.NOW, 30)}


class FakePool:
    """Keeps the contract of EnginePool without processes; `gate` holds its tasks."""

    size = 1

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.is_alive = False

    async def start(self) -> None:
        await asyncio.sleep(0)
        self.is_alive = True

    async def stop(self) -> None:
        await asyncio.sleep(0)
        self.is_alive = False

    async def run(self, function: Callable[..., Any], *args: Any, **_: Any) -> Outcome[Any]:
        await self.gate.wait()
        if not self.is_alive:
            raise Draining("the pool has ended")
        return Outcome(function(self, *args), 0.0, 0.0)


class Builder:
    """Makes fake pools whose gates are open, and remembers them."""

    def __init__(self) -> None:
        self.pools: list[FakePool] = []

    def __call__(self) -> Any:
        self.pools.append(FakePool())
        self.pools[-1].gate.set()
        return self.pools[-1]


@pytest.fixture
def build() -> Builder:
    """Makes pools for the one on demand."""
    return Builder()


@pytest.fixture
async def pool(build: Builder) -> AsyncIterator[PoolOnDemand]:
    """A pool on demand that ends soon after its last task."""
    made = PoolOnDemand(build, idle_s=0.01)
    yield made
    await made.stop()


def double(_: FakePool, number: int) -> int:
    """Return the number twice."""
    return 2 * number


async def test_nothing_is_started_before_the_first_task(build: Builder, pool: PoolOnDemand) -> None:
    """A pool that nobody needs costs nothing."""
    assert (build.pools, pool.is_running) == ([], False)
    assert (await pool.run(double, 21, **LIMITS)).value == 42
    assert pool.is_running


async def test_tasks_that_come_together_share_a_pool(build: Builder, pool: PoolOnDemand) -> None:
    """It is started once."""
    await asyncio.gather(*(pool.run(double, number, **LIMITS) for number in range(5)))
    assert len(build.pools) == 1


async def test_idle_pool_ends_and_starts_again(build: Builder, pool: PoolOnDemand) -> None:
    """Its workers are gone after a while; the next task has new ones."""
    await pool.run(double, 1, **LIMITS)
    await until(lambda: not build.pools[0].is_alive)
    assert not pool.is_running
    await pool.run(double, 1, **LIMITS)
    assert [each.is_alive for each in build.pools] == [False, True]


async def test_pool_that_works_does_not_end(build: Builder, pool: PoolOnDemand) -> None:
    """The time without tasks begins with the end of the last one."""
    await pool.run(double, 1, **LIMITS)
    build.pools[0].gate.clear()
    working = asyncio.create_task(pool.run(double, 2, **LIMITS))
    await asyncio.sleep(0.05)
    build.pools[0].gate.set()
    assert (await working).value == 4
    assert len(build.pools) == 1


async def test_stop_is_the_end(build: Builder, pool: PoolOnDemand) -> None:
    """What comes later is refused, and starts nothing."""
    await pool.run(double, 1, **LIMITS)
    await pool.stop()
    assert not build.pools[0].is_alive
    with pytest.raises(Draining):
        await pool.run(double, 1, **LIMITS)
    assert len(build.pools) == 1


async def test_start_that_nobody_waits_for_leaves_nothing() -> None:
    """A client that goes while the workers start takes them with it."""
    before = worker_pids()
    pool = PoolOnDemand(lambda: real_pool(failures.build_for_ever), idle_s=60)
    starting = asyncio.create_task(pool.run(failures.answer, 1, **LIMITS))
    await until(lambda: worker_pids() - before)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert worker_pids() <= before
    await pool.stop()


async def test_workers_that_do_not_start_are_tried_again() -> None:
    """One failure is no verdict on the next task."""
    factories = [failures.build_nothing, failures.build]
    pool = PoolOnDemand(lambda: real_pool(factories.pop(0)), idle_s=60)
    with pytest.raises(EngineFailed):
        await pool.run(failures.answer, 1, **LIMITS)
    assert (await pool.run(failures.answer, 1, **LIMITS)).value == 1
    await pool.stop()


def real_pool(factory: Callable[[], Any]) -> EnginePool:
    """Return a pool of one real worker."""
    return EnginePool(factory, workers=1, max_tasks=9, memory_bytes=2**30)
