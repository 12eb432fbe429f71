"""Storage in the memory of this process, bounded in bytes; gone when the process ends."""

from readstone.errors import NotFound, StoreFull


class MemoryStorage:
    """Keeps at most `max_bytes` in all."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._used_bytes = 0
        self._kept: dict[str, bytes] = {}

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; raise StoreFull when there is no room for them."""
        replaced = len(self._kept.get(key, b""))
        if self._used_bytes - replaced + len(data) > self._max_bytes:
            raise StoreFull(
                "the inputs of jobs that wait take all the room there is; send it again later",
                limit=self._max_bytes,
                setting="jobs.max_bytes",
                retry_after=5,
            )
        await self.delete(key)
        self._kept[key] = data
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
