"""Who is let in is decided at the door, before the body is read."""

from collections.abc import Callable

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from readstone.errors import CallerShare, QueueFull
from tests.fakes import Gate, Service, as_file, base64_of, picture

ALICE, BOB = "correct-horse", "battery-staple"
TOKENS = f"alice:{ALICE},bob:{BOB}"
Start = Callable[..., Service]
Send = Callable[[TestClient], Response]

JSON_PICTURE = {"data": base64_of(picture())}
ANSWERS: dict[str, Send] = {
    "/v2/ocr": lambda c: c.post("/v2/ocr", content=picture()),
    "/v2/invoices": lambda c: c.post("/v2/invoices", content=picture()),
    "/v2/redact": lambda c: c.post("/v2/redact", json={"text": "tea"}),
    "/v1/imagesync": lambda c: c.post("/v1/imagesync", json=JSON_PICTURE),
    "/": lambda c: c.post("/", files=as_file(picture())),
    "/img-echo/": lambda c: c.post("/img-echo/", files=as_file(picture())),
}


class Unread:
    """A client that waits to be asked for its body, and is not to be asked."""

    def __init__(self, path: str, token: str | None = None) -> None:
        headers = [(b"expect", b"100-continue"), (b"content-length", b"1000")]
        headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
        self.scope: Scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("192.0.2.7", 1),
            "server": ("127.0.0.1", 8000),
        }
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        """Be asked for the body."""
        raise AssertionError("the body was asked for")

    async def send(self, message: Message) -> None:
        """Keep what is answered."""
        self.sent.append(message)

    def status(self, service: Service) -> int:
        """Return the status with which the service answers."""
        service.portal.call(service.app, self.scope, self.receive, self.send)
        status: int = self.sent[0]["status"]
        return status


@pytest.mark.parametrize("path", ANSWERS)
def test_refusals_do_not_wait_for_the_body(start: Start, path: str) -> None:
    """A stop, a wrong token, too many requests and a full line are told on the head alone."""
    service = start(auth__tokens=TOKENS, limits__requests_per_minute=1)
    service.app.state.is_draining = True
    assert Unread(path, ALICE).status(service) == 503
    service.app.state.is_draining = False
    assert Unread(path, "wrong-horse").status(service) == 401
    service.pool.refusal = QueueFull("full")
    assert Unread(path, ALICE).status(service) == 503
    assert Unread(path, ALICE).status(service) == 429


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize(("error", "status"), [(QueueFull, 503), (CallerShare, 429)])
def test_whose_fault_a_full_line_is(
    service: Service, path: str, error: type[QueueFull | CallerShare], status: int
) -> None:
    """A line that others fill is the service's fault, one that the caller fills is theirs."""
    service.pool.refusal = error("full", retry_after=7, setting="ocr.wait_s")
    answer = ANSWERS[path](service.client)
    assert (answer.status_code, answer.json()["code"]) == (status, error.code)
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["retryable"] is True
    assert service.pool.calls == []


def test_jobs_come_in_when_people_have_to_wait(service: Service) -> None:
    """A job may wait longer than somebody who waits for the answer, and be looked at meanwhile."""
    service.pool.refusal = QueueFull("full")
    job = service.client.post("/v1/imageasync", json=JSON_PICTURE).json()["jobid"]
    assert service.client.get(f"/v1/imageasync_get/{job}").status_code == 200


def test_a_full_line_of_jobs_is_told_before_the_body(start: Start) -> None:
    """A job that would wait too long is refused on the head of its request."""
    service = start(jobs__wait_s=10)
    service.pool.mean_work_s = 30
    gates = [Gate(), Gate()]
    service.pool.script.extend(gates)
    for number in range(3):
        data = base64_of(picture(text=str(number)))
        assert service.client.post("/v1/imageasync", json={"data": data}).status_code == 200
    assert Unread("/v1/imageasync").status(service) == 503
    for gate in gates:
        gate.open()


def test_work_waits_in_the_queue_of_its_caller(start: Start) -> None:
    """Callers take turns by their names; without tokens, addresses do."""
    named, nameless = start(auth__tokens=TOKENS), start()
    for service in (named, nameless):
        headers = {"Authorization": f"Bearer {BOB}"}
        service.client.post("/v2/ocr", content=picture(), headers=headers)
    assert [call.queue for call in named.pool.calls] == ["bob"]
    assert [call.queue for call in nameless.pool.calls] == ["@testclient"]


def test_too_many_requests_are_refused(start: Start) -> None:
    """Every answer says what is left; the request over the limit is told when to come back."""
    client = start(limits__requests_per_minute=2).client
    answers = [client.post("/v2/ocr", content=picture()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    left = [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers]
    assert left == ['"submit";r=1', '"submit";r=0', '"submit";r=0']
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"submit";q=2;w=60'}
    problem = answers[2].json()
    assert (problem["code"], problem["limit"]) == ("rate_limited", 2)
    assert problem["setting"] == "limits.requests_per_minute"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 90


def test_whoever_may_not_submit_may_look(start: Start) -> None:
    """Looking at jobs has a limit of its own, ten times as high."""
    client = start(limits__requests_per_minute=1).client
    job = client.post("/v1/imageasync", json=JSON_PICTURE).json()["jobid"]
    assert client.post("/v1/imageasync", json=JSON_PICTURE).status_code == 429
    looks = [client.get(f"/v1/imageasync_get/{job}") for _ in range(11)]
    assert [look.status_code for look in looks] == [200] * 10 + [429]
    assert looks[0].headers["RateLimit"].startswith('"look";r=9')


def test_callers_have_limits_of_their_own(start: Start) -> None:
    """What one sends is not counted against another, in whichever way the token comes."""
    client = start(auth__tokens=TOKENS, limits__requests_per_minute=1).client

    def status(token: str) -> int:
        return client.post("/v1/imagesync", json=JSON_PICTURE | {"token": token}).status_code

    assert [status(each) for each in (ALICE, ALICE, BOB)] == [200, 429, 200]
    headers = {"Authorization": f"Bearer {BOB}"}
    assert client.post("/v2/ocr", content=picture(), headers=headers).status_code == 429


def test_health_and_wrong_requests_are_not_counted(start: Start) -> None:
    """Probes have no limit, nor has what is no request for work."""
    client = start(limits__requests_per_minute=1).client
    for _ in range(20):
        answer = client.get("/health")
        assert (answer.status_code, "RateLimit" in answer.headers) == (200, False)
        assert client.get("/v2/ocr").status_code == 405
    assert client.post("/v2/ocr", content=picture()).status_code == 200


def test_without_a_limit_nothing_is_told(client: TestClient) -> None:
    """On one's own machine nobody is counted."""
    answer = client.post("/v2/ocr", content=picture())
    assert (answer.status_code, "RateLimit" in answer.headers) == (200, False)
