"""Results that were computed before: bounded in bytes, computed once for all who ask together."""

import asyncio
import pickle
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


def content_key(data: bytes, *facts: object) -> str:
    """Return a key for a content and whatever else decides about its result."""
    digest = sha256(data)
    for fact in facts:
        digest.update(b"\0" + repr(fact).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@dataclass(slots=True)
class _Flight(Generic[T]):
    """A computation under way, and how many wait for it."""

    task: "asyncio.Task[T]"
    waiters: int = 0


class ResultCache(Generic[T]):
    """Keeps results packed, the least recently used making room; `max_bytes` 0 keeps none.

    Those who ask for the same key at the same time share one computation. It goes on until the last
    of them has gone; a failure is told to all of them and not kept.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._packed: LRUCache[str, bytes] = LRUCache(max_bytes, getsizeof=len)
        self._flights: dict[str, _Flight[T]] = {}

    @property
    def used_bytes(self) -> int:
        """How much is kept."""
        return int(self._packed.currsize)

    async def get(self, key: str, compute: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """Return the result of a key, and whether it was there before."""
        if (packed := self._packed.get(key)) is not None:
            return pickle.loads(zlib.decompress(packed)), True
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.ensure_future(self._compute(key, compute)))
            self._flights[key] = flight
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task), False
        finally:
            flight.waiters -= 1
            if not flight.waiters:
                flight.task.cancel()
                del self._flights[key]

    def forget(self, key: str) -> None:
        """Do not keep a result any more."""
        self._packed.pop(key, None)

    async def _compute(self, key: str, compute: Callable[[], Awaitable[T]]) -> T:
        result = await compute()
        packed = zlib.compress(pickle.dumps(result), level=1)
        if len(packed) <= self._packed.maxsize:
            self._packed[key] = packed
        return result
