"""Documents that come by Kafka, over a real service that is killed and brokers that go away."""

import signal
from collections.abc import Callable
from pathlib import Path

from tests.fakes import base64_of, picture
from tests.integration.conftest import RunningService
from tests.kafka_cluster import Cluster, Message, kafka_cluster

DOCUMENTS = 12


def send(cluster: Cluster, *numbers: int) -> None:
    """Put documents into the topic, each with its number on it, and each of them twice."""
    for number in numbers:
        document = picture(text=f"Sheet {number}", size=(200, 60))
        event = {"specversion": "1.0", "id": str(number), "source": "scanner"}
        event |= {"type": "ocr.requested", "data_base64": base64_of(document)}
        cluster.send("in", event, event)


def test_documents_become_jobs_once_whatever_is_killed(
    start_service: Callable[..., RunningService], tmp_path: Path
) -> None:
    """Their senders are told of the end of each."""
    with kafka_cluster() as cluster:
        kept = {
            "kafka__documents": cluster.url("in"),
            "kafka__events": cluster.url("news"),
            "jobs__store": "database",
            "data__folder": tmp_path / "data",
            "data__floor_bytes": 0,
        }
        send(cluster, *range(DOCUMENTS // 2))
        service = start_service(**kept)
        cluster.read("news", 1)
        service.signal(signal.SIGKILL)
        service.end()
        service = start_service(**kept)
        cluster.go_away()
        cluster.come_back()
        send(cluster, *range(DOCUMENTS // 2, DOCUMENTS))
        told = list(map(Message.json, cluster.read("news", DOCUMENTS)))
        # An event may be told twice, and is known by its id then.
        while len({each["id"] for each in told}) < DOCUMENTS:
            told = list(map(Message.json, cluster.read("news", len(told) + 1)))
        jobs = service.client.get("/v2/jobs?limit=100").json()["jobs"]
        assert sorted(int(each["request_id"]) for each in jobs) == list(range(DOCUMENTS))
        assert {each["status"] for each in jobs} == {"succeeded"}
        texts = {service.client.get(f"{each['links']['result']}?format=text").text for each in jobs}
        assert texts == {f"Sheet {number}" for number in range(DOCUMENTS)}
        service.signal()
        assert service.end() == 0
