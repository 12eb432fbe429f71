"""Every refusal is a problem document that says what to do, and nothing it should not."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.api.problems import PROBLEMS
from readstone.errors import (
    BreaksEngine,
    DeadlineExceeded,
    EngineFailed,
    QueueFull,
    ReadstoneError,
    TooCostly,
    Unavailable,
)
from tests.fakes import Service, as_file, base64_of, picture

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "retryable", "request_id"}
Send = Callable[[TestClient], Response]


def refusal(answer: Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem document of an answer that is one, and of this kind."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem.keys() >= MEMBERS
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["instance"] == answer.request.url.path
    assert problem["detail"] and problem["title"]
    assert not re.search(r"Traceback|/site-packages|/src/|\.py\b|Pillow|pydantic", answer.text)
    return problem


def post_json(text: str | bytes) -> Send:
    """Return a request that sends this as the JSON of the V2 route."""
    return lambda c: c.post("/v2/ocr", content=text, headers={"Content-Type": "application/json"})


def post_v1(text: str | bytes, route: str = "imagesync") -> Send:
    """Return a request that sends this as the JSON of a V1 route."""
    return lambda c: c.post(
        f"/v1/{route}", content=text, headers={"Content-Type": "application/json"}
    )


def post_form(content_type: str, content: bytes = b"") -> Send:
    """Return a request that sends this as a form."""
    return lambda c: c.post("/", content=content, headers={"Content-Type": content_type})


def with_options(**options: object) -> Send:
    """Return a request to read a picture with these options."""
    return lambda c: c.post("/v2/ocr", files=as_file(picture()), data=options)


DAMAGED = picture()[:60]
ONE_FIELD = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
)
REFUSALS: dict[str, tuple[Send, int, str]] = {
    "no route": (lambda c: c.get("/v2/nothing"), 404, "not_found"),
    "no such job": (lambda c: c.get("/v1/imageasync_get/nothing"), 404, "not_found"),
    "no such job by POST": (
        lambda c: c.post("/v1/imageasync_get", json={"jobid": "nothing"}),
        404,
        "not_found",
    ),
    "no such problem": (lambda c: c.get("/problems/nothing"), 404, "not_found"),
    "method": (lambda c: c.get("/v2/ocr"), 405, "method_not_allowed"),
    "method of V1": (lambda c: c.put("/v1/imagesync"), 405, "method_not_allowed"),
    "v2 no json": (post_json("{"), 400, "bad_request"),
    "v2 deep json": (post_json('{"data":' + "[" * 100_000), 400, "bad_request"),
    "v2 long number": (post_json('{"data":' + "1" * 5_000 + "}"), 400, "bad_request"),
    "v2 json in no encoding": (post_json(b'{"data": "\xff"}'), 400, "bad_request"),
    "v2 json list": (post_json("[]"), 400, "bad_request"),
    "v2 no base64": (post_json('{"data": "?"}'), 400, "bad_request"),
    "v2 base64 of half a byte": (post_json('{"data": "A"}'), 400, "bad_request"),
    "v2 letters beyond ascii": (post_json('{"data": "äöü"}'), 400, "bad_request"),
    "v2 no data": (post_json("{}"), 422, "invalid_request"),
    "v2 null data": (post_json('{"data": null}'), 422, "invalid_request"),
    "v2 empty data": (post_json('{"data": ""}'), 422, "invalid_request"),
    "v2 half a letter as data": (post_json('{"data": "\\ud800"}'), 400, "bad_request"),
    "v2 half a letter as key": (
        post_json('{"data": "AA==", "\\ud800": 1}'),
        422,
        "invalid_request",
    ),
    "v2 unknown key": (post_json('{"data": "AA==", "lnag": "eng"}'), 422, "invalid_request"),
    "v2 empty body": (lambda c: c.post("/v2/ocr"), 422, "invalid_request"),
    "v2 parameters that are no json": (with_options(parameters="{"), 400, "bad_request"),
    "v2 psm that reads nothing": (with_options(psm=2), 422, "invalid_request"),
    "v2 psm out of range": (with_options(psm=14), 422, "invalid_request"),
    "v2 dpi out of range": (with_options(dpi=1), 422, "invalid_request"),
    "v2 detail": (with_options(detail="letters"), 422, "invalid_request"),
    "v2 format": (with_options(format="docx"), 422, "invalid_request"),
    "v2 option nobody knows": (with_options(colour="red"), 422, "invalid_request"),
    "v2 parameter off the list": (
        with_options(parameters='{"tessedit_write_images": "1"}'),
        422,
        "invalid_request",
    ),
    "v2 path as language": (with_options(lang="../../etc/passwd"), 422, "invalid_request"),
    "v2 engine": (with_options(engine="abbyy"), 422, "invalid_request"),
    "v2 engine that is not there": (with_options(engine="rapidocr"), 422, "invalid_request"),
    "v2 language": (with_options(lang="tlh"), 422, "unknown_language"),
    "v2 one language of two": (with_options(lang="eng+tlh"), 422, "unknown_language"),
    "v1 no json": (post_v1("{"), 400, "bad_request"),
    "v1 deep json": (post_v1('{"data":' + "[" * 100_000), 400, "bad_request"),
    "v1 json in no encoding": (post_v1(b'{"data": "\xff"}'), 400, "bad_request"),
    "v1 json list": (post_v1("[]"), 422, "invalid_request"),
    "v1 empty body": (post_v1(""), 422, "invalid_request"),
    "v1 no data": (post_v1("{}"), 422, "invalid_request"),
    "v1 no base64": (post_v1('{"data": "?"}'), 400, "bad_request"),
    "v1 empty data": (post_v1('{"data": ""}'), 422, "invalid_request"),
    "v1 language": (post_v1('{"data": "AA==", "lang": "tlh"}'), 422, "unknown_language"),
    "v1 job without a picture": (post_v1("{}", "imageasync"), 422, "invalid_request"),
    "v1 poll without an id": (post_v1("{}", "imageasync_get"), 422, "invalid_request"),
    "no form": (lambda c: c.post("/", content=picture()), 422, "invalid_request"),
    "form without file": (
        lambda c: c.post("/", files={"picture": picture()}),
        422,
        "invalid_request",
    ),
    "file as a field": (lambda c: c.post("/", data={"file": "x"}), 422, "invalid_request"),
    "two files": (
        lambda c: c.post("/", files=[("file", picture()), ("file", picture())]),
        400,
        "bad_request",
    ),
    "form without boundary": (post_form("multipart/form-data", ONE_FIELD), 400, "bad_request"),
    "form of another boundary": (
        post_form("multipart/form-data; boundary=y", ONE_FIELD),
        400,
        "bad_request",
    ),
    "form that ends early": (
        post_form("multipart/form-data; boundary=x", ONE_FIELD[:-20]),
        422,
        "invalid_request",
    ),
    "form in a charset that breaks": (
        post_form("multipart/form-data; boundary=x; charset=undefined", ONE_FIELD),
        400,
        "bad_request",
    ),
    "form with a long field": (
        lambda c: c.post("/", files=as_file(picture()), data={"lang": "e" * 2_000_000}),
        400,
        "bad_request",
    ),
    "empty picture": (lambda c: c.post("/", files=as_file(b"")), 422, "invalid_request"),
    "no picture": (lambda c: c.post("/", files=as_file(b"%!PS-Adobe")), 415, "unsupported_type"),
    "svg": (lambda c: c.post("/v2/ocr", content=b"<svg/>"), 415, "unsupported_type"),
    "magic and nothing else": (
        lambda c: c.post("/v2/ocr", content=picture()[:8]),
        422,
        "corrupt_input",
    ),
    "damaged": (lambda c: c.post("/v2/ocr", content=DAMAGED), 422, "corrupt_input"),
    "damaged, to be echoed": (
        lambda c: c.post("/img-echo/", files=as_file(DAMAGED)),
        422,
        "corrupt_input",
    ),
    "damaged, to V1": (
        lambda c: c.post("/v1/imagesync", json={"data": base64_of(DAMAGED)}),
        422,
        "corrupt_input",
    ),
    "too many pixels": (
        lambda c: c.post("/v2/ocr", content=picture(size=(101, 100))),
        413,
        "image_too_large",
    ),
    "too long a side": (
        lambda c: c.post("/v2/ocr", content=picture(size=(1_001, 1))),
        413,
        "image_too_large",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_done_is_a_problem_document(client: TestClient, case: str) -> None:
    """Each wrong request is told apart by status and code."""
    send, status, code = REFUSALS[case]
    refusal(send(client), status, code)


def test_wrong_method_names_the_right_ones(client: TestClient) -> None:
    """The header Allow holds the methods of the address."""
    assert client.get("/v2/ocr").headers["Allow"] == "POST"


def test_unknown_language_names_the_installed(client: TestClient) -> None:
    """Who asks for a language that is missing learns which are there."""
    problem = refusal(with_options(lang="tlh")(client), 422, "unknown_language")
    assert problem["installed"] == ["deu", "eng", "fra"]
    assert "tlh is not installed; installed are deu, eng, fra" in problem["detail"]


def test_engine_that_is_not_there_says_what_to_do(client: TestClient) -> None:
    """Who asks for the second engine learns why there is none."""
    problem = refusal(with_options(engine="rapidocr")(client), 422, "invalid_request")
    assert "rapidocr is not installed here" in problem["detail"]
    assert problem["setting"] == "ocr.second_engine"


def test_wrong_option_is_named(client: TestClient) -> None:
    """The detail says which field is wrong, and does not repeat its value."""
    problem = refusal(with_options(detail="glyph-and-more")(client), 422, "invalid_request")
    assert problem["errors"][0]["field"] == "detail"
    assert "glyph-and-more" not in json.dumps(problem)


def test_too_many_bytes_name_the_limit(start: Callable[..., Service]) -> None:
    """A picture over the limit is refused with limit, size and setting, whichever way it came."""
    client = start(limits__body_bytes=100).client
    data = picture(size=(100, 90))
    sent = [
        client.post("/v2/ocr", content=data),
        client.post("/v2/ocr", files=as_file(data)),
        client.post("/v2/ocr", json={"data": base64_of(data)}),
        client.post("/v1/imagesync", json={"data": base64_of(data)}),
        client.post("/v1/imageasync", json={"data": base64_of(data)}),
        client.post("/", files=as_file(data)),
        client.post("/img-echo/", files=as_file(data)),
    ]
    for answer in sent:
        problem = refusal(answer, 413, "body_too_large")
        assert (problem["limit"], problem["actual"]) == (100, len(data))
        assert problem["setting"] == "limits.body_bytes"


def test_echo_can_be_switched_off(start: Callable[..., Service]) -> None:
    """POST /img-echo/ is not there when echo.active is false."""
    client = start(echo__active=False).client
    refusal(client.post("/img-echo/", files=as_file(picture())), 404, "not_found")


FATES: list[tuple[Exception, int, str, bool]] = [
    (TooCostly("too much memory"), 413, "too_costly", False),
    (BreaksEngine("two workers ended"), 422, "breaks_engine", False),
    (DeadlineExceeded("took too long"), 422, "deadline_exceeded", False),
    (QueueFull("the line is full", retry_after=7), 503, "queue_full", True),
    (EngineFailed("the engine failed"), 503, "engine_failed", True),
    (Unavailable("a part is missing"), 503, "unavailable", False),
    (RuntimeError("/secret/path of Quince"), 500, "internal_error", False),
    (KeyError("Quince"), 500, "internal_error", False),
]


@pytest.mark.parametrize(("fate", "status", "code", "retryable"), FATES)
@pytest.mark.parametrize(
    "send",
    [
        lambda c: c.post("/v2/ocr", content=picture()),
        lambda c: c.post("/v1/imagesync", json={"data": base64_of(picture())}),
        lambda c: c.post("/", files=as_file(picture())),
        lambda c: c.post("/img-echo/", files=as_file(picture())),
    ],
    ids=["ocr", "imagesync", "root", "echo"],
)
def test_what_befalls_the_work_is_told(
    service: Service, send: Send, fate: Exception, status: int, code: str, retryable: bool
) -> None:
    """Each end of the work has its status and code; the unforeseen tells nothing of itself."""
    service.pool.script.append(fate)
    problem = refusal(send(service.client), status, code)
    assert problem["retryable"] is retryable
    assert not {"Quince", "secret"} & set(re.findall(r"\w+", json.dumps(problem)))


@pytest.mark.parametrize(
    "fate", [each for each, status, _, _ in FATES if status == 503], ids=lambda fate: fate.code
)
def test_every_503_says_when_to_come_back(service: Service, fate: ReadstoneError) -> None:
    """Retry-After stands beside each 503, in whole seconds from 1."""
    service.pool.script.append(fate)
    answer = service.client.post("/v2/ocr", content=picture())
    assert int(answer.headers["Retry-After"]) >= 1


def test_not_ready_says_when_to_come_back(service: Service) -> None:
    """/ready without a warm worker is a 503 with its reason and Retry-After."""
    service.pool.warm = 0
    answer = service.client.get("/ready")
    assert "worker" in refusal(answer, 503, "not_ready")["detail"]
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_type_has_a_page(client: TestClient, code: str) -> None:
    """The address in `type` leads to a page that a person can read."""
    answer = client.get(f"/problems/{code.replace('_', '-')}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert PROBLEMS[code].title in answer.text


def test_type_is_the_address_of_the_page(client: TestClient) -> None:
    """`type` is made of the code."""
    problem = client.get("/v1/nothing").json()
    assert problem["type"] == "/problems/not-found"
    assert client.get(problem["type"]).status_code == 200


def test_page_of_an_unknown_type_repeats_nothing(client: TestClient) -> None:
    """No page holds what the client wrote into the address."""
    answer = client.get("/problems/<script>alert(1)<")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "script" not in answer.json()["detail"]
