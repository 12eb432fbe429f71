"""Tests of storage/memory.py, beyond what tests/contract says of every storage: room."""

import pytest

from readstone.errors import NotFound, StoreFull
from readstone.storage.memory import MemoryStorage

pytestmark = pytest.mark.anyio


async def test_storage_is_bounded() -> None:
    """What has no room is refused with limit and setting, and nothing is lost."""
    storage = MemoryStorage(max_bytes=10)
    await storage.put("a", b"123456")
    with pytest.raises(StoreFull) as caught:
        await storage.put("b", b"12345")
    assert caught.value.facts["limit"] == 10
    assert caught.value.facts["setting"] == "jobs.max_bytes"
    assert caught.value.facts["retry_after"] > 0
    assert await storage.get("a") == b"123456"
    with pytest.raises(NotFound):
        await storage.get("b")
    await storage.put("b", b"1234")


async def test_deleted_bytes_make_room() -> None:
    """Room is counted by what is there, however often it was used."""
    storage = MemoryStorage(max_bytes=10)
    for _ in range(5):
        await storage.put("a", b"1234567890")
        await storage.delete("a")
        await storage.delete("a")
    await storage.put("a", b"1234567890")


async def test_replaced_bytes_do_not_count() -> None:
    """New bytes under a key need no room beside the old ones."""
    storage = MemoryStorage(max_bytes=10)
    await storage.put("a", b"12345678")
    await storage.put("a", b"123456789")
    assert await storage.get("a") == b"123456789"
