"""Documents that come by a topic of Kafka, and what becomes of them."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from readstone.api.messages import take_message
from readstone.errors import ConfigError, ReadstoneError
from tests.fakes import Service, as_file, base64_of, picture
from tests.kafka_cluster import Cluster, kafka_cluster

Start = Callable[..., Service]
PICTURE = base64_of(picture())


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster without topics."""
    with kafka_cluster() as cluster:
        yield cluster


def event(id_: str = "1", **members: Any) -> dict[str, Any]:
    """Return a CloudEvent that asks for a reading."""
    fixed = {"specversion": "1.0", "id": id_, "source": "scanner/7", "type": "ocr.requested"}
    return fixed | members


def take(service: Service, message: object) -> None:
    """Have a message taken."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    service.portal.call(partial(take_message, service.app.state.parts, body))


def jobs(service: Service) -> list[dict[str, Any]]:
    """Return the jobs there are, the first one first."""
    return list(service.client.get("/v2/jobs").json()["jobs"][::-1])


def test_documents_of_a_topic_become_jobs(start: Start, cluster: Cluster, tmp_path: Path) -> None:
    """Each once, poison aside, and those who sent them hear of the end under their own id."""
    cluster.url("in.dead")
    start(
        kafka__documents=cluster.url("in"),
        kafka__events=cluster.url("news"),
        jobs__store="database",
        data__folder=tmp_path,
        data__floor_bytes=0,
    )
    first = event("1", data_base64=PICTURE)
    cluster.send("in", first, first, b"poison", event("2", data={"data": PICTURE, "psm": 6}))
    told = [each.json()["data"] for each in cluster.read("news", 2)]
    assert {(each["request_id"], each["status"]) for each in told} == {
        ("1", "succeeded"),
        ("2", "succeeded"),
    }
    [dead] = cluster.read("in.dead", 1)
    assert (dead.value, dead.headers["reason"]) == (b"poison", b"invalid_request")


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"data_base64": PICTURE}, "ocr"),
        ({"data": {"data": PICTURE, "lang": "deu", "pages": "1"}}, "ocr"),
        ({"data": {"data": PICTURE}, "type": "invoice.requested"}, "invoice"),
        ({"data_base64": base64_of(b"<Invoice/>"), "type": "invoice.requested"}, "invoice"),
    ],
)
def test_message_is_what_the_route_takes(
    service: Service, members: dict[str, Any], kind: str
) -> None:
    """With the same options, or the document alone."""
    take(service, event(**members))
    [job] = jobs(service)
    assert (job["kind"], job["request_id"]) == (kind, "1")


def test_message_may_name_a_file_that_is_kept(service: Service) -> None:
    """One of the caller whose jobs the messages become."""
    kept = service.client.post("/v2/files", files=as_file(picture())).json()
    take(service, event(data={"file_id": kept["id"]}))
    service.finish_jobs()
    assert [job["status"] for job in jobs(service)] == ["succeeded"]


def test_same_event_and_same_document_are_one_job(service: Service) -> None:
    """Whatever an event holds that was there before; another source counts for itself."""
    for message in (
        event("1", data_base64=PICTURE),
        event("1", data_base64=base64_of(picture(size=(50, 50)))),
        event("2", data_base64=PICTURE),
    ):
        take(service, message)
    assert len(jobs(service)) == 1
    take(service, event("1", data_base64=base64_of(picture(size=(60, 60))), source="scanner/8"))
    assert len(jobs(service)) == 2


@pytest.mark.parametrize(
    ("message", "code", "said"),
    [
        (b"", "invalid_request", "message: invalid JSON"),
        (b"\xff\xfe", "invalid_request", "message: invalid JSON"),
        ([1], "invalid_request", "message: "),
        (event(specversion="0.3"), "invalid_request", "specversion: "),
        (event("x" * 65, data_base64=PICTURE), "invalid_request", "id: "),
        (event(type="fax.requested"), "invalid_request", "type: "),
        (event(), "invalid_request", "send one of data_base64"),
        (event(data_base64=PICTURE, data={"file_id": "1"}), "invalid_request", "send one of"),
        (event(data_base64="%"), "bad_request", "data: this is not base64"),
        (event(data_base64=""), "invalid_request", "the file is empty"),
        (event(data_base64=base64_of(b"Dear Ms. Okafor")), "unsupported_type", "the bytes are"),
        (event(data={"data": PICTURE, "lang": "xyz"}), "unknown_language", "xyz is not"),
        (event(data={"data": PICTURE, "colour": 1}), "invalid_request", "colour: "),
        (event(data={"file_id": "0" * 32}), "not_found", "there is no file"),
    ],
)
def test_poison_says_what_is_wrong_with_it(
    service: Service, message: object, code: str, said: str
) -> None:
    """It becomes no job, and trying again would be of no use."""
    with pytest.raises(ReadstoneError, match=said) as refusal:
        take(service, message)
    assert (refusal.value.code, refusal.value.retryable) == (code, False)
    assert jobs(service) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "kafka.documents: jobs would be lost"),
        ({"jobs__store": "database", "auth__tokens": "ann:" + "a" * 32}, "kafka.caller: is none"),
        ({"jobs__store": "database", "kafka__documents": "k1"}, "kafka.documents: write kafka"),
    ],
)
def test_topic_that_cannot_bring_documents_refuses_the_start(
    start: Start, values: dict[str, str], said: str
) -> None:
    """Nothing is taken that would be lost, or that nobody could ask for."""
    with pytest.raises(ConfigError, match=said):
        start(**{"kafka__documents": "kafka://k1:9092/in"} | values)
