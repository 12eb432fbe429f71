"""Tests of events/kafka.py, with brokers that speak Kafka's protocol."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from readstone.events import kafka
from readstone.events.event import Away, Event, new_event
from readstone.events.kafka import KafkaSender, client_settings
from readstone.events.topic import Topic, parse_topic
from tests.kafka_cluster import Cluster, kafka_cluster

pytestmark = pytest.mark.anyio


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster without topics."""
    with kafka_cluster() as cluster:
        yield cluster


@pytest.fixture
async def sender(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KafkaSender]:
    """What sends to a topic of it, and does not wait for long."""
    monkeypatch.setattr(kafka, "ANSWER_LIMIT_S", 1)
    sender = KafkaSender(parse_topic("kafka.events", cluster.url("news")))
    yield sender
    await sender.close()


def event(number: int, subject: str = "j1") -> Event:
    """Return something that happened."""
    return new_event("job.finished", subject, "kafka:news", {"n": number}, datetime.now(UTC))


async def test_topic_is_told_in_order(cluster: Cluster, sender: KafkaSender) -> None:
    """What is about one subject stays in its order, however many are told at once."""
    events = [event(number) for number in range(20)]
    await asyncio.gather(*map(sender.send, events))
    told = cluster.read("news", 20)
    assert [each.json() for each in told] == [each.envelope() for each in events]
    assert {each.key for each in told} == {b"j1"}
    assert told[0].headers["content-type"].startswith(b"application/cloudevents+json")


async def test_event_waits_while_the_broker_is_away(cluster: Cluster, sender: KafkaSender) -> None:
    """Before the first event as well as after it; then it is told again."""
    for number in range(2):
        cluster.go_away()
        with pytest.raises(Away):
            await sender.send(event(2 * number))
        cluster.come_back()
        await sender.send(event(2 * number + 1))
    assert [each.json()["data"]["n"] for each in cluster.read("news", 2)] == [1, 3]


async def test_encrypted_topic_is_told(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a broker whose certificate is believed, and by no other."""
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    cluster.url("news")
    async with cluster.encrypted(context) as server:
        topic = parse_topic("kafka.events", f"kafkas://{server}/news")
        with pytest.raises(Away):
            await KafkaSender(topic).send(event(0))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        sender = KafkaSender(topic)
        await sender.send(event(1))
        await sender.close()


def test_login_and_encryption_are_those_of_the_address() -> None:
    """Kafka has a name for each of the four ways."""
    settings = client_settings(Topic(("k1:9093",), "news", True, "ann", "pass", "SCRAM-SHA-512"))
    assert settings["security_protocol"] == "SASL_SSL"
    assert settings["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (settings["sasl_plain_username"], settings["sasl_plain_password"]) == ("ann", "pass")
    assert settings["ssl_context"].check_hostname
    bare = client_settings(Topic(("k1:9092",), "news"))
    assert bare["security_protocol"] == "PLAINTEXT"
    assert "ssl_context" not in bare
