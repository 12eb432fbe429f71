"""The contract of every job store, and the one in memory."""

from collections.abc import Callable
from time import monotonic
from typing import Protocol

from cachetools import TTLCache

from readstone.errors import Conflict, Expired, NotFound, StoreFull
from readstone.jobs.job import Job, JobStatus

TOMBSTONE_TTL_S = 86_400.0
TOMBSTONES_PER_JOB = 10


class JobStore(Protocol):
    """Keeps jobs; a live one is never thrown out."""

    durability: str

    async def add(self, job: Job) -> None:
        """Keep a new job; raise StoreFull when every place is taken by a live one."""
        ...

    async def load(self, job_id: str) -> Job:
        """Return a job; raise Expired when it is no longer kept, NotFound when it never was."""
        ...

    async def move(self, job: Job, *, expected: JobStatus) -> None:
        """Replace a job that still has the expected status; raise Conflict otherwise."""
        ...


class MemoryJobStore:
    """Keeps jobs in this process: live ones as long as they live, ended ones for `ttl_s`.

    An ended job makes room for a new one when all `max_jobs` places are taken.
    """

    durability = "volatile"

    def __init__(
        self, *, max_jobs: int, ttl_s: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._max_jobs = max_jobs
        self._live: dict[str, Job] = {}
        self._ended: TTLCache[str, Job] = TTLCache(max_jobs, ttl_s, clock)
        self._gone: TTLCache[str, None] = TTLCache(
            max_jobs * TOMBSTONES_PER_JOB, TOMBSTONE_TTL_S, clock
        )

    async def add(self, job: Job) -> None:
        """Keep a new job; raise StoreFull when every place is taken by a live one."""
        self._bury_expired()
        if len(self._live) + len(self._ended) >= self._max_jobs:
            if not self._ended:
                raise StoreFull(
                    "every place for a job is taken by one that has not ended; send it again later",
                    limit=self._max_jobs,
                    setting="jobs.max_jobs",
                    retry_after=5,
                )
            self._gone[self._ended.popitem()[0]] = None
        self._live[job.id] = job

    async def load(self, job_id: str) -> Job:
        """Return a job; raise Expired when it is no longer kept, NotFound when it never was."""
        self._bury_expired()
        job = self._live.get(job_id) or self._ended.get(job_id)
        if job is not None:
            return job
        if job_id in self._gone:
            raise Expired("the job has ended and its result is no longer kept")
        raise NotFound("there is no job with this id")

    async def move(self, job: Job, *, expected: JobStatus) -> None:
        """Replace a job that still has the expected status; raise Conflict otherwise."""
        current = await self.load(job.id)
        if current.status is not expected or current.status.is_terminal:
            raise Conflict(f"the job is {current.status} and not {expected}")
        if job.status.is_terminal:
            del self._live[job.id]
            self._ended[job.id] = job
        else:
            self._live[job.id] = job

    def _bury_expired(self) -> None:
        for job_id, _ in self._ended.expire():
            self._gone[job_id] = None
