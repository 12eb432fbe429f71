"""Tests of database/upgrade.py: migrations make the tables that the service works with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from readstone.database.connection import Database, open_database
from readstone.database.tables import metadata
from readstone.database.upgrade import check_version, upgrade
from readstone.errors import ConfigError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database without tables."""
    database = open_database(f"sqlite:///{tmp_path}/a.db")
    yield database
    await database.close()


def differences(connection: Connection) -> object:
    """Return what a further migration would have to do."""
    return compare_metadata(MigrationContext.configure(connection), metadata)


async def test_migrations_lead_to_the_tables(database: Database) -> None:
    """After the last one nothing is left to do, and running them again does nothing."""
    await upgrade(database)
    await upgrade(database)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await check_version(database)


async def test_tables_of_another_version_are_refused(database: Database) -> None:
    """The remedy is a command."""
    with pytest.raises(ConfigError, match="python -m readstone db upgrade"):
        await check_version(database)
