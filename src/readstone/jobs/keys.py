"""The keys under which callers hand in work, so that a second request is known as such."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.exc import IntegrityError

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import keys
from readstone.errors import Conflict


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What was handed in under a key.

    Attributes:
        fingerprint: the same for the same request.
    """

    fingerprint: str
    job_id: str


class KeyStore:
    """Keeps what was handed in under the keys of each caller, for a time."""

    def __init__(
        self, database: Database, *, ttl: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._ttl = ttl
        self._now = clock
        self._in_flight: set[tuple[str, str]] = set()

    @contextmanager
    def in_flight(self, caller: str, key: str) -> Iterator[None]:
        """Let nobody else in this process use a key; raise Conflict when somebody does."""
        if (caller, key) in self._in_flight:
            raise Conflict("Idempotency-Key: the first request with it has not been answered yet")
        self._in_flight.add((caller, key))
        try:
            yield
        finally:
            self._in_flight.discard((caller, key))

    @to_the_end
    async def find(self, caller: str, key: str) -> KnownKey | None:
        """Return what was handed in under a key; None when nothing was."""
        query = select(keys.c.fingerprint, keys.c.job_id).where(
            _is(caller, key), keys.c.created_at > self._now() - self._ttl
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return KnownKey(row.fingerprint, row.job_id) if row else None

    @to_the_end
    async def keep(self, caller: str, key: str, known: KnownKey) -> None:
        """Keep what was handed in under a key, in place of what it was before."""
        values = {
            "caller": caller,
            "key": key,
            "fingerprint": known.fingerprint,
            "job_id": known.job_id,
            "created_at": self._now(),
        }
        with suppress(IntegrityError):  # another process was quicker
            async with self._database.write() as connection:
                await connection.execute(delete(keys).where(_is(caller, key)))
                await connection.execute(insert(keys).values(values))

    @to_the_end
    async def forget_old(self) -> None:
        """Remove the keys whose time is over."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(keys).where(keys.c.created_at <= self._now() - self._ttl)
            )


def _is(caller: str, key: str) -> ColumnElement[bool]:
    return and_(keys.c.caller == caller, keys.c.key == key)
