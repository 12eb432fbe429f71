"""What may be given to others: sums and masked texts, or nothing."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from readstone.errors import EngineFailed
from tests.api.test_uploads import keep
from tests.fakes import Service, picture

SECRETS = ("Okafor", "ada@example.com")


@pytest.fixture
def service(start: Callable[..., Service]) -> Service:
    """A service that reads a name and an address on every picture."""
    started = start()
    started.pool.engine.text = "Dear Ms. Okafor,\nwrite to ada@example.com"
    return started


@pytest.fixture
def client(service: Service) -> TestClient:
    """A client of it."""
    return service.client


def test_texts_are_masked(client: TestClient) -> None:
    """Neither what stands in a file nor its name or digest says who it is about."""
    file_id = keep(client, name="letter to Okafor.png")
    answer = client.get("/v2/export")
    [exported] = answer.json()["files"]
    assert exported["id"] == file_id
    assert exported["text"] == "Dear Ms. [PERSON],\nwrite to [EMAIL]"
    assert not [word for word in SECRETS if word in answer.text]
    assert not {"filename", "sha256"} & exported.keys()


def test_sums_are_over_all_files(client: TestClient) -> None:
    """They can be had without any text."""
    sizes = [(30 + each, 30) for each in range(3)]
    for size in sizes:
        keep(client, picture(size=size))
    body = client.get("/v2/export?limit=0").json()
    total = sum(len(picture(size=size)) for size in sizes)
    assert body == {
        "totals": [{"media_type": "image/png", "files": 3, "bytes": total}],
        "files": [],
        "next": None,
    }


def test_pages_follow_one_another(client: TestClient) -> None:
    """`next` leads on to what is older."""
    ids = [keep(client, picture(size=(30 + each, 30))) for each in range(3)]
    first = client.get("/v2/export?limit=2").json()
    rest = client.get(first["next"]).json()
    assert [each["id"] for each in (*first["files"], *rest["files"])] == ids[::-1]
    assert rest["next"] is None


def test_file_that_cannot_be_masked_refuses_everything(client: TestClient) -> None:
    """The problem names the file, and what is older can be asked for without it."""
    older = keep(client)
    broken = keep(client, b"%PDF-1.7 that ends here")
    answer = client.get("/v2/export")
    body = answer.json()
    assert (answer.status_code, body["code"], body["file_id"]) == (422, "not_redacted", broken)
    assert not {"files", "totals"} & body.keys()
    rest = client.get(f"/v2/export?cursor={body['file_id']}").json()
    assert [each["id"] for each in rest["files"]] == [older]


def test_masker_that_fails_gives_nothing_out(service: Service) -> None:
    """A failure that does not lie in a file can be tried again."""
    keep(service.client)
    service.pool.script.append(EngineFailed("the engine crashed"))
    answer = service.client.get("/v2/export")
    assert answer.status_code == 503
    assert not {"files", "totals"} & answer.json().keys()
