"""What the shelf promises, on every pair of a database and a storage."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from readstone.database.connection import Database
from readstone.errors import InvalidRequest, NotFound, StorageFailed
from readstone.storage.base import Storage
from readstone.storage.local import LocalStorage
from readstone.storage.memory import MemoryStorage
from readstone.storage.object_store import ObjectStorage
from readstone.uploads.shelf import ORPHAN_AGE, Shelf
from readstone.uploads.store import UploadStore
from readstone.uploads.upload import Total, Upload
from tests.fakes import Clock
from tests.object_server import BUCKET, CREDENTIALS, object_server

pytestmark = pytest.mark.anyio

YEAR_S = 365 * 86_400


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that speaks S3."""
    with object_server() as address:
        yield address


@pytest.fixture
def storage(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Storage:
    """The storage that goes with a kind of database, empty."""
    if kind == "memory":
        return MemoryStorage(max_bytes=1_000_000)
    if kind == "sqlite":
        return LocalStorage(tmp_path, floor_bytes=0)
    endpoint = request.getfixturevalue("endpoint")
    return ObjectStorage(BUCKET, uuid4().hex, endpoint=endpoint, **CREDENTIALS)


@pytest.fixture
def clock() -> Clock:
    """A clock that is a year ahead of the storage's, so that what is there seems old."""
    clock = Clock()
    clock.now = YEAR_S
    return clock


@pytest.fixture
def shelf(database: Database, storage: Storage, clock: Clock) -> Shelf:
    """A shelf on the pair."""
    return Shelf(UploadStore(database), storage, clock=clock.moment)


async def keep(shelf: Shelf, data: bytes, caller: str = "ann") -> Upload:
    """Keep some bytes."""
    return await shelf.keep(caller, data, media_type="image/png", filename="scan.png")


async def test_upload_is_found_by_its_caller_alone(shelf: Shelf) -> None:
    """Its bytes come back as they were sent."""
    upload = await keep(shelf, b"bytes")
    assert await shelf.find("ann", upload.id) == upload
    assert await shelf.data(upload) == b"bytes"
    with pytest.raises(NotFound):
        await shelf.find("bob", upload.id)


async def test_id_that_can_be_none_is_a_fault_of_its_sender(shelf: Shelf) -> None:
    """And of no database, which would be asked again and again."""
    for nothing in ("\0", "x" * 1000, "\ud800"):
        with pytest.raises((NotFound, InvalidRequest)):
            await shelf.find("ann", nothing)


async def test_same_bytes_of_a_caller_are_one_upload(shelf: Shelf, storage: Storage) -> None:
    """Also when they come at the same time; of another caller they are another one."""
    kept = await asyncio.gather(*(keep(shelf, b"bytes") for _ in range(8)))
    other = await keep(shelf, b"bytes", "bob")
    assert len({each.id for each in kept}) == 1
    assert {key for key, _ in await storage.keys("uploads/")} == {kept[0].key, other.key}


async def test_uploads_are_listed_from_the_newest_on(shelf: Shelf) -> None:
    """A page begins after the last one of the page before."""
    sent = [await keep(shelf, bytes([number])) for number in range(5)]
    await keep(shelf, b"of somebody else", "bob")
    first = await shelf.newest("ann", before=None, limit=3)
    rest = await shelf.newest("ann", before=first[-1].id, limit=3)
    assert [*first, *rest] == sent[::-1]


async def test_totals_are_those_of_a_caller(shelf: Shelf) -> None:
    """Files and bytes are summed for each type."""
    for data, media_type in ((b"1", "image/png"), (b"22", "image/png"), (b"333", "image/bmp")):
        await shelf.keep("ann", data, media_type=media_type, filename="scan")
    await keep(shelf, b"of somebody else", "bob")
    assert await shelf.totals("ann") == [Total("image/bmp", 1, 3), Total("image/png", 2, 3)]
    assert await shelf.totals("cyd") == []


async def test_forgotten_upload_leaves_nothing(shelf: Shelf, storage: Storage) -> None:
    """Neither bytes nor row; its bytes can be sent again."""
    upload = await keep(shelf, b"bytes")
    await shelf.forget(upload)
    assert await storage.keys("uploads/") == []
    with pytest.raises(NotFound):
        await shelf.find("ann", upload.id)
    assert (await keep(shelf, b"bytes")).id != upload.id


async def test_bytes_without_a_row_are_mended(shelf: Shelf, storage: Storage) -> None:
    """What a process that ended between two steps has left goes, and nothing else."""
    upload = await keep(shelf, b"bytes")
    await storage.put("uploads/orphan", b"bytes")
    await storage.put("inputs/job", b"bytes")
    assert await shelf.mend() == 1
    assert [key for key, _ in await storage.keys("uploads/")] == [upload.key]
    assert await storage.exists("inputs/job")


async def test_upload_under_way_is_not_mended(shelf: Shelf, storage: Storage, clock: Clock) -> None:
    """Bytes whose row may still come stay."""
    await storage.put("uploads/coming", b"bytes")
    [(_, since)] = await storage.keys("uploads/")
    clock.now += (since - clock.moment() + ORPHAN_AGE).total_seconds() - 60
    assert await shelf.mend() == 0
    clock.now += 120
    assert await shelf.mend() == 1


async def test_bytes_that_cannot_be_put_leave_no_row(
    shelf: Shelf, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that a file was kept, and it can be sent again."""

    async def fail(key: str, data: bytes) -> None:
        raise StorageFailed("the storage cannot be used now")

    with monkeypatch.context() as patched, pytest.raises(StorageFailed):
        patched.setattr(storage, "put", fail)
        await keep(shelf, b"bytes")
    assert await shelf.newest("ann", before=None, limit=3) == []
    assert (await keep(shelf, b"bytes")).size_bytes == 5
