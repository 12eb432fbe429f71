"""What every storage keeps: bytes under a key, as they were put."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from readstone.errors import NotFound, StorageFull, StoreFull
from readstone.storage.base import Storage
from readstone.storage.local import LocalStorage
from readstone.storage.memory import MemoryStorage
from readstone.storage.object_store import ObjectStorage
from tests.object_server import BUCKET, CREDENTIALS, object_server

pytestmark = pytest.mark.anyio

Build = Callable[[pytest.FixtureRequest], Storage]


def in_memory(_: pytest.FixtureRequest) -> Storage:
    """Return the one in this process."""
    return MemoryStorage(max_bytes=1_000_000)


def in_a_folder(request: pytest.FixtureRequest) -> Storage:
    """Return one in a folder of this machine."""
    folder: Path = request.getfixturevalue("tmp_path")
    return LocalStorage(folder, floor_bytes=0)


def in_a_bucket(request: pytest.FixtureRequest) -> Storage:
    """Return one in a bucket of a server that speaks S3."""
    endpoint = request.getfixturevalue("endpoint")
    return ObjectStorage(BUCKET, uuid4().hex, endpoint=endpoint, **CREDENTIALS)


STORAGES: dict[str, Build] = {"memory": in_memory, "local": in_a_folder, "bucket": in_a_bucket}
BOUNDED = [name for name in STORAGES if name != "bucket"]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that speaks S3."""
    with object_server() as address:
        yield address


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest) -> Storage:
    """Each storage in turn, empty."""
    return STORAGES[request.param](request)


@pytest.mark.parametrize("storage", BOUNDED, indirect=True)
async def test_room_is_there_until_it_is_not(storage: Storage) -> None:
    """New work of the usual size is taken, and more than there can be room for is not."""
    await storage.check_room(1_000_000)
    with pytest.raises((StoreFull, StorageFull)):
        await storage.check_room(10**18)


async def test_key_may_have_folders(storage: Storage) -> None:
    """Keys of different kinds are apart, and a key that was used is known."""
    await storage.put("inputs/a", b"in")
    await storage.put("results/a", b"out")
    assert (await storage.get("inputs/a"), await storage.get("results/a")) == (b"in", b"out")
    await storage.delete("inputs/a")
    assert (await storage.exists("inputs/a"), await storage.exists("results/a")) == (False, True)


@pytest.mark.parametrize("data", [b"", b"\0\xff", bytes(range(256)) * 1000], ids=len)
async def test_bytes_come_back_as_they_were_put(storage: Storage, data: bytes) -> None:
    """Nothing is added, lost or changed."""
    await storage.put("key", data)
    assert await storage.get("key") == data


async def test_link_leads_to_the_bytes_where_there_is_one(storage: Storage) -> None:
    """Without credentials, as a file to save, for so long as it was asked for."""
    await storage.put("folder/key", b"bytes")
    link = await storage.link("folder/key", timedelta(minutes=5))
    if not isinstance(storage, ObjectStorage):
        assert link is None
        return
    assert link and "X-Amz-Expires=300" in link
    answer = await asyncio.to_thread(httpx2.get, link)
    assert answer.content == b"bytes"
    assert answer.headers["content-disposition"] == "attachment"


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


async def test_keys_of_a_folder_are_known(storage: Storage) -> None:
    """With the time since when they are there, which is now."""
    before = datetime.now(UTC) - timedelta(seconds=2)
    assert await storage.keys("uploads/") == []
    for key in ("uploads/a", "uploads/b", "other/c"):
        await storage.put(key, b"data")
    found = dict(await storage.keys("uploads/"))
    assert found.keys() == {"uploads/a", "uploads/b"}
    assert all(before < since < before + timedelta(minutes=5) for since in found.values())
