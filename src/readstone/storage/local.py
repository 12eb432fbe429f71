"""Storage in a folder of this machine; what was put is on the disk when `put` returns."""

import asyncio
import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import uuid4

from readstone.errors import NotFound, ReadstoneError, StorageFailed, StorageFull

P = ParamSpec("P")
T = TypeVar("T")

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


class LocalStorage:
    """Keeps each key as a file that only this user may read.

    Args:
        floor_bytes: new work is refused while the disk has less room than this.
    """

    def __init__(self, folder: Path, *, floor_bytes: int) -> None:
        self._folder = folder
        self._floor_bytes = floor_bytes

    async def check_room(self, size: int) -> None:
        """Raise StorageFull when the disk would have less room than its floor."""
        free = (await _in_thread(shutil.disk_usage, self._folder)).free
        if free - size < self._floor_bytes:
            raise StorageFull(
                "the disk has too little room for new work; send it again later",
                limit=self._floor_bytes,
                setting="data.floor_bytes",
            )

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; raise StorageFull or StorageFailed when that cannot be."""
        await _in_thread(_write, self._folder / key, data)

    async def get(self, key: str) -> bytes:
        """Return the bytes; raise NotFound when there are none under this key."""
        return await _in_thread((self._folder / key).read_bytes)

    async def delete(self, key: str) -> None:
        """Forget the bytes; there may be none."""
        await _in_thread((self._folder / key).unlink, missing_ok=True)

    async def exists(self, key: str) -> bool:
        """Say whether there are bytes under this key."""
        return await _in_thread((self._folder / key).exists)

    async def link(self, key: str, valid: timedelta) -> str | None:
        """Return None: only the service itself can give out these bytes."""

    async def keys(self, prefix: str) -> list[tuple[str, datetime]]:
        """Return the keys in a folder, and since when each of them is there."""
        return await _in_thread(_keys, self._folder, prefix)


def _keys(folder: Path, prefix: str) -> list[tuple[str, datetime]]:
    files = (folder / prefix).glob("[!.]*")
    return [
        (f"{prefix}{file.name}", datetime.fromtimestamp(file.stat().st_mtime, UTC))
        for file in files
    ]


async def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except OSError as error:
        raise _translated(error) from error


def _translated(error: OSError) -> ReadstoneError:
    if isinstance(error, FileNotFoundError):
        return NotFound("there is nothing kept under this key")
    if error.errno in NO_ROOM:
        return StorageFull("the disk is full; send the request again later")
    return StorageFailed("the storage cannot be used now; send the request again later")


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, even when the power fails."""
    if not path.parent.exists():
        path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        _sync(path.parent.parent)
    half = path.with_name(f".{uuid4().hex}")
    try:
        half.touch(PRIVATE_FILE, exist_ok=False)
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
