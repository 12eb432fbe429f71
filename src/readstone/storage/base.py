"""The contract of every storage."""

from typing import Protocol


class Storage(Protocol):
    """Keeps bytes under a key."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; raise StoreFull when there is no room for them."""
        ...

    async def get(self, key: str) -> bytes:
        """Return the bytes; raise NotFound when there are none under this key."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the bytes; there may be none."""
        ...
