"""What surrounds every request: its log line, the limits of its body, the last resort.

Plain ASGI, since five layers of BaseHTTPMiddleware cost 700 microseconds a request and these 55.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from readstone.api.problems import problem_response
from readstone.errors import BodyTooLarge, BodyTooSlow, Draining, ReadstoneError

log = structlog.get_logger(__name__)

DRAIN_LIMIT_S = 10.0
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
DISCONNECT: Message = {"type": "http.disconnect"}


def is_request_id(text: str) -> bool:
    """Whether a client's request id may stand in headers and logs."""
    return REQUEST_ID.fullmatch(text) is not None


class RequestLog:
    """Writes a line for every request, and counts it by the route that answered."""

    def __init__(self, app: ASGIApp, *, count: Callable[[str, str, int, float], None]) -> None:
        self.app = app
        self.count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            seconds, method = perf_counter() - began, scope["method"]
            route = getattr(scope.get("route"), "path", "none")  # a path may be anything
            self.count(method, route, status, seconds)
            log.info(
                "request",
                method=method,
                path=scope["path"],
                status=status,
                seconds=round(seconds, 4),
            )


class LastResort:
    """Answers 500 for what nobody foresaw; the reason stands in the log and not in the answer.

    A request that a stop of the service has ended is told so: uvicorn would answer 500.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except asyncio.CancelledError:
            if scope["type"] != "http" or started:
                raise
            stopping = Draining("the service has stopped; send the request again in a moment")
            await problem_response(stopping, scope["path"])(scope, receive, send)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            log.exception("request broke", path=scope["path"])
            broken = ReadstoneError("the service made a mistake; it is in the log under request_id")
            await problem_response(broken, scope["path"])(scope, receive, send)


class BodyGuard:
    """Bounds the bytes and the seconds of a request's body.

    An answer is sent only when the body has been read to its end: a client that is still sending
    does not look for an answer, and loses it when the connection closes.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, limit_s: float) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.limit_s = limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(self, scope, receive, send)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self.max_bytes:
            exchange.refusal = exchange.too_large()
        else:
            with suppress(ClientDisconnect):  # by itself, or by our refusal
                await self.app(scope, exchange.receive, exchange.send)
        if exchange.refusal and not exchange.answered:
            await exchange.answer_refusal()


class _Exchange:
    """One request and its answer."""

    def __init__(self, guard: BodyGuard, scope: Scope, receive: Receive, send: Send) -> None:
        self.guard = guard
        self.scope = scope
        self.inner_receive = receive
        self.inner_send = send
        self.refusal: ReadstoneError | None = None
        self.answered = False
        self.complete = False
        self.received_bytes = 0
        self.deadline = asyncio.get_running_loop().time() + guard.limit_s

    def too_large(self) -> ReadstoneError:
        return BodyTooLarge(
            "the body has more bytes than the service takes; send a smaller file",
            limit=self.guard.max_bytes,
            setting="limits.body_bytes",
        )

    async def receive(self) -> Message:
        """Return the next message, or a disconnection once the body breaks a bound."""
        if self.complete:
            return await self.inner_receive()
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self.inner_receive()
        except TimeoutError:
            self.refusal = BodyTooSlow(
                f"the body did not arrive within {self.guard.limit_s:g} s",
                limit=self.guard.limit_s,
                setting="server.body_s",
            )
            return DISCONNECT
        self.complete = not message.get("more_body", False)
        self.received_bytes += len(message.get("body", b""))
        if self.received_bytes > self.guard.max_bytes:
            self.refusal = self.too_large()
            return DISCONNECT
        return message

    async def send(self, message: Message) -> None:
        """Pass the answer on; one that follows a refusal of the body is dropped."""
        if self.refusal:
            return
        if not self.answered:
            self.answered = True
            await self.drain()
        await self.inner_send(message)

    async def answer_refusal(self) -> None:
        assert self.refusal
        await self.drain()
        response = problem_response(self.refusal, self.scope["path"], {"Connection": "close"})
        await response(self.scope, self.inner_receive, self.inner_send)

    async def drain(self) -> None:
        """Read what is left of the body, unless the client waits to be asked for it."""
        headers = Headers(scope=self.scope)
        has_not_begun = not self.received_bytes and headers.get("expect") == "100-continue"
        if has_not_begun or isinstance(self.refusal, BodyTooSlow):
            return
        try:
            async with asyncio.timeout(DRAIN_LIMIT_S):
                while not self.complete:
                    self.complete = not (await self.inner_receive()).get("more_body", False)
        except TimeoutError:
            self.complete = True
