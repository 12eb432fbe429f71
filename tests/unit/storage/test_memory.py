"""Tests of storage/memory.py, beyond what tests/contract says of every storage: room."""

import pytest

from readstone.errors import StoreFull
from readstone.storage.memory import MemoryStorage

pytestmark = pytest.mark.anyio


async def test_new_work_is_bounded() -> None:
    """What has no room is refused with limit and setting; what was begun is kept all the same."""
    storage = MemoryStorage(max_bytes=10)
    await storage.put("a", b"123456")
    await storage.check_room(4)
    with pytest.raises(StoreFull) as caught:
        await storage.check_room(5)
    assert caught.value.facts["limit"] == 10
    assert caught.value.facts["setting"] == "jobs.max_bytes"
    assert caught.value.facts["retry_after"] > 0
    await storage.put("b", b"12345")


async def test_room_is_counted_by_what_is_there() -> None:
    """Deleted and replaced bytes do not count."""
    storage = MemoryStorage(max_bytes=10)
    for _ in range(5):
        await storage.put("a", b"1234567890")
        await storage.put("a", b"12345")
        await storage.check_room(5)
        await storage.delete("a")
        await storage.delete("a")
    await storage.check_room(10)
