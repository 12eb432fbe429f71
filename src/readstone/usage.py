"""What each caller has used lately: requests that brought work, their bytes, and pages."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import usage
from readstone.errors import StorageFailed, StorageFull

log = structlog.get_logger(__name__)

WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Used:
    """How much was used."""

    requests: int = 0
    pages: int = 0
    size_bytes: int = 0

    def __add__(self, more: "Used") -> "Used":
        return Used(
            self.requests + more.requests,
            self.pages + more.pages,
            self.size_bytes + more.size_bytes,
        )


class UsageBook:
    """Notes what callers use, hour by hour; what was not written down yet is lost with a kill."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._now = clock
        self._noted: dict[tuple[str, datetime], Used] = defaultdict(Used)

    def note(self, caller: str, used: Used) -> None:
        """Note that a caller has used something now."""
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        self._noted[caller, hour] += used

    @property
    def since(self) -> datetime:
        """From when on usage is told: for a day, by full hours."""
        return (self._now() - WINDOW).replace(minute=0, second=0, microsecond=0)

    @to_the_end
    async def of_caller(self, caller: str) -> Used:
        """Return what a caller has used since then, in all processes."""
        await self.write_down()
        query = select(*(func.coalesce(func.sum(usage.c[name]), 0) for name in Used.__slots__))
        async with self._database.read() as connection:
            row = await connection.execute(
                query.where(usage.c.caller == caller, usage.c.hour >= self.since)
            )
            return Used(*map(int, row.one()))

    @to_the_end
    async def write_down(self) -> None:
        """Keep what was noted, as soon as the database can; forget what is old."""
        noted, self._noted = self._noted, defaultdict(Used)
        try:
            async with self._database.write() as connection:
                await _add(connection, noted)
                await connection.execute(delete(usage).where(usage.c.hour < self.since))
        except (IntegrityError, StorageFull, StorageFailed) as error:
            log.warning("usage is written down later", reason=type(error).__name__)
            for (caller, hour), used in noted.items():
                self._noted[caller, hour] += used


async def _add(connection: AsyncConnection, noted: Mapping[tuple[str, datetime], Used]) -> None:
    for (caller, hour), used in noted.items():
        values = {name: getattr(used, name) for name in Used.__slots__}
        changed = await connection.execute(
            update(usage)
            .where(usage.c.caller == caller, usage.c.hour == hour)
            .values({name: usage.c[name] + value for name, value in values.items()})
        )
        if not changed.rowcount:
            await connection.execute(insert(usage).values(caller=caller, hour=hour, **values))
