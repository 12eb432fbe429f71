"""Brings the tables of a database up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from readstone.database.connection import Database
from readstone.errors import ConfigError

MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: Database) -> None:
    """Run the migrations that the database has not seen; all of them, or none."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade)


async def check_version(database: Database) -> None:
    """Raise ConfigError when the tables are not those that this version of the service needs."""
    async with database.read() as connection:
        current = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    if current != ScriptDirectory.from_config(_config()).get_current_head():
        raise ConfigError("the database is not up to date; run: python -m readstone db upgrade")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")
