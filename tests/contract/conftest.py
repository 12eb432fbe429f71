"""What the contract tests share: the loop, a real PostgreSQL server, and each database in turn."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from readstone.database.connection import IN_MEMORY, Database, open_database
from readstone.database.tables import metadata
from readstone.database.upgrade import upgrade
from tests.database_server import database_server

DATABASES = ("memory", "sqlite", "postgresql")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop on which the service runs."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server that lives as long as the tests."""
    with database_server() as address:
        yield address


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
async def database(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    """A database with empty tables."""
    urls = {"memory": IN_MEMORY, "sqlite": f"sqlite:///{tmp_path}/jobs.db"}
    database = open_database(urls.get(kind) or request.getfixturevalue("postgresql"))
    if kind == "memory":
        async with database.write() as connection:
            await connection.run_sync(metadata.create_all)
    else:
        await upgrade(database)
    async with database.write() as connection:
        for table in metadata.tables.values():
            await connection.execute(delete(table))
    yield database
    await database.close()
