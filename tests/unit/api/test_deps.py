"""Work that ends when its client has gone."""

import asyncio

import pytest
from fastapi import Request
from starlette.types import Message

from readstone.api.deps import unless_gone
from readstone.errors import ClientGone, EngineFailed

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The loop on which the service runs."""
    return "asyncio"


def request(*messages: Message) -> Request:
    """Return a request whose client sends these messages, and then nothing."""
    left = list(messages)

    async def receive() -> Message:
        return left.pop(0) if left else await asyncio.Future()

    return Request({"type": "http"}, receive)


async def number() -> int:
    """Return a number, a little later."""
    await asyncio.sleep(0)
    return 42


async def failure() -> int:
    """Fail, a little later."""
    await asyncio.sleep(0)
    raise EngineFailed("broken")


async def test_work_returns_to_who_waits() -> None:
    """The result of the work is the result."""
    assert await unless_gone(request(), number()) == 42


async def test_a_failure_returns_too() -> None:
    """The error of the work is the error."""
    with pytest.raises(EngineFailed):
        await unless_gone(request(), failure())


async def test_work_ends_when_its_client_leaves() -> None:
    """The work is cancelled before the answer is given up."""
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Future()
        finally:
            ended.append("ended")

    with pytest.raises(ClientGone):
        await unless_gone(request({"type": "http.disconnect"}), endless())
    assert ended == ["ended"]


async def test_work_ends_with_its_waiter() -> None:
    """When the server gives the request up, the work is cancelled with it."""
    work: asyncio.Future[int] = asyncio.Future()
    begun = asyncio.Event()

    async def wait() -> int:
        begun.set()
        return await work

    waiting = asyncio.create_task(unless_gone(request(), wait()))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.cancelled()
