"""Runs accepted jobs in this process, as many at a time as there are engine workers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog

from readstone.errors import Conflict
from readstone.jobs.job import Job
from readstone.jobs.store import JobStore
from readstone.progress import Course, Progress

log = structlog.get_logger(__name__)

# A job that another process has added, or given back, is seen after this time.
LOOK_S = 1.0
# So often leases are prolonged, and what was taken from this process is given up.
TICK_S = 0.5
PAUSE_S = 1.0


@dataclass(slots=True, eq=False)
class Run:
    """An attempt at a job; `work` is under way if it was begun before the job was kept."""

    job: Job
    course: Course | None = None
    work: "asyncio.Task[Any] | None" = None

    @property
    def progress(self) -> Progress:
        """How far the work is."""
        return self.course.progress if self.course else Progress()

    def follow(self, course: Course) -> None:
        """Take up the course of the work; that of another reading of the same pages is not told."""
        self.course = self.course or course

    def seen(self) -> Job:
        """Return the job with how far it is now."""
        return replace(self.job, progress=self.progress)


Work = Callable[[Run], Awaitable[None]]


class JobRunner:
    """Claims jobs from the store, and works at `concurrency` of them at a time.

    Args:
        owner: under which name jobs are claimed; no other process has the same.
    """

    def __init__(self, store: JobStore, *, concurrency: int, owner: str) -> None:
        self.owner = owner
        self.backlog = 0  # of jobs that waited when somebody last looked
        self._store = store
        self._concurrency = concurrency
        self._bell = asyncio.Event()
        self._work: Work
        self._runs: dict[Run, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._is_claiming = True

    def start(self, work: Work) -> None:
        """Begin to claim jobs; `work` does one of them and records its end."""
        self._work = work
        self._loops = [
            asyncio.create_task(self._repeat(each)) for each in (self._claim, self._tend)
        ]

    async def submit(self, job_id: str) -> None:
        """Say that a job waits."""
        self._bell.set()

    def adopt(self, run: Run) -> None:
        """Work at once at a job that this process has begun already."""
        self._runs[run] = asyncio.create_task(self._run(run))

    async def cancel(self, job_id: str) -> None:
        """Return when this process does not work at a job any more."""
        tasks = [task for run, task in self._runs.items() if run.job.id == job_id]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def drain(self, *, grace_s: float) -> None:
        """Return when the jobs that run have ended, or after the grace time.

        Jobs that wait are left to the next process; where none would find them they are run too.
        """
        self._is_claiming = self._store.durability == "volatile"
        try:
            async with asyncio.timeout(grace_s):
                while await self._is_busy():
                    await self._wait_for_bell()
        except TimeoutError:
            log.warning("jobs are given up", running=len(self._runs), grace_s=grace_s)

    async def _is_busy(self) -> bool:
        # In this order, so that a job is seen that is being claimed meanwhile.
        waiting = self._is_claiming and await self._store.line.length()
        return bool(self._runs or waiting or await self._store.owned(self.owner))

    async def stop(self) -> None:
        """End the work, and give the jobs back as if they had not been begun."""
        tasks = [*self._loops, *self._runs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for job in await self._store.owned(self.owner):
            await self._store.move(job.requeued(), expected=job)

    async def _repeat(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Exception:
                log.exception("job runner survives")
                await asyncio.sleep(PAUSE_S)

    async def _claim(self) -> None:
        """Begin a job, or wait until there may be one and a place for it."""
        has_place = self._is_claiming and len(self._runs) < self._concurrency
        job = await self._store.claim(self.owner) if has_place else None
        if job:
            self.adopt(Run(job))
        else:
            await self._wait_for_bell()

    async def _wait_for_bell(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await self._bell.wait()
        self._bell.clear()

    async def _tend(self) -> None:
        """Prolong the leases of what runs, and give up what was taken from this process."""
        await asyncio.sleep(TICK_S)
        self.backlog = await self._store.line.length()
        if self._runs:
            for job in await self._store.renew([run.seen() for run in self._runs]):
                await self.cancel(job.id)

    async def _run(self, run: Run) -> None:
        try:
            await self._work(run)
        except Conflict:
            log.info("late result dropped", job_id=run.job.id)
        except Exception:
            log.exception("job runner survives", job_id=run.job.id)
        finally:
            del self._runs[run]
            self._bell.set()
