"""A store in memory, and jobs for it."""

from collections.abc import AsyncIterator

import pytest

from readstone.database.connection import IN_MEMORY, open_database
from readstone.database.tables import metadata
from readstone.jobs.job import Job
from readstone.jobs.store import JobStore
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that goes when it is told to."""
    return Clock()


@pytest.fixture
async def store(clock: Clock) -> AsyncIterator[JobStore]:
    """A store in which results are kept for a minute."""
    database = open_database(IN_MEMORY)
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
    yield JobStore(database, max_jobs=100, ttl_s=60, clock=clock.moment)
    await database.close()


async def add(store: JobStore, *job_ids: str) -> None:
    """Keep queued jobs."""
    for job_id in job_ids:
        await store.add(Job(job_id, "ocr", "alice", {}, store.now()))
