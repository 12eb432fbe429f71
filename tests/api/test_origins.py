"""From which web pages a browser may call."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.fakes import Service, picture

APP = "https://app.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}
TOKENS = "alice:correct-horse"


def status(client: TestClient, **headers: str) -> int:
    """Return the status of a request to read a picture, sent with these headers."""
    token = {"Authorization": "Bearer correct-horse"}
    return client.post("/v2/ocr", content=picture(), headers=token | headers).status_code


@pytest.mark.parametrize(
    ("tokens", "allowed", "host", "origin", "expected"),
    [
        ("", "", "127.0.0.1:8000", "", 200),
        ("", "", "127.0.0.1:8000", "http://127.0.0.1:8000", 200),
        ("", "", "localhost:8000", "http://localhost:8000", 200),
        ("", "", "[::1]:8000", "http://[::1]:8000", 200),
        ("", "", "192.168.1.5:8000", "http://192.168.1.5:8000", 200),
        ("", "", "127.0.0.1:8000", "http://127.0.0.1:9000", 403),
        ("", "", "127.0.0.1:8000", "http://localhost:8000", 403),
        ("", "", "127.0.0.1:8000", "null", 403),
        ("", "", "127.0.0.1:8000", "https://evil.example", 403),
        ("", "", "127.0.0.1:8000", "http://[", 403),
        ("", "", "127.0.0.1:8000", "http://127.0.0.1:8000@evil.example", 403),
        ("", "", "evil.example", "http://evil.example", 403),
        ("", "", "evil.example:8000", "http://evil.example:8000", 403),
        ("", "", "localhost.evil.example", "http://localhost.evil.example", 403),
        ("", "", "127.0.0.1.evil.example", "http://127.0.0.1.evil.example", 403),
        (TOKENS, "", "scan.example", "https://scan.example", 200),
        (TOKENS, "", "scan.example", "https://evil.example", 403),
        ("", APP, "127.0.0.1:8000", APP, 200),
        ("", APP, "127.0.0.1:8000", "HTTPS://APP.example", 200),
        ("", APP + "/", "127.0.0.1:8000", APP, 200),
        ("", APP, "127.0.0.1:8000", APP + ".evil.example", 403),
        ("", APP, "127.0.0.1:8000", APP + ":8443", 403),
        ("", APP, "127.0.0.1:8000", "http://app.example", 403),
        ("", f"{APP},https://two.example", "127.0.0.1:8000", "https://two.example", 200),
        ("", "*", "127.0.0.1:8000", "https://anybody.example", 200),
        ("", "*", "127.0.0.1:8000", "null", 200),
    ],
)
def test_a_page_may_call_or_not(
    start: Callable[..., Service], tokens: str, allowed: str, host: str, origin: str, expected: int
) -> None:
    """Allowed pages and the service's own may call; a name that another site can take may not."""
    client = start(auth__tokens=tokens, origins__allowed=allowed).client
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    assert status(client, **headers) == expected


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "Forwarded", "Referer"])
def test_no_other_header_opens_the_door(client: TestClient, header: str) -> None:
    """What a page can set does not make it the service's own."""
    evil = "https://evil.example"
    assert status(client, Origin=evil, **{header: "evil.example"}) == 403


def test_a_refused_page_gets_a_problem_document(client: TestClient) -> None:
    """The refusal is told apart, and has no header that would let the page read it."""
    answer = client.post("/v2/ocr", headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/health", "/ready", "/version"])
def test_health_is_open_to_every_page(client: TestClient, path: str) -> None:
    """Who watches the service from a page may do so."""
    assert client.get(path, headers={"Origin": "https://evil.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/v2/ocr", "/v1/imagesync", "/", "/img-echo/", "/docs"])
def test_all_else_is_filtered(client: TestClient, path: str) -> None:
    """Every other address refuses a foreign page, by every method."""
    for method in ("GET", "POST", "OPTIONS", "HEAD", "DELETE"):
        answer = client.request(method, path, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


def test_an_allowed_page_may_ask_first(start: Callable[..., Service]) -> None:
    """A browser's preflight is answered for allowed pages and refused for others."""
    client = start(auth__tokens=TOKENS, origins__allowed=APP).client
    answer = client.options("/v2/ocr", headers=PREFLIGHT | {"Origin": APP})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == APP
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    refused = client.options("/v2/ocr", headers=PREFLIGHT | {"Origin": "https://evil.example"})
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_refused")


@pytest.mark.parametrize("allowed", [APP, APP + "/", "HTTPS://App.Example"])
def test_an_allowed_page_can_read_the_answer(start: Callable[..., Service], allowed: str) -> None:
    """However the origin is written in the configuration, the page is named in the answer."""
    client = start(origins__allowed=allowed).client
    answer = client.post("/v2/ocr", content=picture(), headers={"Origin": APP})
    assert answer.headers["access-control-allow-origin"] == APP


@pytest.mark.parametrize(
    ("content", "status", "fate"),
    [
        (b"", 422, None),
        (b"%!PS-Adobe", 415, None),
        (bytes(100_000), 413, None),
        (picture(), 500, RuntimeError("broken")),
    ],
    ids=["empty", "no picture", "too large", "broken"],
)
def test_an_allowed_page_can_read_refusals(
    start: Callable[..., Service], content: bytes, status: int, fate: Exception | None
) -> None:
    """A refusal names the page as an answer does; else its script would see mere failure."""
    service = start(origins__allowed=APP, limits__body_bytes=1_000)
    if fate:
        service.pool.script.append(fate)
    answer = service.client.post("/v2/ocr", content=content, headers={"Origin": APP})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == APP
