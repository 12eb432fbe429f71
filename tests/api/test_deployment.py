"""What a deployment tells of itself, and each caller of what was used."""

from collections.abc import Callable

from starlette.testclient import TestClient

from tests.fakes import Service, as_file, base64_of, picture

Start = Callable[..., Service]
ALICE, BOB = "correct-horse", "battery-staple"


def test_capabilities_are_those_of_the_configuration(start: Start) -> None:
    """Every limit is a setting, every language is installed, every format can be asked for."""
    client = start(limits__body_bytes=1_000, limits__requests_per_minute=7).client
    told = client.get("/v2/capabilities").json()
    limits = told["limits"]
    assert (limits["body_bytes"], limits["requests_per_minute"]) == (1_000, 7)
    listed = client.get("/v2/languages").json()
    assert told["languages"] == [each["code"] for each in listed["languages"]]
    assert told["engines"] == listed["models"]
    assert (told["durability"], told["callbacks"]) == ("volatile", False)
    assert {"image/png", "application/pdf"} <= set(told["formats"]["reads"])
    for name in told["formats"]["ocr"]:
        answer = client.post("/v2/ocr", params={"format": name}, content=picture())
        assert answer.status_code == 200
    assert "person" in told["entities"]


def test_any_number_of_requests_is_told_as_null(client: TestClient) -> None:
    """Where there is no limit none is made up."""
    assert client.get("/v2/capabilities").json()["limits"]["requests_per_minute"] is None
    assert client.get("/v2/usage").json()["requests_per_minute"] is None


def test_use_is_told_to_whose_it_is(start: Start) -> None:
    """Requests that bring work, their bytes, and the pages that were read, now or later."""
    service = start(auth__tokens=f"alice:{ALICE},bob:{BOB}")
    client, data = service.client, picture()
    alice, bob = ({"Authorization": f"Bearer {token}"} for token in (ALICE, BOB))
    sent = [
        client.post("/v2/ocr", content=data, headers=alice),
        client.post("/v2/ocr?psm=6", content=data, headers=alice | {"Prefer": "respond-async"}),
        client.post("/v1/imagesync", json={"data": base64_of(data), "token": ALICE}),
        client.post("/", files=as_file(data), headers=alice),
    ]
    assert client.get("/v2/jobs", headers=alice).status_code == 200
    assert client.post("/v2/ocr", content=data).status_code == 401
    service.finish_jobs()
    told = client.get("/v2/usage", headers=alice).json()
    assert (told["requests"], told["pages"]) == (4, 4)
    assert told["bytes"] == sum(len(answer.request.content) for answer in sent)
    assert client.get("/v2/usage", headers=bob).json()["requests"] == 0
