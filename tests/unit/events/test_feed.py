"""Tests of events/feed.py, with brokers that speak Kafka's protocol."""

import asyncio
import gc
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from readstone.errors import InvalidRequest, ReadstoneError, StorageFailed
from readstone.events import feed as module
from readstone.events import kafka
from readstone.events.feed import KafkaFeed
from readstone.events.topic import parse_topic
from tests.kafka_cluster import Cluster, kafka_cluster

pytestmark = pytest.mark.anyio


@pytest.fixture
async def cluster(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cluster]:
    """A cluster whose groups notice soon that somebody has gone."""
    monkeypatch.setattr(module, "SESSION_LIMIT_S", 1)
    monkeypatch.setattr(module, "PAUSE_S", 0.05)
    monkeypatch.setattr(kafka, "ANSWER_LIMIT_S", 1)
    with kafka_cluster() as cluster:
        yield cluster
        # What the library opens while it is closed is closed by the garbage collector, if it can.
        gc.collect()
        await asyncio.sleep(0)


class Taker:
    """Takes messages, unless it meets one of its failures; `hold` makes it stand at each."""

    def __init__(self, *failures: ReadstoneError) -> None:
        self.taken: asyncio.Queue[bytes] = asyncio.Queue()
        self.reached = asyncio.Event()
        self.hold = False
        self.counted: list[str] = []
        self._failures = deque(failures)

    async def take(self, message: bytes) -> None:
        """Take a message."""
        self.reached.set()
        if self.hold:
            await asyncio.Event().wait()
        if self._failures:
            raise self._failures.popleft()
        await self.taken.put(message)

    async def next(self) -> bytes:
        """Return the message that is taken next."""
        async with asyncio.timeout(30):
            return await self.taken.get()


@asynccontextmanager
async def running(cluster: Cluster, taker: Taker) -> AsyncIterator[None]:
    """Take messages until the end of the block."""
    topic = parse_topic("kafka.documents", cluster.url("in"))
    feed = KafkaFeed(topic, max_bytes=100_000, count=taker.counted.append)
    feed.start(taker.take)
    try:
        yield
    finally:
        await feed.stop()


async def test_messages_are_taken_in_order_and_once(cluster: Cluster) -> None:
    """Whoever comes next goes on where the one before has stopped."""
    cluster.url("in")
    taker = Taker()
    async with running(cluster, taker):
        cluster.send("in", b"1", b"2")
        assert [await taker.next(), await taker.next()] == [b"1", b"2"]
        await cluster.committed("in", "readstone", 2)
    async with running(cluster, taker):
        cluster.send("in", b"3")
        assert await taker.next() == b"3"


async def test_message_that_was_not_dealt_with_comes_again(cluster: Cluster) -> None:
    """A process that ended before the message was safe has not taken it."""
    cluster.url("in")
    cluster.send("in", b"1")
    stuck, taker = Taker(), Taker()
    stuck.hold = True
    async with running(cluster, stuck):
        await stuck.reached.wait()
    async with running(cluster, taker):
        assert await taker.next() == b"1"


async def test_message_waits_until_it_can_be_taken(cluster: Cluster) -> None:
    """Those behind it wait with it."""
    cluster.url("in")
    cluster.send("in", b"1", b"2")
    taker = Taker(*[StorageFailed("the database cannot be used now")] * 3)
    async with running(cluster, taker):
        assert [await taker.next(), await taker.next()] == [b"1", b"2"]


async def test_poison_is_put_aside_with_the_reason(cluster: Cluster) -> None:
    """It holds up nothing, and nothing of it is lost."""
    cluster.url("in"), cluster.url("in.dead")
    cluster.send("in", b"bad", b"good")
    taker = Taker(InvalidRequest("id: is missing"))
    async with running(cluster, taker):
        assert await taker.next() == b"good"
    assert taker.counted == ["dead", "taken"]
    [dead] = cluster.read("in.dead", 1)
    assert dead.value == b"bad"
    assert dead.headers == {
        "reason": b"invalid_request",
        "detail": b"id: is missing",
        "place": b"in/0/0",
    }


async def test_loss_of_the_broker_costs_nothing(cluster: Cluster) -> None:
    """At the start, between two messages, and while one is being dealt with."""
    cluster.url("in")
    cluster.go_away()
    taker = Taker()
    async with running(cluster, taker):
        await asyncio.sleep(0.1)
        cluster.come_back()
        for number in (b"1", b"2"):
            cluster.send("in", number)
            assert await taker.next() == number
            cluster.go_away()
            await asyncio.sleep(0.1)
            cluster.come_back()
