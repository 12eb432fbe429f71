"""Takes the messages of a topic of Kafka, each of them once it is safe."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError

from readstone.errors import ReadstoneError
from readstone.events.kafka import client_settings
from readstone.events.topic import Topic
from readstone.repeating import Repeated

log = structlog.get_logger(__name__)

DEAD = ".dead"
SESSION_LIMIT_S = 10
PAUSE_S = 1.0
ENVELOPE_BYTES = 65_536
Client = TypeVar("Client", AIOKafkaConsumer, AIOKafkaProducer)
# Returns when what a message brings is on disk; raises what is wrong with it.
Take = Callable[[bytes], Awaitable[None]]


@asynccontextmanager
async def running(client: Client) -> AsyncIterator[Client]:
    """Give a client that has started; unlike its own block, end it also when it could not.

    It ends to the last connection, although whoever ends it is cancelled.
    """
    try:
        await client.start()
        yield client
    finally:
        ending = asyncio.ensure_future(client.stop())
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise


class KafkaFeed:
    """Hands on the messages of a topic, one after the other.

    A message is marked as taken when it has been dealt with: what comes after a kill or a loss of
    the brokers is handed on again. What cannot be taken now is tried until it can. What never can
    is put into the topic of the same name with `.dead`, with the reason in its headers.

    Args:
        max_bytes: of a message.
        count: is told of each message whether it is `taken` or `dead`.
    """

    def __init__(self, topic: Topic, *, max_bytes: int, count: Callable[[str], None]) -> None:
        self._topic = topic
        self._count = count
        self._max_bytes = max_bytes
        self._take: Take
        self._loop = Repeated("take messages", self._run, pause_s=PAUSE_S)

    def start(self, take: Take) -> None:
        """Begin to hand on messages."""
        self._take = take
        self._loop.start()

    async def stop(self) -> None:
        """Hand on no more, and leave the topic to others."""
        await self._loop.stop()

    async def _run(self) -> None:
        """Hand on messages for as long as the brokers are there."""
        try:
            async with running(self._consumer()) as consumer, running(self._producer()) as producer:
                async for record in consumer:
                    await self._deal(record, producer)
                    await consumer.commit()
        except KafkaError as error:
            log.warning("messages are taken up again", reason=type(error).__name__)

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            self._topic.name,
            group_id=self._topic.group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_partition_fetch_bytes=self._max_bytes + ENVELOPE_BYTES,
            session_timeout_ms=SESSION_LIMIT_S * 1000,
            heartbeat_interval_ms=SESSION_LIMIT_S * 1000 // 3,
            **client_settings(self._topic),
        )

    def _producer(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            acks="all",
            max_request_size=self._max_bytes + ENVELOPE_BYTES,
            **client_settings(self._topic),
        )

    async def _deal(self, record: ConsumerRecord, producer: AIOKafkaProducer) -> None:
        """Return when a message is taken, or is among the dead."""
        while True:
            try:
                await self._take(record.value or b"")
                return self._count("taken")
            except ReadstoneError as error:
                if not error.retryable:
                    await self._bury(record, error, producer)
                    return self._count("dead")
                log.info("message waits", reason=error.code)
            await asyncio.sleep(PAUSE_S)

    async def _bury(
        self, record: ConsumerRecord, error: ReadstoneError, producer: AIOKafkaProducer
    ) -> None:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        log.warning("message cannot be taken", reason=error.code, place=place)
        reasons = {"reason": error.code, "detail": error.detail, "place": place}
        headers = [*record.headers, *((name, said.encode()) for name, said in reasons.items())]
        await producer.send_and_wait(
            self._topic.name + DEAD, record.value, key=record.key, headers=headers
        )
