"""What a topic of Kafka is told of files and jobs."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from readstone.errors import Unavailable
from tests.fakes import Service, as_file, picture
from tests.kafka_cluster import Cluster, Message, kafka_cluster

ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster without topics."""
    with kafka_cluster() as cluster:
        yield cluster


def test_topic_is_told_what_happens(
    start: Callable[..., Service], cluster: Cluster, tmp_path: Path
) -> None:
    """Of a file that is kept, of one that is not, and of a job that has ended; of each once."""
    bad, blocked = picture(size=(50, 50)), tmp_path / "blocked"
    digest = sha256(bad).hexdigest()
    blocked.write_text(digest)
    service = start(
        kafka__events=cluster.url("news"),
        compliance__rules="blocked",
        compliance__blocked=str(blocked),
    )
    keep = partial(service.client.post, "/v2/files")
    file_id = keep(files=as_file(picture())).json()["id"]
    assert keep(files=as_file(picture())).json()["id"] == file_id
    assert keep(files=as_file(bad)).status_code == 403
    job = service.client.post("/v2/ocr", content=picture(), headers=ASYNC).json()
    told = {each["type"]: each for each in map(Message.json, cluster.read("news", 3))}
    assert told["file.stored"]["subject"] == file_id
    assert told["file.stored"]["data"] == {
        "id": file_id,
        "caller": "anonymous",
        "sha256": sha256(picture()).hexdigest(),
        "size_bytes": len(picture()),
        "media_type": "image/png",
    }
    assert told["file.rejected"]["subject"] == digest
    assert told["file.rejected"]["data"] == {
        "caller": "anonymous",
        "sha256": digest,
        "outcome": "rejected",
        "rule": "blocked",
    }
    assert told["job.finished"]["data"] == {
        "id": job["id"],
        "kind": "ocr",
        "status": "succeeded",
        "request_id": job["request_id"],
    }


def test_client_of_kafka_is_imported_only_when_it_is_used() -> None:
    """A plain start needs no optional set."""
    code = "import sys, readstone.app, readstone.cli; sys.exit('aiokafka' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_missing_client_refuses_the_start(
    start: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remedy is a command."""
    monkeypatch.setitem(sys.modules, "aiokafka", None)
    with pytest.raises(Unavailable, match=r"kafka\.events: run scripts/setup\.sh --with kafka"):
        start(kafka__events="kafka://k1:9092/news")
