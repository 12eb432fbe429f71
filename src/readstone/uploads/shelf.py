"""Puts uploads into the storage and takes them out; mends what a sudden end has left."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import structlog

from readstone.storage.base import Storage
from readstone.uploads.store import UploadStore
from readstone.uploads.upload import FOLDER, Link, Total, Upload, clean_name

log = structlog.get_logger(__name__)

# Longer than any upload takes from its first byte to its row.
ORPHAN_AGE = timedelta(hours=1)
AT_ONCE = 500
LINK_VALID = timedelta(minutes=5)


class Shelf:
    """Keeps uploads: their bytes in the storage, what is known of them in the database.

    Bytes are put before their row and deleted after it. Whatever ends in between leaves bytes that
    no row names, which `mend` deletes, and never a row without its bytes.
    """

    def __init__(
        self, store: UploadStore, storage: Storage, *, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._storage = storage
        self._now = clock

    async def keep(self, caller: str, data: bytes, *, media_type: str, filename: str) -> Upload:
        """Return an upload that is kept; the same bytes of the same caller are one.

        Raises:
            StoreFull, StorageFull, StorageFailed: there is no place for it.
        """
        digest = sha256(data).hexdigest()
        if same := await self._store.same(caller, digest):
            return same
        await self._storage.check_room(len(data))
        upload = Upload(
            id=uuid4().hex,
            caller=caller,
            sha256=digest,
            size_bytes=len(data),
            media_type=media_type,
            filename=clean_name(filename),
            created_at=self._now(),
        )
        await self._storage.put(upload.key, data)
        kept = await self._store.add(upload)
        if kept.id != upload.id:
            await self._storage.delete(upload.key)
        return kept

    async def find(self, caller: str, upload_id: str) -> Upload:
        """Return an upload; raise NotFound when this caller has none with this id."""
        return await self._store.load(caller, upload_id)

    async def newest(self, caller: str, *, before: str | None, limit: int) -> list[Upload]:
        """Return the uploads of a caller, the newest first, from the one after `before` on."""
        return await self._store.newest(caller, before=before, limit=limit)

    async def totals(self, caller: str) -> list[Total]:
        """Return how much a caller has of each type."""
        return await self._store.totals(caller)

    async def data(self, upload: Upload) -> bytes:
        """Return the bytes of an upload."""
        return await self._storage.get(upload.key)

    async def link(self, upload: Upload) -> Link | None:
        """Return an address where anybody can fetch an upload for some minutes; None without one.

        Raises:
            StorageFailed: the storage cannot be used now.
        """
        expires_at = self._now() + LINK_VALID
        url = await self._storage.link(upload.key, LINK_VALID)
        return Link(url, expires_at) if url else None

    async def forget(self, upload: Upload) -> None:
        """Erase an upload."""
        await self._store.forget(upload)
        await self._storage.delete(upload.key)

    async def mend(self) -> int:
        """Delete bytes that no upload names; return how many there were."""
        limit = self._now() - ORPHAN_AGE
        old = [key for key, since in await self._storage.keys(FOLDER) if since < limit]
        orphans = 0
        for start in range(0, len(old), AT_ONCE):
            some = old[start : start + AT_ONCE]
            known = await self._store.known(key.removeprefix(FOLDER) for key in some)
            for key in some:
                if key.removeprefix(FOLDER) not in known:
                    await self._storage.delete(key)
                    orphans += 1
        if orphans:
            log.warning("uploads mended", orphans=orphans)
        return orphans
