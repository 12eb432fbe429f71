"""Who may call: tokens in the header and in V1 bodies."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.fakes import Service, as_file, base64_of, picture

ALICE, BOB = "correct-horse", "battery-staple"
OPEN = [
    "/health",
    "/ready",
    "/version",
    "/v2/languages",
    "/docs",
    "/openapi.json",
    "/problems/not-found",
]


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def guarded(start: Callable[..., Service]) -> Service:
    """The application with two callers."""
    return start(auth__tokens=f"alice:{ALICE},bob:{BOB}")


V1 = {"data": base64_of(picture())}
TEXT = {"text": "a good day"}
ROUTES: dict[str, Callable[[TestClient, dict[str, str]], Response]] = {
    "ocr": lambda c, headers: c.post("/v2/ocr", content=picture(), headers=headers),
    "imagesync": lambda c, headers: c.post("/v1/imagesync", json=V1, headers=headers),
    "imageasync": lambda c, headers: c.post("/v1/imageasync", json=V1, headers=headers),
    "root": lambda c, headers: c.post("/", files=as_file(picture()), headers=headers),
    "echo": lambda c, headers: c.post("/img-echo/", files=as_file(picture()), headers=headers),
    "classify": lambda c, headers: c.post("/classify", json=TEXT, headers=headers),
    "sentiment": lambda c, headers: c.post("/v1/sentiment", json=TEXT, headers=headers),
    "classify v2": lambda c, headers: c.post(
        "/v2/classify", json={"inputs": "ok", "task": "sentiment"}, headers=headers
    ),
    "predict": lambda c, headers: c.post("/predict", json={"inputs": "ok"}, headers=headers),
    "moderations": lambda c, headers: c.post(
        "/v1/moderations", json={"input": "ok"}, headers=headers
    ),
}
WRONG: dict[str, dict[str, str]] = {
    "none": {},
    "empty": {"Authorization": "Bearer "},
    "other scheme": {"Authorization": f"Basic {ALICE}"},
    "unknown": bearer("wrong-horse"),
    "longer": bearer(ALICE + "x"),
    "shorter": bearer(ALICE[:-1]),
    "the name": bearer("alice"),
    "other case": bearer(ALICE.upper()),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("route", ROUTES)
def test_a_wrong_token_is_refused(guarded: Service, route: str, wrong: str) -> None:
    """Nobody without a known token is let in, and the answer says what is needed."""
    answer = ROUTES[route](guarded.client, WRONG[wrong])
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert guarded.pool.calls == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_known_token_is_let_in(guarded: Service, route: str, scheme: str) -> None:
    """The header carries the token; the name of the scheme may be written in any case."""
    headers = {"Authorization": f"{scheme} {ALICE}"}
    assert ROUTES[route](guarded.client, headers).status_code == 200


@pytest.mark.parametrize("route", ROUTES)
def test_without_configured_tokens_nobody_needs_one(client: TestClient, route: str) -> None:
    """On one's own machine no token is needed, and one that is sent does no harm."""
    assert ROUTES[route](client, {}).status_code == 200
    assert ROUTES[route](client, bearer("whatever")).status_code == 200


@pytest.mark.parametrize(
    ("header", "field", "status"),
    [
        (None, ALICE, 200),
        (None, "wrong-horse", 401),
        (None, "", 401),
        (ALICE, None, 200),
        (ALICE, "wrong-horse", 200),
        ("wrong-horse", ALICE, 401),
    ],
)
@pytest.mark.parametrize("route", ["imagesync", "imageasync"])
def test_the_header_wins_over_the_body(
    guarded: Service, route: str, header: str | None, field: str | None, status: int
) -> None:
    """A V1 body may carry the token, and counts only without a header."""
    body: dict[str, Any] = V1 | ({} if field is None else {"token": field})
    headers = bearer(header) if header else {}
    assert guarded.client.post(f"/v1/{route}", json=body, headers=headers).status_code == status


@pytest.mark.parametrize("path", OPEN)
def test_health_and_documentation_need_no_token(guarded: Service, path: str) -> None:
    """What tells nothing of anybody's work is open."""
    assert guarded.client.get(path).status_code == 200


def test_callers_do_not_see_each_others_jobs(guarded: Service) -> None:
    """Somebody else's job is a job that is not there, whichever way one asks."""
    client = guarded.client
    body = V1 | {"token": ALICE}
    job = client.post("/v1/imageasync", json=body).json()["jobid"]
    guarded.finish_jobs()

    def status(token: str) -> list[int]:
        return [
            client.get(f"/v1/imageasync_get/{job}", headers=bearer(token)).status_code,
            client.post(
                "/v1/imageasync_get", json={"jobid": job}, headers=bearer(token)
            ).status_code,
            client.post("/v1/imageasync_get", json={"jobid": job, "token": token}).status_code,
        ]

    assert status(ALICE) == [200] * 3
    assert status(BOB) == [404] * 3
    assert status("wrong-horse") == [401] * 3


def test_an_answer_does_not_tell_whether_a_job_is_there(guarded: Service) -> None:
    """The refusal of another's job is that of a job that never was."""
    job = guarded.client.post("/v1/imageasync", json=V1, headers=bearer(ALICE)).json()["jobid"]

    def told(job: str) -> dict[str, Any]:
        problem = guarded.client.get(f"/v1/imageasync_get/{job}", headers=bearer(BOB)).json()
        return {name: problem[name] for name in problem.keys() - {"instance", "request_id"}}

    assert told(job) == told("0" * 32)
