"""Records what was decided about files that came to be kept."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import audit
from readstone.events.event import new_event
from readstone.events.outbox import keep
from readstone.storage.base import Storage

QUARANTINED = "quarantined"
QUARANTINE = "quarantine/"


class Audit:
    """Keeps a row for each decision, and the bytes of what is in quarantine.

    Args:
        topic: the target that is told of each file that is not kept.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        *,
        clock: Callable[[], datetime],
        topic: str | None = None,
    ) -> None:
        self._database = database
        self._topic = topic
        self._storage = storage
        self._now = clock

    @to_the_end
    async def record(self, caller: str, data: bytes, *, outcome: str, rule: str | None) -> None:
        """Record a decision; a person finds a file in quarantine under its digest."""
        digest = sha256(data).hexdigest()
        if outcome == QUARANTINED:
            await self._storage.put(QUARANTINE + digest, data)
        now = self._now()
        told = {"caller": caller, "sha256": digest, "outcome": outcome, "rule": rule}
        async with self._database.write() as connection:
            await connection.execute(insert(audit).values(at=now, **told))
            if self._topic and rule:
                event = new_event("file.rejected", digest, self._topic, told, now)
                await keep(connection, event)
