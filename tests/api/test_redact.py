"""The route that redacts: ways in, modes, refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from readstone.findings import PiiKind
from tests.fakes import Service, as_file, base64_of, picture

TEXT = "Dear Ms. Okafor, call +44 20 7946 0958 or write to ada@example.com."
MASKED = "Dear Ms. [PERSON], call [PHONE] or write to [EMAIL]."


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"text": TEXT}},
        {"json": {"text": TEXT, "mode": "mask", "format": "json"}},
        {"content": TEXT, "headers": {"content-type": "text/plain; charset=utf-8"}},
    ],
)
def test_text_comes_back_masked(client: TestClient, sent: dict[str, Any]) -> None:
    """A text may come as JSON or as such."""
    answer = client.post("/v2/redact", **sent).json()
    assert answer["text"] == MASKED
    assert answer["counts"] == {"person": 1, "phone": 1, "email": 1}
    assert answer["pages"] == [] and answer["consistent_within"] is None
    for entity in answer["entities"]:
        assert MASKED[slice(*entity["span"])] == entity["text"] == f"[{entity['kind'].upper()}]"
    assert "Okafor" not in str(answer)


def test_detect_says_what_stands_where(client: TestClient) -> None:
    """The text is left as it is."""
    answer = client.post("/v2/redact?mode=detect", json={"text": TEXT}).json()
    assert answer["text"] == TEXT
    found = {entity["kind"]: (entity["text"], entity["rule"]) for entity in answer["entities"]}
    assert found == {
        "person": ("Okafor", "title"),
        "phone": ("+44 20 7946 0958", "phone_international"),
        "email": ("ada@example.com", "email"),
    }


@pytest.mark.parametrize("entities", [["email"], "email", "email,iban"])
def test_entities_choose(client: TestClient, entities: object) -> None:
    """A list in JSON, names with commas elsewhere."""
    answer = client.post("/v2/redact", json={"text": TEXT, "entities": entities}).json()
    assert answer["text"] == TEXT.replace("ada@example.com", "[EMAIL]")


def test_configured_key_makes_hashes_last(start: Callable[..., Service]) -> None:
    """Two services with one key give the same hash; without a key each has its own."""

    def hashed(**settings: object) -> tuple[str, str]:
        body = {"text": "ada@example.com", "mode": "hash"}
        answer = start(**settings).client.post("/v2/redact", json=body).json()
        return answer["text"], answer["consistent_within"]

    key = {"redaction__key": "a key of sixteen or more"}
    assert hashed(**key) == hashed(**key)
    assert hashed(**key)[1] == "key"
    assert hashed()[1] == "process"
    assert hashed()[0] != hashed()[0]


@pytest.mark.parametrize(
    "sent",
    [
        {"files": as_file(picture(text="x"))},
        {"content": picture(text="x")},
        {"json": {"data": base64_of(picture(text="x"))}},
    ],
)
def test_picture_comes_back_as_a_picture(service: Service, sent: dict[str, Any]) -> None:
    """Whichever way it came; it was painted over and read again."""
    service.pool.engine.text = "Mr. Smith"
    answer = service.client.post("/v2/redact", **sent)
    assert answer.headers["content-type"] == "application/problem+json"
    # The fake engine reads the same words on whatever it is given.
    assert answer.json()["code"] == "not_redacted"
    service.pool.engine.text = "Quince jam"
    answer = service.client.post("/v2/redact", **sent)
    assert answer.headers["content-type"] == "image/png"


def test_document_can_be_had_as_masked_text(service: Service) -> None:
    """With `format=json` the text of a document comes back, and where the marks would be."""
    service.pool.engine.text = "Mr. Smith"
    answer = service.client.post("/v2/redact?format=json", content=picture()).json()
    assert answer["text"] == "Mr. [PERSON]"
    assert answer["entities"][0]["places"] == [{"page": 1, "bbox": [9, 0, 17, 8]}]
    assert answer["pages"] == [{"page": 1, "width": 40, "height": 30, "rotation": 0}]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {}}, 422, "invalid_request"),
        ({"json": {"text": "a", "data": "eA=="}}, 422, "invalid_request"),
        ({"json": {"text": "a", "mode": "shred"}}, 422, "invalid_request"),
        ({"json": {"text": "a", "entities": ["shoe_size"]}}, 422, "invalid_request"),
        ({"json": {"text": "a", "entities": []}}, 422, "invalid_request"),
        ({"json": {"text": "a", "entities": "email," * 20}}, 422, "invalid_request"),
        ({"json": {"text": "a", "format": "document"}}, 422, "invalid_request"),
        ({"json": {"text": "a", "parameters": {}}}, 422, "invalid_request"),
        ({"json": {"text": "a" * 100_001}}, 413, "body_too_large"),
        ({"json": {"data": "%"}}, 400, "bad_request"),
        ({"json": ["text"]}, 400, "bad_request"),
        ({"content": b"\xff", "headers": {"content-type": "text/plain"}}, 400, "bad_request"),
        ({"content": b"no picture"}, 415, "unsupported_type"),
        ({"content": b""}, 422, "invalid_request"),
        ({"files": {"other": b"x"}}, 422, "invalid_request"),
        ({"content": picture(), "params": {"lang": "tlh"}}, 422, "unknown_language"),
        (
            {"content": picture(), "params": {"mode": "hash", "format": "document"}},
            *(422, "invalid_request"),
        ),
    ],
    ids=lambda each: str(each)[:40],
)
def test_refusals(client: TestClient, sent: dict[str, Any], status: int, code: str) -> None:
    """What cannot be done is refused with a problem document that repeats nothing."""
    answer = client.post("/v2/redact", **sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_half_a_character_is_refused(client: TestClient) -> None:
    """JSON can name a lone surrogate, and no answer could hold it."""
    body = b'{"text": "\\ud800 ada@example.com", "mode": "hash"}'
    answer = client.post("/v2/redact", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_every_kind_can_be_asked_for(client: TestClient) -> None:
    """The names of the kinds are those of the answer."""
    body = {"text": TEXT, "entities": [kind.value for kind in PiiKind]}
    assert client.post("/v2/redact", json=body).json()["text"] == MASKED
