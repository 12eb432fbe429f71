"""Keeps jobs in a database; what has been kept survives the process if the database does."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import jobs
from readstone.errors import Conflict, Expired, NotFound, StoreFull
from readstone.events.event import new_event
from readstone.events.outbox import keep
from readstone.jobs.job import LIVE, Job, JobStatus
from readstone.jobs.keys import KeyStore
from readstone.jobs.line import JobLine
from readstone.jobs.news import News
from readstone.jobs.rows import to_job, to_json, to_row

LEASE = timedelta(seconds=30)
TOMBSTONE_TTL = timedelta(days=1)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class JobStore:
    """Keeps jobs, hands them out one at a time, and moves them by compare and set.

    Args:
        max_jobs: so many are kept at most; a live one is never thrown out.
        ttl_s: so long a job is kept after its end.
        topic: the target that is told of every job that has ended.
    """

    def __init__(
        self,
        database: Database,
        *,
        max_jobs: int,
        ttl_s: float,
        clock: Callable[[], datetime] = utc_now,
        topic: str | None = None,
    ) -> None:
        self._database = database
        self._topic = topic
        self._max_jobs = max_jobs
        self._ttl = timedelta(seconds=ttl_s)
        self.now = clock
        self.news = News()
        self.line = JobLine(database)
        self.keys = KeyStore(database, ttl=self._ttl, clock=clock)

    def expires_at(self, job: Job) -> datetime | None:
        """Return until when a job is kept; None while it has not ended."""
        return job.finished_at and job.finished_at + self._ttl

    @property
    def durability(self) -> str:
        """What a kill of the process costs: `durable` jobs survive it, `volatile` ones do not."""
        return "durable" if self._database.is_durable else "volatile"

    @to_the_end
    async def add(self, job: Job, *children: Job) -> Job:
        """Keep a new job and return it, or return the earlier one with the same fingerprint.

        Its children are kept with it, or not at all.

        Raises:
            StoreFull: as many are kept as may be.
        """
        while True:
            try:
                async with self._database.write() as connection:
                    await self._check_room(connection, 1 + len(children))
                    for each in (job, *children):
                        await connection.execute(insert(jobs).values(self._values(each)))
                    if children:
                        await self._settle(connection, job.id)
                return job
            except IntegrityError:
                if same := await self.same(job.fingerprint):
                    return same

    @to_the_end
    async def same(self, fingerprint: str | None) -> Job | None:
        """Return the job with this fingerprint; None without one."""
        found = await self._found(select(jobs).where(jobs.c.fingerprint == fingerprint))
        return found[0] if found else None

    async def _check_room(self, connection: AsyncConnection, places: int) -> None:
        kept = await connection.scalar(
            select(func.count()).where(jobs.c.status != JobStatus.EXPIRED)
        )
        if kept is not None and kept + places > self._max_jobs:
            raise StoreFull(
                "as many jobs are kept as may be; send it again later",
                limit=self._max_jobs,
                setting="jobs.max_jobs",
                retry_after=5,
            )

    @to_the_end
    async def load(self, job_id: str) -> Job:
        """Return a job; raise Expired when it is no longer kept, NotFound when it never was."""
        found = await self._found(select(jobs).where(jobs.c.id == job_id))
        if not found or self._is_over(found[0], self._ttl + TOMBSTONE_TTL):
            raise NotFound("there is no job with this id")
        if found[0].status is JobStatus.EXPIRED or self.is_overdue(found[0]):
            raise Expired("the job has ended and its result is no longer kept")
        return found[0]

    def is_overdue(self, job: Job) -> bool:
        """Whether a job has ended longer ago than it is kept."""
        return self._is_over(job, self._ttl)

    def _is_over(self, job: Job, time: timedelta) -> bool:
        return job.finished_at is not None and job.finished_at < self.now() - time

    @to_the_end
    async def of_caller(self, caller: str, *, before: str | None, limit: int) -> list[Job]:
        """Return the newest jobs of a caller that are kept; only older ones than `before`.

        Those within a batch are not among them.
        """
        query = select(jobs).where(
            jobs.c.caller == caller, jobs.c.parent.is_(None), jobs.c.status != JobStatus.EXPIRED
        )
        if before is not None:
            query = query.where(jobs.c.number < _number_of(before))
        return await self._found(query.order_by(jobs.c.number.desc()).limit(limit))

    @to_the_end
    async def children(self, batch_ids: Sequence[str]) -> list[Job]:
        """Return the jobs within batches, in the order in which they came."""
        return await self._found(
            select(jobs).where(jobs.c.parent.in_(batch_ids)).order_by(jobs.c.number)
        )

    @to_the_end
    async def kept(self, job_ids: Sequence[str]) -> set[str]:
        """Return those of the ids that belong to a job of which something may be kept."""
        query = select(jobs.c.id).where(jobs.c.id.in_(job_ids), jobs.c.status != JobStatus.EXPIRED)
        async with self._database.read() as connection:
            return set(await connection.scalars(query))

    @to_the_end
    async def claim(self, owner: str) -> Job | None:
        """Return the next job as begun by this process; None when no job waits.

        Callers take turns, by their names; each has jobs done in the order in which they came.
        """
        async with self._database.write() as connection:
            row = (await connection.execute(self.line.next_job())).one_or_none()
            if row is None:
                return None
            queued = to_job(row)
            job = queued.started(self.now(), owner)
            await self._replace(connection, job, queued)
        self.line.served = job.caller
        self._tell(job)
        return job

    @to_the_end
    async def move(self, job: Job, *, expected: Job) -> None:
        """Replace a job that stands where it is expected; raise Conflict otherwise."""
        async with self._database.write() as connection:
            await self._replace(connection, job, expected)
        self._tell(job)

    @to_the_end
    async def cancel(self, job: Job) -> list[Job]:
        """Cancel a job, and those within it that have not ended; return them all.

        Raises:
            Conflict: it does not stand where it is expected.
        """
        canceled = [job.canceled(self.now())]
        async with self._database.write() as connection:
            await self._replace(connection, canceled[0], job)
            for row in await connection.execute(
                select(jobs)
                .where(jobs.c.parent == job.id, jobs.c.status.in_(LIVE))
                .order_by(jobs.c.number)
                .with_for_update()
            ):
                child = to_job(row)
                canceled.append(child.canceled(self.now()))
                await self._replace(connection, canceled[-1], child)
        for each in canceled:
            self._tell(each)
        return canceled

    def _tell(self, job: Job) -> None:
        for job_id in filter(None, (job.id, job.parent)):
            self.news.tell(job_id)

    async def _replace(self, connection: AsyncConnection, job: Job, expected: Job) -> None:
        ended_at = None if expected.finished_at else job.finished_at
        if ended_at and job.parent:
            # Those that end last at the same time would each take the other for running.
            await connection.execute(
                select(jobs.c.id).where(jobs.c.id == job.parent).with_for_update()
            )
        changed = await connection.execute(
            update(jobs).where(_stands_at(expected)).values(self._values(job))
        )
        if not changed.rowcount:
            raise Conflict("the job is no longer where it was; ask for it again")
        if ended_at:
            await self._announce(connection, job, ended_at)
        if ended_at and job.parent:
            await self._settle(connection, job.parent)

    async def _settle(self, connection: AsyncConnection, batch_id: str) -> None:
        """End a batch when all within it has ended."""
        row = (
            await connection.execute(
                select(jobs).where(jobs.c.id == batch_id, jobs.c.status.in_(LIVE))
            )
        ).one_or_none()
        statuses = await connection.scalars(
            select(jobs.c.status).where(jobs.c.parent == batch_id).distinct()
        )
        found = set(map(JobStatus, statuses))
        if row and not found & LIVE:
            batch = to_job(row)
            await self._replace(connection, batch.ended_with(found, self.now()), batch)

    async def _announce(self, connection: AsyncConnection, job: Job, at: datetime) -> None:
        """Tell of the end of a job, as soon as it is on disk."""
        told = {
            "id": job.id,
            "kind": job.kind,
            "status": job.status,
            "request_id": job.request_id,
        }
        for target in filter(None, (job.callback, self._topic)):
            await keep(connection, new_event("job.finished", job.id, target, told, at))

    @to_the_end
    async def renew(self, running: Sequence[Job]) -> list[Job]:
        """Prolong the leases of jobs and keep how far they are; return those taken from them."""
        lost = []
        async with self._database.write() as connection:
            for job in running:
                values = {"lease_until": self.now() + LEASE, "progress": to_json(job.progress)}
                renewed = await connection.execute(
                    update(jobs).where(_stands_at(job)).values(values)
                )
                if not renewed.rowcount:
                    lost.append(job)
        for job in running:
            self._tell(job)
        return lost

    @to_the_end
    async def owned(self, owner: str) -> list[Job]:
        """Return what a process works at."""
        return await self._found(select(jobs).where(_is_running(), jobs.c.owner == owner))

    @to_the_end
    async def owners(self) -> set[str]:
        """Return the processes that work at any job."""
        async with self._database.read() as connection:
            found = await connection.scalars(select(jobs.c.owner).where(_is_running()).distinct())
            return {owner for owner in found if owner}

    @to_the_end
    async def unattended(self) -> list[Job]:
        """Return the jobs whose process has not prolonged its lease."""
        return await self._found(select(jobs).where(_is_running(), jobs.c.lease_until < self.now()))

    @to_the_end
    async def overdue(self, limit: int) -> list[Job]:
        """Return jobs that have ended longer ago than they are kept."""
        return await self._found(
            select(jobs)
            .where(_has_ended(), jobs.c.finished_at < self.now() - self._ttl)
            .limit(limit)
        )

    @to_the_end
    async def oldest_ended(self) -> Job | None:
        """Return the job that ended first, of those that are kept."""
        found = await self._found(
            select(jobs).where(_has_ended()).order_by(jobs.c.finished_at).limit(1)
        )
        return found[0] if found else None

    @to_the_end
    async def forget_expired(self) -> None:
        """Remove what is left of jobs that have been gone for a day, and keys of that time.

        No more than as many as may be kept are remembered, and the latest of them.
        """
        await self.keys.forget_old()
        end = self.now() - self._ttl - TOMBSTONE_TTL
        gone = jobs.alias()
        too_many = (
            select(gone.c.number)
            .where(gone.c.status == JobStatus.EXPIRED)
            .order_by(gone.c.number.desc())
            .offset(self._max_jobs)
            .limit(1)
            .scalar_subquery()
        )
        is_old = or_(jobs.c.finished_at < end, jobs.c.number <= too_many)
        async with self._database.write() as connection:
            await connection.execute(delete(jobs).where(jobs.c.status == JobStatus.EXPIRED, is_old))

    async def _found(self, query: "Select[tuple[object, ...]]") -> list[Job]:
        async with self._database.read() as connection:
            return [to_job(row) for row in await connection.execute(query)]

    def _values(self, job: Job) -> dict[str, object]:
        return to_row(job) | {"lease_until": self.now() + LEASE if job.owner else None}


def _stands_at(job: Job) -> ColumnElement[bool]:
    """Whether a row is that of a job in the state, the attempt and the hands in which it was."""
    return and_(
        jobs.c.id == job.id,
        jobs.c.status == job.status,
        jobs.c.attempts == job.attempts,
        jobs.c.owner.is_(None) if job.owner is None else jobs.c.owner == job.owner,
    )


def _number_of(job_id: str) -> ScalarSelect[int]:
    """The place of a job in the order in which all came."""
    return select(jobs.c.number).where(jobs.c.id == job_id).scalar_subquery()


def _is_running() -> ColumnElement[bool]:
    return jobs.c.status == JobStatus.RUNNING


def _has_ended() -> ColumnElement[bool]:
    return jobs.c.status.not_in([*LIVE, JobStatus.EXPIRED])
