"""What the outbox keeps, on every database: an event waits until it is told, or given up."""

from datetime import timedelta

import pytest

from readstone.database.connection import Database
from readstone.events.event import PAUSES, Event, EventStatus, new_event
from readstone.events.outbox import CLAIM, KEPT, Outbox, keep
from tests.fakes import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def kept(database: Database, clock: Clock) -> Outbox:
    """An outbox."""
    return Outbox(database, clock=clock.moment)


async def put(database: Database, clock: Clock, subject: str = "j1") -> Event:
    """Put an event into the outbox."""
    event = new_event("job.finished", subject, "erp", {"status": "succeeded"}, clock.moment())
    async with database.write() as connection:
        await keep(connection, event)
    return event


async def test_event_is_handed_to_one(database: Database, clock: Clock, kept: Outbox) -> None:
    """What one process is telling, no other one tells."""
    event = await put(database, clock)
    assert [each.id for each in await kept.claim(10)] == [event.id]
    assert await kept.claim(10) == []


async def test_topics_and_webhooks_are_told_by_others(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """A webhook that does not answer holds up no topic, and a broker that is away no webhook."""
    event = await put(database, clock)
    told = new_event("job.finished", "j1", "kafka:news", {}, clock.moment())
    async with database.write() as connection:
        await keep(connection, told)
    assert [each.id for each in await kept.claim(10, for_topics=True)] == [told.id]
    assert [each.id for each in await kept.claim(10)] == [event.id]


async def test_event_that_nobody_was_there_to_take_stays_the_first(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """However long that takes, and without counting as an attempt."""
    for second in range(3):
        clock.now = second
        await put(database, clock, f"j{second}")
    [first, *_] = await kept.claim(10)
    await kept.settle(first.still_waiting())
    clock.now += CLAIM.total_seconds()
    assert [each.subject for each in await kept.claim(10)] == ["j0", "j1", "j2"]
    assert first.still_waiting().attempts == 0


async def test_event_of_a_process_that_died_is_handed_out_again(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """An attempt that nobody settles counts for nothing."""
    await put(database, clock)
    await kept.claim(10)
    clock.now += CLAIM.total_seconds()
    assert [each.attempts for each in await kept.claim(10)] == [0]


async def test_event_that_was_taken_is_told_no_more(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """It can still be asked for, to be told again."""
    await put(database, clock)
    await kept.settle((await kept.claim(10))[0].taken())
    clock.now += CLAIM.total_seconds()
    assert await kept.claim(10) == []
    [known] = await kept.about("j1")
    assert (known.status, known.attempts) == (EventStatus.TAKEN, 1)
    await kept.settle(known.again(clock.moment()))
    assert [each.id for each in await kept.claim(10)] == [known.id]


async def test_refused_event_waits_longer_each_time(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """After the last pause it is given up."""
    await put(database, clock)
    for pause in PAUSES:
        [event] = await kept.claim(10)
        await kept.settle(event.refused(clock.moment(), for_good=False))
        clock.now += pause.total_seconds() * 0.7
        assert await kept.claim(10) == []
        clock.now += pause.total_seconds() * 0.6
    [event] = await kept.claim(10)
    await kept.settle(event.refused(clock.moment(), for_good=False))
    assert [each.status for each in await kept.about("j1")] == [EventStatus.GIVEN_UP]


async def test_event_is_kept_with_the_step_it_tells_of_or_not_at_all(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """Where the step fails, nothing is told."""
    event = new_event("job.finished", "j1", "erp", {}, clock.moment())
    with pytest.raises(ZeroDivisionError):
        async with database.write() as connection:
            await keep(connection, event)
            raise ZeroDivisionError
    assert await kept.claim(10) == []


async def test_what_was_told_a_week_ago_is_forgotten(
    database: Database, clock: Clock, kept: Outbox
) -> None:
    """What still waits is not."""
    await put(database, clock, "old")
    await kept.settle((await kept.claim(10))[0].taken())
    await put(database, clock, "waiting")
    clock.now += (KEPT + CLAIM + timedelta(seconds=1)).total_seconds()
    await put(database, clock, "new")
    [waiting, new] = await kept.claim(10)
    await kept.settle(new.taken())
    assert await kept.about("old") == []
    assert [each.id for each in await kept.about("waiting")] == [waiting.id]
