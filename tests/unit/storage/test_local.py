"""Tests of storage/local.py, beyond what tests/contract says of every storage: the disk."""

import errno
import os
import stat
from pathlib import Path

import pytest

from readstone.errors import StorageFailed, StorageFull
from readstone.storage import local
from readstone.storage.local import LocalStorage

pytestmark = pytest.mark.anyio


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    """A storage in an empty folder."""
    return LocalStorage(tmp_path, floor_bytes=0)


async def test_nobody_else_may_read(storage: LocalStorage, tmp_path: Path) -> None:
    """Files and folders are for this user only."""
    await storage.put("inputs/a", b"secret")
    for path, mode in ((tmp_path / "inputs", 0o700), (tmp_path / "inputs" / "a", 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode


async def test_bytes_and_name_are_on_the_disk(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and folder are synchronised before `put` returns."""
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    await storage.put("inputs/a", b"data")
    folder, half, inputs = synced
    assert (folder, inputs) == (str(tmp_path), str(tmp_path / "inputs"))
    assert Path(half).parent == tmp_path / "inputs"


async def test_failed_write_leaves_what_was_there(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old bytes stay, and no half file does."""
    await storage.put("inputs/a", b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        await storage.put("inputs/a", b"new")
    assert await storage.get("inputs/a") == b"old"
    assert [path.name for path in (tmp_path / "inputs").iterdir()] == ["a"]


async def test_other_failures_of_the_disk_are_ours(
    storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks learns that it is not their fault, and no path."""

    def read_only(path: Path, data: bytes) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(local, "_write", read_only)
    with pytest.raises(StorageFailed) as caught:
        await storage.put("inputs/a", b"data")
    assert "/" not in caught.value.detail


async def test_new_work_leaves_the_floor_free(tmp_path: Path) -> None:
    """With less room than the floor new work is refused, with limit and setting."""
    storage = LocalStorage(tmp_path, floor_bytes=10**18)
    with pytest.raises(StorageFull) as caught:
        await storage.check_room(1)
    assert caught.value.facts == {"limit": 10**18, "setting": "data.floor_bytes"}
    await storage.put("results/a", b"what was begun is kept")
