"""Looks after jobs that were left: by a process that ended, or because their time is over."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from readstone.errors import Conflict
from readstone.jobs.job import FOLDERS, Job, job_id_of
from readstone.jobs.presence import Presence
from readstone.jobs.store import JobStore
from readstone.storage.base import Storage

log = structlog.get_logger(__name__)

AT_ONCE = 100
# Longer than it takes from the input of a job, or the first one of a batch, to its row.
ORPHAN_AGE = timedelta(hours=1)


class Sweeper:
    """Takes back what was interrupted, and erases what is no longer kept.

    Args:
        presence: tells which processes of this machine live; of others only their leases tell.
        ring: says that a job waits.
    """

    def __init__(
        self,
        store: JobStore,
        storage: Storage,
        presence: Presence | None,
        ring: Callable[[str], Awaitable[None]],
    ) -> None:
        self._store = store
        self._storage = storage
        self._presence = presence
        self._ring = ring

    async def sweep(self) -> None:
        """Do all of it once."""
        await self.take_back()
        while overdue := await self._store.overdue(AT_ONCE):
            for job in overdue:
                await self.expire(job)
        await self._store.forget_expired()

    async def take_back(self) -> None:
        """Let jobs wait again whose process has ended; after the last attempt they have failed."""
        lost = await self._store.unattended()
        if self._presence:
            for owner in filter(self._presence.is_over, await self._store.owners()):
                lost += await self._store.owned(owner)
        for job in {job.id: job for job in lost}.values():
            with suppress(Conflict):  # somebody else was quicker
                back = job.interrupted(self._store.now())
                await self._store.move(back, expected=job)
                if back.status.is_terminal:
                    await self._storage.delete(job.input_key)
                log.warning("job taken back", job_id=job.id, status=back.status)
                await self._ring(job.id)
        if self._presence:
            self._presence.sweep()

    async def mend(self) -> None:
        """Erase inputs and results of no job that is kept; a kill before its row leaves some."""
        limit, orphans = self._store.now() - ORPHAN_AGE, 0
        for folder in FOLDERS:
            old = [key for key, since in await self._storage.keys(folder) if since < limit]
            for some in (old[start : start + AT_ONCE] for start in range(0, len(old), AT_ONCE)):
                kept = await self._store.kept([job_id_of(key) for key in some])
                for key in some:
                    if job_id_of(key) not in kept:
                        await self._storage.delete(key)
                        orphans += 1
        if orphans:
            log.warning("jobs mended", orphans=orphans)

    async def expire(self, job: Job) -> None:
        """Erase what an ended job has kept."""
        for key in (job.input_key, *job.result_keys):
            await self._storage.delete(key)
        with suppress(Conflict):
            await self._store.move(job.expired(), expected=job)
