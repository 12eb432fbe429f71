"""Keeps events in the database, from the step that they tell of until somebody has taken them."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from readstone.database.connection import Database, to_the_end
from readstone.database.tables import outbox
from readstone.events.event import Event, EventStatus
from readstone.events.topic import TOPIC

# Twice as long as an attempt takes at most; who dies meanwhile has not told it.
CLAIM = timedelta(seconds=60)
KEPT = timedelta(days=7)
NAMES = tuple(field.name for field in fields(Event))


async def keep(connection: AsyncConnection, event: Event) -> None:
    """Put an event into the outbox, in the transaction of what it tells of."""
    await connection.execute(insert(outbox).values(_values(event)))


class Outbox:
    """Hands out events that are due, and keeps what became of them."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self.now = clock

    @to_the_end
    async def claim(self, limit: int, *, for_topics: bool = False) -> list[Event]:
        """Return events that are due, for topics or for webhooks.

        Nobody else is handed them for a minute.
        """
        now, is_for_topic = self.now(), outbox.c.target.startswith(TOPIC, autoescape=True)
        due = (
            select(outbox)
            .where(
                outbox.c.status == EventStatus.WAITING,
                outbox.c.due_at <= now,
                is_for_topic if for_topics else ~is_for_topic,
            )
            .order_by(outbox.c.due_at, outbox.c.number)
            .limit(limit)
            # PostgreSQL passes over rows that others are claiming; SQLite has one writer.
            .with_for_update(skip_locked=True)
        )
        async with self._database.write() as connection:
            events = await _found(connection, due)
            await connection.execute(
                update(outbox)
                .where(outbox.c.id.in_([event.id for event in events]))
                .values(due_at=now + CLAIM)
            )
        return events

    @to_the_end
    async def settle(self, event: Event) -> None:
        """Keep what became of an event, and forget those of which it was known a week ago."""
        async with self._database.write() as connection:
            await connection.execute(
                update(outbox).where(outbox.c.id == event.id).values(_values(event))
            )
            await connection.execute(
                delete(outbox).where(
                    outbox.c.status != EventStatus.WAITING, outbox.c.due_at < self.now() - KEPT
                )
            )

    @to_the_end
    async def about(self, subject: str) -> list[Event]:
        """Return the events about something, the first one first."""
        async with self._database.read() as connection:
            query = select(outbox).where(outbox.c.subject == subject).order_by(outbox.c.number)
            return await _found(connection, query)


async def _found(connection: AsyncConnection, query: "Select[tuple[object, ...]]") -> list[Event]:
    rows = await connection.execute(query)
    return [_event({name: row._mapping[name] for name in NAMES}) for row in rows]


def _event(values: dict[str, Any]) -> Event:
    return Event(**values | {"status": EventStatus(values["status"])})


def _values(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in NAMES} | {"data": dict(event.data)}
