"""What every storage keeps: bytes under a key, as they were put."""

from collections.abc import Callable

import pytest

from readstone.errors import NotFound
from readstone.storage.base import Storage
from readstone.storage.memory import MemoryStorage

pytestmark = pytest.mark.anyio

STORAGES: dict[str, Callable[[], Storage]] = {
    "memory": lambda: MemoryStorage(max_bytes=1_000_000),
}


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest) -> Storage:
    """Each storage in turn, empty."""
    return STORAGES[request.param]()


@pytest.mark.parametrize("data", [b"", b"\0\xff", bytes(range(256)) * 1000], ids=len)
async def test_bytes_come_back_as_they_were_put(storage: Storage, data: bytes) -> None:
    """Nothing is added, lost or changed."""
    await storage.put("key", data)
    assert await storage.get("key") == data


async def test_keys_are_apart(storage: Storage) -> None:
    """What happens to one key happens to no other."""
    await storage.put("a", b"first")
    await storage.put("b", b"second")
    await storage.delete("a")
    assert await storage.get("b") == b"second"
    with pytest.raises(NotFound):
        await storage.get("a")


async def test_last_bytes_count(storage: Storage) -> None:
    """A key holds what was put under it last."""
    await storage.put("key", b"first, and longer")
    await storage.put("key", b"second")
    assert await storage.get("key") == b"second"


async def test_unknown_key_is_not_found(storage: Storage) -> None:
    """Nothing is under a key that was never used."""
    with pytest.raises(NotFound):
        await storage.get("key")


async def test_delete_is_repeatable(storage: Storage) -> None:
    """What is not there can be forgotten."""
    await storage.delete("key")
    await storage.put("key", b"data")
    await storage.delete("key")
    await storage.delete("key")
