"""A cluster that speaks Kafka's protocol: librdkafka's mock brokers, in this process."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from ctypes import CDLL, c_char_p, c_int, c_size_t, c_void_p, create_string_buffer
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import confluent_kafka
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

BROKER = 1
PRODUCER = 0
PARTITIONS = 2
CHUNK_BYTES = 65_536
WAIT_S = 30.0


def _library() -> CDLL:
    """Return the library that is part of the wheel."""
    (path,) = Path(confluent_kafka.__file__).parents[1].glob("confluent_kafka.libs/librdkafka-*")
    library = CDLL(str(path))
    for name, result, *arguments in (
        ("rd_kafka_conf_new", c_void_p),
        ("rd_kafka_conf_set", c_int, c_void_p, c_char_p, c_char_p, c_char_p, c_size_t),
        ("rd_kafka_new", c_void_p, c_int, c_void_p, c_char_p, c_size_t),
        ("rd_kafka_destroy", None, c_void_p),
        ("rd_kafka_mock_cluster_new", c_void_p, c_void_p, c_int),
        ("rd_kafka_mock_cluster_destroy", None, c_void_p),
        ("rd_kafka_mock_cluster_bootstraps", c_char_p, c_void_p),
        ("rd_kafka_mock_broker_set_down", c_int, c_void_p, c_int),
        ("rd_kafka_mock_broker_set_up", c_int, c_void_p, c_int),
        ("rd_kafka_mock_broker_set_host_port", c_int, c_void_p, c_int, c_char_p, c_int),
        ("rd_kafka_mock_topic_create", c_int, c_void_p, c_char_p, c_int, c_int),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, c_void_p, c_int),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a topic."""

    key: bytes
    value: bytes
    headers: dict[str, bytes]

    @classmethod
    def of(cls, found: "confluent_kafka.Message | None") -> "Message":
        """Return a message that was found."""
        assert found and not found.error(), "there is no message"
        return cls(found.key(), found.value(), dict(found.headers() or []))

    def json(self) -> Any:
        """Return what it holds."""
        return json.loads(self.value)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of one broker, which keeps its topics while it is away."""

    library: CDLL
    handle: int
    servers: str

    def url(self, topic: str) -> str:
        """Return the address of a topic, which there is from now on."""
        self.library.rd_kafka_mock_topic_create(self.handle, topic.encode(), PARTITIONS, 1)
        return f"kafka://{self.servers}/{topic}"

    def send(self, topic: str, *values: bytes | dict[str, Any]) -> None:
        """Put messages into a topic, in their order; what is no bytes becomes JSON."""
        producer = Producer({"bootstrap.servers": self.servers})
        for value in values:
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            producer.produce(topic, body, partition=0)
        assert producer.flush(WAIT_S) == 0

    def read(self, topic: str, count: int) -> "list[Message]":
        """Return the first messages of a topic, as soon as there are so many."""
        settings = {"bootstrap.servers": self.servers, "group.id": uuid4().hex, "log_level": 0}
        with closing(Consumer(settings)) as reader:
            known = reader.list_topics(topic, timeout=WAIT_S).topics[topic].partitions
            reader.assign([TopicPartition(topic, each, OFFSET_BEGINNING) for each in known])
            return [Message.of(reader.poll(WAIT_S)) for _ in range(count)]

    async def committed(self, topic: str, group: str, count: int) -> None:
        """Return when a group has taken so many messages of the first partition of a topic."""
        settings = {"bootstrap.servers": self.servers, "group.id": group, "log_level": 0}
        with closing(Consumer(settings)) as reader:
            place = [TopicPartition(topic, 0)]
            while reader.committed(place, WAIT_S)[0].offset < count:
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def encrypted(self, context: ssl.SSLContext) -> AsyncIterator[str]:
        """Have the broker reached by TLS alone; the value is where it is then."""
        host, _, port = self.servers.partition(":")
        connections: set[asyncio.Task[None]] = set()

        async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if task := asyncio.current_task():
                connections.add(task)
            answers, requests = await asyncio.open_connection(host, port)
            try:
                await asyncio.gather(_pipe(reader, requests), _pipe(answers, writer))
            finally:
                for each in (requests, writer):
                    each.close()
                    with suppress(OSError):
                        await each.wait_closed()

        async with await asyncio.start_server(pass_on, host, 0, ssl=context) as door:
            outside = door.sockets[0].getsockname()[1]
            self.library.rd_kafka_mock_broker_set_host_port(
                self.handle, BROKER, host.encode(), outside
            )
            yield f"{host}:{outside}"
            for task in connections:
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)

    def go_away(self) -> None:
        """Close all connections, and take no others."""
        self.library.rd_kafka_mock_broker_set_down(self.handle, BROKER)

    def come_back(self) -> None:
        """Be there again."""
        self.library.rd_kafka_mock_broker_set_up(self.handle, BROKER)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while some := await reader.read(CHUNK_BYTES):
            writer.write(some)
            await writer.drain()
    writer.close()


@contextmanager
def kafka_cluster() -> Iterator[Cluster]:
    """Start a cluster without topics."""
    library = _library()
    settings = library.rd_kafka_conf_new()
    library.rd_kafka_conf_set(settings, b"log_level", b"0", None, 0)
    client = library.rd_kafka_new(PRODUCER, settings, create_string_buffer(512), 512)
    cluster = library.rd_kafka_mock_cluster_new(client, 1)
    # A group waits for others to join it; here nobody comes.
    library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
    try:
        servers = library.rd_kafka_mock_cluster_bootstraps(cluster).decode()
        yield Cluster(library, cluster, servers)
    finally:
        library.rd_kafka_mock_cluster_destroy(cluster)
        library.rd_kafka_destroy(client)
