"""Keeps what is known of uploads in the database."""

from collections.abc import Iterable
from dataclasses import asdict, fields

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import uploads
from readstone.errors import NotFound
from readstone.events.event import new_event
from readstone.events.outbox import keep
from readstone.uploads.upload import Total, Upload

TOLD = ("id", "caller", "sha256", "size_bytes", "media_type")
NAMES = tuple(field.name for field in fields(Upload))


class UploadStore:
    """Knows the uploads of each caller.

    Args:
        topic: the target that is told of each new one.
    """

    def __init__(self, database: Database, *, topic: str | None = None) -> None:
        self._database = database
        self._topic = topic

    @to_the_end
    async def add(self, upload: Upload) -> Upload:
        """Keep an upload and return it, or return the earlier one of the same bytes."""
        while True:
            try:
                async with self._database.write() as connection:
                    await connection.execute(insert(uploads).values(asdict(upload)))
                    await self._announce(connection, upload)
                return upload
            except IntegrityError:
                if same := await self.same(upload.caller, upload.sha256):
                    return same

    async def _announce(self, connection: AsyncConnection, upload: Upload) -> None:
        if self._topic:
            told = {name: getattr(upload, name) for name in TOLD}
            event = new_event("file.stored", upload.id, self._topic, told, upload.created_at)
            await keep(connection, event)

    @to_the_end
    async def same(self, caller: str, sha256: str) -> Upload | None:
        """Return a caller's upload of these bytes, if there is one."""
        query = select(uploads).where(uploads.c.caller == caller, uploads.c.sha256 == sha256)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _upload(row) if row else None

    @to_the_end
    async def load(self, caller: str, upload_id: str) -> Upload:
        """Return an upload; raise NotFound when this caller has none with this id."""
        query = select(uploads).where(uploads.c.caller == caller, uploads.c.id == upload_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound("there is no file with this id")
        return _upload(row)

    @to_the_end
    async def newest(self, caller: str, *, before: str | None, limit: int) -> list[Upload]:
        """Return the uploads of a caller, the newest first, from the one after `before` on."""
        query = select(uploads).where(uploads.c.caller == caller)
        if before:
            place = select(uploads.c.number).where(uploads.c.id == before).scalar_subquery()
            query = query.where(uploads.c.number < place)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(uploads.c.number.desc()).limit(limit))
            return [_upload(row) for row in rows]

    @to_the_end
    async def totals(self, caller: str) -> list[Total]:
        """Return how much a caller has of each type."""
        query = (
            select(uploads.c.media_type, func.count(), func.sum(uploads.c.size_bytes))
            .where(uploads.c.caller == caller)
            .group_by(uploads.c.media_type)
            .order_by(uploads.c.media_type)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return [Total(media_type, files, int(size)) for media_type, files, size in rows]

    @to_the_end
    async def forget(self, upload: Upload) -> None:
        """Forget an upload; it may be forgotten already."""
        async with self._database.write() as connection:
            await connection.execute(delete(uploads).where(uploads.c.id == upload.id))

    @to_the_end
    async def known(self, ids: Iterable[str]) -> set[str]:
        """Return those of the ids that belong to an upload."""
        query = select(uploads.c.id).where(uploads.c.id.in_(list(ids)))
        async with self._database.read() as connection:
            return set(await connection.scalars(query))


def _upload(row: "Row[tuple[object, ...]]") -> Upload:
    return Upload(**{name: row._mapping[name] for name in NAMES})
