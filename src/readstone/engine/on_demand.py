"""A pool that exists only while it is needed."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

from readstone.engine.line import Ticket
from readstone.engine.pool import EnginePool, Outcome, draining

log = structlog.get_logger(__name__)
T = TypeVar("T")


class PoolOnDemand:
    """Starts a pool for the first task, and ends it when there was none for a while.

    Args:
        build: makes a pool that is not started.
        idle_s: after so long without a task the pool is ended.
    """

    def __init__(self, build: Callable[[], EnginePool], *, idle_s: float) -> None:
        self._build = build
        self._idle_s = idle_s
        self._pool: EnginePool | None = None
        self._tasks = 0
        self._turn = asyncio.Lock()
        self._ending: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def is_running(self) -> bool:
        """Whether there are workers now."""
        return self._pool is not None

    async def run(
        self,
        function: Callable[..., T],
        *args: Any,
        deadline_s: float,
        ticket: Ticket,
    ) -> Outcome[T]:
        """Call a function in a worker, as EnginePool.run does.

        Raises:
            EngineFailed: the pool cannot be started.
            ReadstoneError: whatever EnginePool.run raises.
        """
        self._tasks += 1
        if self._ending:
            self._ending.cancel()
        try:
            pool = await self._started()
            return await pool.run(function, *args, deadline_s=deadline_s, ticket=ticket)
        finally:
            self._tasks -= 1
            if not self._tasks and not self._stopped:
                self._ending = asyncio.create_task(self._end_when_idle())

    async def stop(self) -> None:
        """Refuse what waits, end what runs, and remove all workers."""
        self._stopped = True
        if self._ending:
            self._ending.cancel()
        async with self._turn:
            await self._end()

    async def _started(self) -> EnginePool:
        async with self._turn:
            if self._stopped:
                raise draining()
            if self._pool is None:
                pool = self._build()
                try:
                    await pool.start()
                except BaseException:  # also when nobody waits for it any more
                    await pool.stop()
                    raise
                self._pool = pool
                log.info("pool started on demand", workers=pool.size)
            return self._pool

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle_s)
        self._ending = None  # what has begun is not to be cancelled
        async with self._turn:
            if not self._tasks:
                await self._end()
                log.info("idle pool ended")

    async def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            await pool.stop()
