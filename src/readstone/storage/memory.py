"""Storage in the memory of this process; gone when the process ends."""

from datetime import UTC, datetime, timedelta

from readstone.errors import NotFound, StoreFull


class MemoryStorage:
    """Takes new work until `max_bytes` are kept in all."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._used_bytes = 0
        self._kept: dict[str, bytes] = {}
        self._since: dict[str, datetime] = {}

    async def check_room(self, size: int) -> None:
        """Raise StoreFull when so many bytes more would be too many."""
        if self._used_bytes + size > self._max_bytes:
            raise StoreFull(
                "inputs and results of jobs take all the room there is; send it again later",
                limit=self._max_bytes,
                setting="jobs.max_bytes",
                retry_after=5,
            )

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes."""
        await self.delete(key)
        self._kept[key] = data
        self._since[key] = datetime.now(UTC)
        self._used_bytes += len(data)

    async def get(self, key: str) -> bytes:
        """Return the bytes; raise NotFound when there are none under this key."""
        try:
            return self._kept[key]
        except KeyError as error:
            raise NotFound("there is nothing kept under this key") from error

    async def delete(self, key: str) -> None:
        """Forget the bytes; there may be none."""
        self._used_bytes -= len(self._kept.pop(key, b""))
        self._since.pop(key, None)

    async def exists(self, key: str) -> bool:
        """Say whether there are bytes under this key."""
        return key in self._kept

    async def link(self, key: str, valid: timedelta) -> str | None:
        """Return None: only the service itself can give out these bytes."""

    async def keys(self, prefix: str) -> list[tuple[str, datetime]]:
        """Return the keys in a folder, and since when each of them is there."""
        return [(key, since) for key, since in self._since.items() if key.startswith(prefix)]
