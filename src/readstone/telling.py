"""Builds what tells of events: webhooks, and a topic of Kafka."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from readstone.errors import Unavailable
from readstone.events.topic import Topic, parse_topic
from readstone.settings import KafkaConfig, WebhooksConfig

if TYPE_CHECKING:
    from readstone.events.kafka import KafkaSender
    from readstone.events.webhook import WebhookSender


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


def build_kafka(topic: Topic | None) -> "KafkaSender | None":
    """Return what sends to a topic; nothing is asked of its cluster yet.

    Raises:
        Unavailable: the client of Kafka is not installed.
    """
    if topic is None:
        return None
    check_client("kafka.events")
    from readstone.events.kafka import KafkaSender  # is not always installed

    return KafkaSender(topic)


def check_client(setting: str) -> None:
    """Raise Unavailable when the client of Kafka, which a setting needs, is not installed."""
    if find_spec("aiokafka") is None:
        raise Unavailable(f"{setting}: run scripts/setup.sh --with kafka for a topic")
