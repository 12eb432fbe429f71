"""Runs accepted jobs in this process, as many at a time as there are engine workers."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


class JobRunner:
    """Takes job ids in the order in which they come; `concurrency` jobs run at a time."""

    def __init__(self, *, concurrency: int) -> None:
        self._concurrency = concurrency
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._loops: list[asyncio.Task[None]] = []

    @property
    def backlog(self) -> int:
        """Number of jobs that wait."""
        return self._waiting.qsize()

    def start(self, run: Callable[[str], Awaitable[None]]) -> None:
        """Begin to take jobs; `run` does one of them and records its end."""
        self._loops = [asyncio.create_task(self._work(run)) for _ in range(self._concurrency)]

    async def submit(self, job_id: str) -> None:
        """Put a job at the end of the line."""
        self._waiting.put_nowait(job_id)

    async def drain(self, *, grace_s: float) -> None:
        """Return when all jobs have ended, or after the grace time."""
        try:
            await asyncio.wait_for(self._waiting.join(), grace_s)
        except TimeoutError:
            log.warning("jobs are given up", waiting=self.backlog, grace_s=grace_s)

    async def stop(self) -> None:
        """End the jobs that run, and take no more."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def _work(self, run: Callable[[str], Awaitable[None]]) -> None:
        while True:
            job_id = await self._waiting.get()
            try:
                await run(job_id)
            except Exception:
                log.exception("job runner survives", job_id=job_id)
            finally:
                self._waiting.task_done()
