"""Builds what keeps: the folder for data, the database and the storage of a configuration."""

import os
from importlib.util import find_spec
from pathlib import Path

from readstone.database.connection import IN_MEMORY, Database, open_database
from readstone.database.tables import metadata
from readstone.errors import ConfigError, Unavailable
from readstone.settings import AppConfig
from readstone.storage.base import Storage
from readstone.storage.local import LocalStorage
from readstone.storage.memory import MemoryStorage


def data_folder(config: AppConfig, *below: str) -> Path:
    """Return the folder for data, or one below it; it is made if it is not there.

    Raises:
        ConfigError: it cannot be written.
    """
    top = Path(config.data.folder).absolute()
    folder = top.joinpath(*below)
    try:
        for each in (top, folder):  # `parents` would be open to everybody
            each.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"data.folder: {folder} cannot be made; set READSTONE_DATA__FOLDER to a folder of yours"
        ) from error
    if not os.access(folder, os.W_OK):
        raise ConfigError(f"data.folder: {folder} cannot be written; change its owner or folder")
    return folder


async def build_database(config: AppConfig) -> Database:
    """Return the database that is configured, with its tables.

    Raises:
        ConfigError, Unavailable, StorageFailed: it is not there, or not up to date.
    """
    database = open_database(database_url(config))
    if not database.is_durable:
        async with database.write() as connection:
            await connection.run_sync(metadata.create_all)
        return database
    from readstone.database.upgrade import check_version, upgrade  # 10 MB, which Alembic takes

    await (upgrade if database.is_sqlite else check_version)(database)
    return database


def database_url(config: AppConfig) -> str:
    """Return the address of the database that is configured."""
    if not config.jobs.is_durable:
        return IN_MEMORY
    url = config.database.url.get_secret_value()
    return url if url != "auto" else f"sqlite:///{data_folder(config)}/readstone.db"


def build_storage(config: AppConfig) -> Storage:
    """Return the storage that is configured.

    Raises:
        ConfigError, Unavailable: it cannot be used here.
    """
    if config.storage.url != "auto":
        if find_spec("obstore") is None:
            raise Unavailable("storage.url: run scripts/setup.sh --with cloud for a bucket")
        from readstone.storage.object_store import open_bucket  # is not always installed

        return open_bucket(config.storage.url)
    if not config.jobs.is_durable:
        return MemoryStorage(max_bytes=config.jobs.max_bytes)
    return LocalStorage(data_folder(config, "storage"), floor_bytes=config.data.floor_bytes)
