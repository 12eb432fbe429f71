"""What surrounds a request, at the level of ASGI."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from readstone.api.middleware import BodyGuard, LastResort, RequestLog, is_request_id

SCOPE: Scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
ANSWER: list[Message] = [
    {"type": "http.response.start", "status": 200, "headers": []},
    {"type": "http.response.body", "body": b"ok"},
]


def body(*chunks: bytes) -> list[Message]:
    """Return the messages of a body."""
    return [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, 1)
    ]


def talk(app: ASGIApp, received: Iterable[Message], scope: Scope = SCOPE) -> list[Message]:
    """Return what an application sends to a client that sends these messages."""
    messages, sent = iter(received), []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


async def answer_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer without a look at the body."""
    for message in ANSWER:
        await send(message)


async def read_and_answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer once the body has come."""
    while (await receive()).get("more_body"):
        pass
    await answer_at_once(scope, receive, send)


async def break_early(scope: Scope, receive: Receive, send: Send) -> None:
    """Break before the answer."""
    raise RuntimeError("a valve is stuck")


async def break_late(scope: Scope, receive: Receive, send: Send) -> None:
    """Break within the answer."""
    await send(ANSWER[0])
    raise RuntimeError("a valve is stuck")


async def end_early(scope: Scope, receive: Receive, send: Send) -> None:
    """Be ended before the answer."""
    raise asyncio.CancelledError


async def end_late(scope: Scope, receive: Receive, send: Send) -> None:
    """Be ended within the answer."""
    await send(ANSWER[0])
    raise asyncio.CancelledError


def guarded(app: ASGIApp, max_bytes: int = 10) -> BodyGuard:
    """Return an application whose bodies are bounded."""
    return BodyGuard(app, max_bytes=max_bytes, limit_s=5)


def test_a_body_within_bounds_passes() -> None:
    """What is small enough is not touched, up to the last byte."""
    assert talk(guarded(read_and_answer), body(b"12345", b"67890")) == ANSWER


def test_a_body_over_the_bound_is_read_and_refused() -> None:
    """The answer of the application is replaced, and the whole body is taken in."""
    received = iter(body(b"12345", b"678901", b"2", b"3"))
    sent = talk(guarded(read_and_answer), received)
    assert [message["status"] for message in sent if "status" in message] == [413]
    assert list(received) == []


def test_an_early_answer_waits_for_the_body() -> None:
    """An answer that needs no body is sent when the client has sent all."""
    received = iter(body(b"1", b"2", b"3"))
    assert talk(guarded(answer_at_once), received) == ANSWER
    assert list(received) == []


def test_a_client_that_asks_first_is_not_waited_for() -> None:
    """With `Expect: 100-continue` the body does not come before it is asked for."""
    scope = SCOPE | {"headers": [(b"expect", b"100-continue"), (b"content-length", b"99")]}
    sent = talk(guarded(read_and_answer), [], scope)
    assert sent[0]["status"] == 413


@pytest.mark.parametrize("wrap", [guarded, LastResort, partial(RequestLog, count=print)])
@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_other_connections_pass(wrap: Callable[[ASGIApp], ASGIApp], kind: str) -> None:
    """What is no request is left alone."""
    assert talk(wrap(answer_at_once), [], {"type": kind}) == ANSWER


def test_what_breaks_is_answered() -> None:
    """A fault nobody foresaw is a 500 that keeps its reason to itself."""
    sent = talk(LastResort(break_early), [])
    assert sent[0]["status"] == 500
    assert b"valve" not in sent[1]["body"]


def test_what_a_stop_has_ended_is_told_to_come_back() -> None:
    """It is no fault; once an answer has begun, only its connection can be closed."""
    assert talk(LastResort(end_early), [])[0]["status"] == 503
    with pytest.raises(asyncio.CancelledError):
        talk(LastResort(end_late), [])


def test_what_breaks_late_is_not_answered_twice() -> None:
    """Once an answer has begun, the fault goes on to the server, which closes the connection."""
    with pytest.raises(RuntimeError, match="valve"):
        talk(LastResort(break_late), [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", True), ("A-b.c_9", True), ("x" * 64, True), ("x" * 65, False), ("", False)]
    + [(text, False) for text in ("a b", "a\n", "\n", "é", "a/b", "a;b", "٣")],
)
def test_request_ids_are_plain(text: str, expected: bool) -> None:
    """An id holds letters, digits, dots, dashes and underscores, 64 at most."""
    assert is_request_id(text) is expected
