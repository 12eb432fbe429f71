"""What a bucket's storage does while the way to it is bad."""

from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlencode

import pytest

from readstone.errors import ConfigError, StorageFailed
from readstone.storage.object_store import ObjectStorage, open_bucket
from tests.object_server import BUCKET, CREDENTIALS, Fault, FaultyServer, object_server

pytestmark = pytest.mark.anyio

DATA = bytes(1_000_000)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    """A real server behind one that spoils answers."""
    with object_server() as address, FaultyServer(address).running() as faulty:
        yield faulty


@pytest.fixture
def storage(server: FaultyServer) -> ObjectStorage:
    """The storage, on the way that is bad."""
    return ObjectStorage(BUCKET, endpoint=server.address, **CREDENTIALS)


@pytest.mark.parametrize("fault", get_args(Fault))
async def test_a_fault_is_not_noticed(
    server: FaultyServer, storage: ObjectStorage, fault: Fault
) -> None:
    """What fails once is done again: nothing is lost, nothing comes back in part."""
    server.faults.append(fault)
    await storage.put("key", DATA)
    server.faults.append(fault)
    assert await storage.get("key") == DATA
    server.faults.append(fault)
    await storage.delete("key")
    assert not server.faults


async def test_a_server_that_stays_away_is_unavailable(
    server: FaultyServer, storage: ObjectStorage
) -> None:
    """Each way to use the storage says so, and the client may come again."""
    for operation in (storage.put("key", DATA), storage.get("key"), storage.delete("key")):
        server.faults.extend(["503"] * 5)
        with pytest.raises(StorageFailed):
            await operation
        assert not server.faults


async def test_a_bucket_that_does_not_exist_is_unavailable(server: FaultyServer) -> None:
    """Nobody is told that a file was kept."""
    storage = ObjectStorage("no-such-bucket", endpoint=server.address, **CREDENTIALS)
    with pytest.raises(StorageFailed):
        await storage.put("key", DATA)


@pytest.mark.parametrize("url", ["s3://bucket?no-such-setting=1", "s3://bucket?region"])
def test_address_that_names_no_bucket_is_refused(url: str) -> None:
    """The operator is told what an address looks like."""
    with pytest.raises(ConfigError, match=r"storage\.url: .*s3://bucket/prefix"):
        open_bucket(url)


async def test_address_says_all_there_is_to_say(server: FaultyServer) -> None:
    """Where the bucket is, under which prefix, and how it is to be used."""
    options = urlencode({"endpoint": server.address, **CREDENTIALS})
    storage = open_bucket(f"s3://{BUCKET}/some/prefix?{options}")
    await storage.put("key", b"data")
    whole = ObjectStorage(BUCKET, endpoint=server.address, **CREDENTIALS)
    assert await whole.get("some/prefix/key") == b"data"
