"""Tells events to a topic of a Kafka cluster."""

import asyncio
import json
import ssl
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from readstone.events.event import Away, Event
from readstone.events.topic import TOPIC, Topic

CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=UTF-8")
ANSWER_LIMIT_S = 10
# Less than half of the time for which an event is handed to one process.
SEND_LIMIT_S = 20.0


class KafkaSender:
    """Sends events to topics; those about one subject go to one partition, in their order.

    Nothing is asked of the cluster before the first event; while it is away, events wait.
    """

    tells_topics = True

    def __init__(self, cluster: Topic) -> None:
        self._cluster = cluster
        self._producer: AIOKafkaProducer | None = None
        self._line = asyncio.Lock()  # the first comer's message is the first in the topic

    async def send(self, event: Event) -> None:
        """Return when all replicas of the topic have the event.

        Raises:
            Away: they do not have it, or nobody can tell.
        """
        body = json.dumps(event.envelope(), separators=(",", ":")).encode()
        try:
            async with asyncio.timeout(SEND_LIMIT_S):
                async with self._line:
                    producer = await self._started()
                    sent = await producer.send(
                        event.target.removeprefix(TOPIC),
                        body,
                        key=event.subject.encode(),
                        headers=[CONTENT_TYPE],
                    )
                await sent
        except (KafkaError, OSError, TimeoutError) as error:
            raise Away(type(error).__name__) from error

    async def close(self) -> None:
        """Close all connections."""
        if self._producer:
            await self._producer.stop()

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(acks="all", **client_settings(self._cluster))
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer


def client_settings(cluster: Topic) -> dict[str, Any]:
    """Return how a client of the library reaches a cluster."""
    settings: dict[str, Any] = {
        "bootstrap_servers": list(cluster.servers),
        "request_timeout_ms": ANSWER_LIMIT_S * 1000,
        "security_protocol": "SSL" if cluster.is_encrypted else "PLAINTEXT",
    }
    if cluster.is_encrypted:
        settings["ssl_context"] = ssl.create_default_context()
    if cluster.user:
        settings |= {
            "security_protocol": f"SASL_{settings['security_protocol']}",
            "sasl_mechanism": cluster.mechanism,
            "sasl_plain_username": cluster.user,
            "sasl_plain_password": cluster.password,
        }
    return settings
