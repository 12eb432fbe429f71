"""A request that is sent again does nothing again, with a key or without one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.errors import CorruptInput
from tests.fakes import TEXT, Gate, Service, as_file, base64_of, picture

Start = Callable[..., Service]
ASYNC = {"Prefer": "respond-async"}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
REPLAYED = "Idempotent-Replayed"


def post(client: TestClient, data: bytes = b"", path: str = "/v2/ocr", **more: str) -> Response:
    """Send a picture under the key."""
    return client.post(path, content=data or picture(), headers=KEY | more)


def test_answer_is_sent_again(service: Service) -> None:
    """The same request under the same key is not worked at twice, in whatever format."""
    first, second = post(service.client), post(service.client)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (REPLAYED in first.headers, second.headers[REPLAYED]) == (False, "true")
    assert first.json()["pages"] == second.json()["pages"]
    assert post(service.client, path="/v2/ocr?format=text").text.strip() == TEXT
    assert len(service.pool.calls) == 1


@pytest.mark.parametrize(
    ("path", "data"), [("/v2/ocr", picture("BMP")), ("/v2/ocr?psm=6", b""), ("/v2/redact", b"")]
)
def test_key_of_another_request_is_refused(service: Service, path: str, data: bytes) -> None:
    """Whether the picture is another one, or what is wished of it."""
    post(service.client)
    answer = post(service.client, data, path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "Idempotency-Key" in answer.json()["detail"]
    assert len(service.pool.calls) == 1


def test_job_is_told_again(service: Service) -> None:
    """While it runs and when it has ended; who can wait gets what it brought."""
    gate = Gate()
    service.pool.script.append(gate)
    first, second = (post(service.client, **ASYNC) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers[REPLAYED] == "true"
    assert gate.reached.wait(5)
    assert post(service.client).status_code == 202
    gate.open()
    service.finish_jobs()
    third = post(service.client, **ASYNC)
    assert (third.status_code, third.json()["status"]) == (202, "succeeded")
    assert post(service.client).json()["text"] == TEXT
    assert len(service.pool.calls) == 1


def test_key_is_in_use_until_its_request_is_answered(service: Service) -> None:
    """Whoever is too quick is told so; the first request is not disturbed."""
    gate = Gate()
    service.pool.script.append(gate)
    with ThreadPoolExecutor(1) as elsewhere:
        first = elsewhere.submit(post, service.client)
        assert gate.reached.wait(5)
        answer = post(service.client)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        gate.open()
        assert first.result().status_code == 200
    assert post(service.client).headers[REPLAYED] == "true"


def test_failure_while_one_waits_is_not_kept(service: Service) -> None:
    """What failed may be sent again under its key."""
    service.pool.script.append(CorruptInput("damaged"))
    assert post(service.client).status_code == 422
    assert post(service.client).json()["text"] == TEXT


def test_answer_for_which_there_is_no_place_is_sent_all_the_same(start: Start) -> None:
    """Only that it cannot be sent again."""
    service = start(jobs__max_jobs=1)
    gate = Gate()
    service.pool.script.append(gate)
    service.client.post("/v2/ocr", content=picture(size=(40, 31)), headers=ASYNC)
    assert gate.reached.wait(5)
    answers = [post(service.client) for _ in range(2)]
    gate.open()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not any(REPLAYED in answer.headers for answer in answers)


def test_key_of_an_erased_job_can_be_used_again(service: Service) -> None:
    """The work is done again, as another job."""
    first = post(service.client, **ASYNC).headers["Location"]
    service.finish_jobs()
    service.client.delete(first)
    second = post(service.client, **ASYNC)
    assert REPLAYED not in second.headers
    assert second.headers["Location"] != first


@pytest.mark.parametrize(
    "key", ["", '""', "k" * 256, "a\tb"], ids=["none", "quotes", "long", "tab"]
)
def test_key_that_is_none_is_refused(client: TestClient, key: str) -> None:
    """The problem says what a key may be."""
    answer = client.post("/v2/ocr", content=picture(), headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_many_who_hand_in_the_same_have_one_job(service: Service) -> None:
    """Without any key: a hundred at the same time, and nothing is read twice."""
    client = service.client
    with ThreadPoolExecutor(10) as clients:
        answers = list(
            clients.map(
                lambda _: client.post("/v2/ocr", content=picture(), headers=ASYNC), range(100)
            )
        )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    service.finish_jobs()
    assert len(service.pool.calls) == 1


def pair(data: bytes) -> list[dict[str, str]]:
    """Return two files for a batch in JSON, of which one is refused."""
    return [{"data": base64_of(data)}, {"data": "?"}]


SUBMIT: dict[str, tuple[Callable[[TestClient, bytes], Response], str]] = {
    "/v1/imageasync": (
        lambda c, data: c.post("/v1/imageasync", json={"data": base64_of(data)}, headers=KEY),
        "jobid",
    ),
    "/api/v1/process-invoice": (
        lambda c, data: c.post("/api/v1/process-invoice", files=as_file(data), headers=KEY),
        "task_id",
    ),
    "/v2/batches": (
        lambda c, data: c.post("/v2/batches", json={"files": pair(data)}, headers=KEY),
        "id",
    ),
}


@pytest.mark.parametrize("path", SUBMIT)
def test_job_is_handed_in_once_under_a_key(service: Service, path: str) -> None:
    """On every route that brings a job: the same job again, and no other request."""
    send, name = SUBMIT[path]
    service.pool.script.append(CorruptInput("the picture is damaged"))
    first = send(service.client, picture())
    service.finish_jobs()
    again = send(service.client, picture())
    assert again.json()[name] == first.json()[name]
    assert (REPLAYED in first.headers, again.headers[REPLAYED]) == (False, "true")
    other = send(service.client, picture("BMP"))
    assert (other.status_code, other.json()["code"]) == (422, "invalid_request")
    assert len(service.pool.calls) == 1
