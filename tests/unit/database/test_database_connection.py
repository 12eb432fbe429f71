"""Tests of database/connection.py: which addresses are taken, and what its failures become."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from readstone.database import connection as connection_module
from readstone.database.connection import Database, open_database, to_the_end
from readstone.errors import ConfigError, StorageFailed, StorageFull, Unavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database in a file, with a table."""
    database = open_database(f"sqlite:///{tmp_path}/a.db")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE t (x)"))
    yield database
    await database.close()


@pytest.mark.parametrize("url", ["", "somewhere", "mysql://db/jobs", "oracle://db"])
def test_address_of_another_kind_is_refused(url: str) -> None:
    """The setting and what it may be are named."""
    with pytest.raises(ConfigError, match=r"database.url: .*postgresql"):
        open_database(url)


def test_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL needs what is not always installed."""
    monkeypatch.setattr(connection_module, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="--with distributed"):
        open_database("postgresql://db/jobs")


async def test_broken_database_is_a_failure_of_ours(database: Database) -> None:
    """Whoever asks learns that it cannot be used now, and not what is broken."""
    await database.check()
    async with database.write() as connection:
        await connection.execute(text("DROP TABLE t"))
    with pytest.raises(StorageFailed, match="cannot be used now"):
        async with database.read() as connection:
            await connection.execute(text("SELECT x FROM t"))


async def test_full_database_is_told_from_a_broken_one(database: Database) -> None:
    """What cannot be written for want of room is told so, and nothing of it is kept."""
    async with database.write() as connection:
        await connection.execute(text("PRAGMA max_page_count = 3"))
    with pytest.raises(StorageFull):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO t VALUES (zeroblob(100000))"))
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM t")) == 0


async def test_work_goes_on_when_its_caller_has_gone(database: Database) -> None:
    """What was begun is written, and closing waits for it."""
    begun = asyncio.Event()

    @to_the_end
    async def write() -> None:
        async with database.write() as connection:
            begun.set()
            await asyncio.sleep(0)
            await connection.execute(text("INSERT INTO t VALUES (1)"))

    caller = asyncio.create_task(write())
    await begun.wait()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await database.close()
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM t")) == 1
