"""Tests of the courier, with targets that take or refuse."""

from collections.abc import AsyncIterator

import pytest

from readstone.database.connection import IN_MEMORY, Database, open_database
from readstone.database.tables import metadata
from readstone.events.courier import Courier
from readstone.events.event import Away, Event, EventStatus, Refused, new_event
from readstone.events.outbox import CLAIM, Outbox, keep
from tests.fakes import Clock

pytestmark = pytest.mark.anyio


class Target:
    """Takes what it is told, or raises what it is given."""

    tells_topics = False

    def __init__(self, *failures: Exception) -> None:
        self.told: list[str] = []
        self._failures = list(failures)

    async def send(self, event: Event) -> None:
        """Take an event."""
        if self._failures:
            raise self._failures.pop(0)
        self.told.append(event.subject)

    async def close(self) -> None:
        """Close nothing."""


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """A database in memory."""
    database = open_database(IN_MEMORY)
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    """An outbox."""
    return Outbox(database, clock=clock.moment)


async def put(database: Database, clock: Clock, subject: str) -> None:
    """Put an event into the outbox."""
    async with database.write() as connection:
        await keep(connection, new_event("job.finished", subject, "erp", {}, clock.moment()))


async def test_refused_event_is_told_when_its_pause_is_over(
    database: Database, clock: Clock, outbox: Outbox
) -> None:
    """Each attempt is counted as what came of it."""
    target, counted = Target(Refused("busy")), list[EventStatus]()
    courier = Courier(outbox, target, counted.append)
    await put(database, clock, "j1")
    assert await courier.deliver() == 1
    assert await courier.deliver() == 0
    clock.now += 6
    assert await courier.deliver() == 1
    assert target.told == ["j1"]
    assert counted == [EventStatus.WAITING, EventStatus.TAKEN]


async def test_refusal_for_good_is_not_repeated(
    database: Database, clock: Clock, outbox: Outbox
) -> None:
    """A target that is gone hears nothing more."""
    courier = Courier(outbox, Target(Refused("gone", for_good=True)), lambda status: None)
    await put(database, clock, "j1")
    await courier.deliver()
    assert [each.status for each in await outbox.about("j1")] == [EventStatus.GIVEN_UP]


async def test_event_waits_for_a_target_that_is_away(
    database: Database, clock: Clock, outbox: Outbox
) -> None:
    """For longer than any refused event is told again."""
    target = Target(*[Away("no broker")] * 20)
    courier = Courier(outbox, target, lambda status: None)
    await put(database, clock, "j1")
    for _ in range(20):
        assert await courier.deliver() == 1
        assert target.told == []
    await courier.deliver()
    assert target.told == ["j1"]


async def test_event_at_which_the_sender_broke_is_told_later(
    database: Database, clock: Clock, outbox: Outbox
) -> None:
    """As after a kill: nobody has settled it, so it is handed out again."""
    target = Target(RuntimeError("broken"))
    courier = Courier(outbox, target, lambda status: None)
    await put(database, clock, "j1")
    with pytest.raises(RuntimeError):
        await courier.deliver()
    assert await courier.deliver() == 0
    clock.now += CLAIM.total_seconds()
    await courier.deliver()
    assert target.told == ["j1"]
