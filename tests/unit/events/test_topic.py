"""Tests of events/topic.py: addresses of topics."""

import pytest

from readstone.errors import ConfigError
from readstone.events.topic import Topic, parse_topic


@pytest.mark.parametrize(
    ("url", "topic"),
    [
        ("kafka://k1:9092/news", Topic(("k1:9092",), "news")),
        ("kafka://k1:9092,k2:9093/news?group=a", Topic(("k1:9092", "k2:9093"), "news", group="a")),
        (
            "kafkas://ann:p%40ss@k1/news?mechanism=SCRAM-SHA-512",
            Topic(("k1",), "news", True, "ann", "p@ss", "SCRAM-SHA-512"),
        ),
    ],
)
def test_address_names_servers_and_topic(url: str, topic: Topic) -> None:
    """With TLS, a user and a password where they are wanted."""
    assert parse_topic("kafka.events", url) == topic


def test_topic_knows_where_data_goes() -> None:
    """Its target is no name of a webhook, and its hosts have no ports."""
    topic = parse_topic("kafka.events", "kafka://ann:pass@k1:9092,k2/news")
    assert (topic.target, topic.hosts) == ("kafka:news", ["k1", "k2"])


@pytest.mark.parametrize(
    "url",
    ["k1:9092", "http://k1/news", "kafka:///news", "kafka://k1", "kafka://k1/news?acks=0"],
)
def test_address_of_no_topic_is_refused(url: str) -> None:
    """The setting is named, and what would be right."""
    with pytest.raises(ConfigError, match=r"kafka\.events: write kafka://host:9092/topic"):
        parse_topic("kafka.events", url)
