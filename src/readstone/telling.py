"""Builds what tells of events, webhooks and a topic of Kafka, and what takes messages."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from readstone.errors import ConfigError, Unavailable
from readstone.events.topic import Topic, parse_topic
from readstone.settings import AppConfig, KafkaConfig, WebhooksConfig

if TYPE_CHECKING:
    from readstone.events.feed import KafkaFeed
    from readstone.events.kafka import KafkaSender
    from readstone.events.webhook import WebhookSender

BASE64_GROWTH = 4 / 3


def build_webhooks(config: WebhooksConfig) -> "WebhookSender | None":
    """Return what calls back; None where nobody may be called."""
    if not config.are_active:
        return None
    from readstone.events.webhook import WebhookSender  # takes a tenth of a second

    return WebhookSender(
        config.targets,
        allowed_hosts=config.allowed_hosts,
        secret=config.secret.get_secret_value(),
    )


def events_topic(config: KafkaConfig) -> Topic | None:
    """Return the topic that is told what happens; None without one.

    Raises:
        ConfigError: its address is none.
    """
    url = config.events.get_secret_value()
    return parse_topic("kafka.events", url) if url else None


def documents_topic(config: KafkaConfig) -> Topic | None:
    """Return the topic that brings documents; None without one.

    Raises:
        ConfigError: its address is none.
    """
    url = config.documents.get_secret_value()
    return parse_topic("kafka.documents", url) if url else None


def build_kafka(topic: Topic | None) -> "KafkaSender | None":
    """Return what sends to a topic; nothing is asked of its cluster yet.

    Raises:
        Unavailable: the client of Kafka is not installed.
    """
    if topic is None:
        return None
    _check_client("kafka.events")
    from readstone.events.kafka import KafkaSender  # is not always installed

    return KafkaSender(topic)


def build_feed(config: AppConfig, count: Callable[[str], None]) -> "KafkaFeed | None":
    """Return what takes documents from a topic; nothing is asked of its cluster yet.

    Args:
        count: is told what became of each message.

    Raises:
        ConfigError: they would be lost, or nobody could ask for what they become.
        Unavailable: the client of Kafka is not installed.
    """
    topic = documents_topic(config.kafka)
    if topic is None:
        return None
    if not config.jobs.is_durable:
        raise ConfigError("kafka.documents: jobs would be lost; set jobs.store to database")
    if config.auth.tokens and config.kafka.caller not in config.auth.tokens:
        raise ConfigError("kafka.caller: is none of the names of auth.tokens; choose one")
    _check_client("kafka.documents")
    from readstone.events.feed import KafkaFeed  # is not always installed

    max_bytes = int(config.limits.body_bytes * BASE64_GROWTH)
    return KafkaFeed(topic, max_bytes=max_bytes, count=count)


def _check_client(setting: str) -> None:
    """Raise Unavailable when the client of Kafka, which a setting needs, is not installed."""
    if find_spec("aiokafka") is None:
        raise Unavailable(f"{setting}: run scripts/setup.sh --with kafka for a topic")
