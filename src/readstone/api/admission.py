"""At the door: who is let in, decided on the head of a request before its body is read."""

from typing import Annotated, ClassVar

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from readstone import desk, tasks
from readstone.api.preference import Preference, preference
from readstone.api.problems import problem_response
from readstone.api.rates import RateLimits
from readstone.api.security import Caller, TokenCheck, bearer_scheme, header_token
from readstone.errors import Draining, ReadstoneError
from readstone.parts import Parts
from readstone.settings import AppConfig
from readstone.usage import Used


class Door:
    """What is asked of everybody who comes: a token, and not to come too often."""

    def __init__(self, config: AppConfig) -> None:
        self.tokens = TokenCheck(config.auth)
        per_minute = config.limits.requests_per_minute
        self.rates = RateLimits(per_minute) if per_minute else None


class Visit:
    """A request at the door; `caller` is None while it is not known who sends it."""

    def __init__(self, route: "DoorRoute", scope: Scope) -> None:
        self.caller: Caller | None = None
        self._route = route
        self._scope = scope
        self._state = scope["app"].state
        self._door: Door = self._state.door
        self._told: dict[str, str] = {}

    async def enter(self) -> None:
        """Check what the head tells; a token may still come in the body.

        Raises:
            Draining, Unauthorized, RateLimited, CallerShare, QueueFull: it is not let in.
        """
        if self._route.brings_work and self._state.is_draining:
            raise Draining("the service is stopping; send the request again in a moment")
        token = header_token(Headers(scope=self._scope))
        if token or not self._door.tokens.are_needed:
            await self.identify(token)

    async def identify(self, token: str | None) -> Caller:
        """Return who has this token, having let them in."""
        self.caller = caller = self._door.tokens.caller(token, self._scope.get("client"))
        if self._door.rates:
            policy = "submit" if self._route.brings_work else "look"
            standing = await self._door.rates.count(policy, caller.queue)
            self._told = standing.headers
            if standing.is_exceeded:
                raise standing.refusal()
        prefers = preference(Headers(scope=self._scope))
        await self._route.check_line(self._state.parts, caller, prefers)
        return caller

    def note(self, size_bytes: int) -> None:
        """Note what has come in with a request that was let in."""
        if self.caller and self._route.brings_work:
            used = Used(requests=1, size_bytes=size_bytes)
            self._state.parts.usage.note(self.caller.name, used)

    def telling(self, send: Send) -> Send:
        """Return a `send` that adds to an answer how the caller stands."""
        if not self._door.rates:
            return send

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._told)
            await send(message)

        return telling


class DoorRoute(APIRoute):
    """A route behind the door."""

    brings_work: ClassVar[bool]

    async def check_line(self, parts: Parts, caller: Caller, prefers: Preference) -> None:
        """Raise QueueFull or CallerShare when there is no room for its work."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        visit = Visit(self, scope)
        scope.setdefault("state", {})["visit"] = visit
        send = visit.telling(send)
        size_bytes = 0

        async def counting() -> Message:
            nonlocal size_bytes
            message = await receive()
            size_bytes += len(message.get("body", b""))
            return message

        try:
            await visit.enter()
        except ReadstoneError as error:
            await problem_response(error, scope["path"])(scope, receive, send)
        else:
            await super().handle(scope, counting, send)
            visit.note(size_bytes)


class AnswerRoute(DoorRoute):
    """Brings work, and waits for what comes of it."""

    brings_work = True

    async def check_line(self, parts: Parts, caller: Caller, prefers: Preference) -> None:
        """Look at the line before the workers or, for a job, at those that wait."""
        if prefers.is_async:
            await desk.check_line(parts, caller.name)
        else:
            tasks.check_line(parts, caller.queue)


class JobRoute(DoorRoute):
    """Brings work that is done later."""

    brings_work = True

    async def check_line(self, parts: Parts, caller: Caller, prefers: Preference) -> None:
        """Look at the jobs that wait."""
        await desk.check_line(parts, caller.name)


class SubmitRoute(DoorRoute):
    """Brings texts or files, which wait in neither of these lines."""

    brings_work = True


class LookRoute(DoorRoute):
    """Looks at what is there."""

    brings_work = False


async def caller_by_body(request: Request, token: SecretStr | None) -> Caller:
    """Return the caller by the header or, without one, by the token of the body."""
    visit: Visit = request.state.visit
    return visit.caller or await visit.identify(token.get_secret_value() if token else None)


async def caller_by_head(request: Request, _: Annotated[object, Depends(bearer_scheme)]) -> Caller:
    """Return the caller by the Authorization header; raise Unauthorized."""
    return await caller_by_body(request, None)


CallerDep = Annotated[Caller, Depends(caller_by_head)]
