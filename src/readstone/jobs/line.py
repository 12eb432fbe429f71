"""The line of jobs: callers take turns in the order of their names, one job of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import jobs
from readstone.jobs.job import JobStatus


class JobLine:
    """Knows which jobs wait, and whose turn it is.

    Attributes:
        served: the caller who had the last turn.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.served = ""

    def next_job(self) -> Select[Any]:
        """Return the query for the next job; each caller's are done in the order they came.

        PostgreSQL passes over rows that others are claiming; SQLite has one writer.
        """
        return (
            select(jobs)
            .where(jobs.c.status == JobStatus.QUEUED)
            .order_by(jobs.c.caller <= self.served, jobs.c.caller, jobs.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    @to_the_end
    async def length(self) -> int:
        """Return how many jobs wait."""
        async with self._database.read() as connection:
            count = await connection.scalar(
                select(func.count()).where(jobs.c.status == JobStatus.QUEUED)
            )
            return count or 0

    @to_the_end
    async def queues(self) -> Counter[str]:
        """Return how many jobs of each caller wait."""
        async with self._database.read() as connection:
            found = await connection.execute(
                select(jobs.c.caller, func.count())
                .where(jobs.c.status == JobStatus.QUEUED)
                .group_by(jobs.c.caller)
            )
            return Counter({caller: count for caller, count in found})

    @to_the_end
    async def places(self, job_ids: Sequence[str]) -> dict[str, int]:
        """Return the places of those jobs that wait; the first is 1."""
        ahead = jobs.alias()
        of_own = (
            select(func.count())
            .where(
                ahead.c.status == JobStatus.QUEUED,
                ahead.c.caller == jobs.c.caller,
                ahead.c.number <= jobs.c.number,
            )
            .scalar_subquery()
        )
        query = select(jobs.c.id, jobs.c.caller, of_own).where(
            jobs.c.id.in_(job_ids), jobs.c.status == JobStatus.QUEUED
        )
        queues = await self.queues()
        async with self._database.read() as connection:
            found = await connection.execute(query)
            return {
                job_id: place(queues, self.served, caller, turn) for job_id, caller, turn in found
            }


def place(queues: Mapping[str, int], served: str, caller: str, turn: int) -> int:
    """Return the place in the line, from 1, of the job that a caller has done in so many turns.

    Args:
        queues: how many jobs of each caller wait.
        served: the caller who had the last turn.
    """

    def order(name: str) -> tuple[bool, str]:
        return name <= served, name

    earlier = sum(min(length, turn - 1) for length in queues.values())
    in_turn = [name for name, length in queues.items() if length >= turn]
    return earlier + 1 + sum(order(name) < order(caller) for name in in_turn)
