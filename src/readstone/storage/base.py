"""The contract of every storage."""

from datetime import datetime, timedelta
from typing import Protocol


class Storage(Protocol):
    """Keeps bytes under a key: words joined by `/`."""

    async def check_room(self, size: int) -> None:
        """Raise StoreFull or StorageFull when so many bytes of new work should not be taken.

        What has been begun is kept as long as there is any room at all.
        """
        ...

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; raise StorageFull or StorageFailed when that cannot be."""
        ...

    async def get(self, key: str) -> bytes:
        """Return the bytes; raise NotFound when there are none under this key."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the bytes; there may be none."""
        ...

    async def exists(self, key: str) -> bool:
        """Say whether there are bytes under this key."""
        ...

    async def link(self, key: str, valid: timedelta) -> str | None:
        """Return an address where anybody can fetch the bytes for so long; None without one."""
        ...

    async def keys(self, prefix: str) -> list[tuple[str, datetime]]:
        """Return the keys in a folder such as `uploads/`, and since when each of them is there."""
        ...
