"""Tests of connection.py: a client that does not say what it wants is let go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from readstone.connection import Connection

pytestmark = pytest.mark.anyio
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[bytes], Awaitable[Streams]]


class Impatient(Connection):
    limit_s = 0.1


@pytest.fixture
def may_answer() -> asyncio.Event:
    """The application answers as soon as this is set."""
    return asyncio.Event()


@pytest.fixture
async def connect(may_answer: asyncio.Event) -> AsyncIterator[Connect]:
    """Connect to an application with little patience, and send it something."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await may_answer.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(application, log_config=None)
    config.load()
    state = ServerState()
    async with AsyncExitStack() as stack:
        server = await asyncio.get_running_loop().create_server(
            lambda: Impatient(config=config, server_state=state, app_state={}), "127.0.0.1"
        )
        await stack.enter_async_context(server)

        async def connected(data: bytes) -> Streams:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            stack.callback(writer.close)
            writer.write(data)
            return reader, writer

        yield connected


@pytest.mark.parametrize("sent", [b"", b"GE", HEAD])
async def test_a_head_that_does_not_come_ends_the_connection(connect: Connect, sent: bytes) -> None:
    """Nothing, or half a head, is not waited for for ever."""
    reader, _ = await connect(sent)
    assert await reader.read() == b""


async def test_a_second_head_has_its_time_too(connect: Connect, may_answer: asyncio.Event) -> None:
    """A connection that was used does not stay open for half a head."""
    may_answer.set()
    reader, writer = await connect(HEAD + b"\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
    writer.write(HEAD)
    assert await reader.read() == b""


async def test_an_answer_has_all_the_time_it_needs(
    connect: Connect, may_answer: asyncio.Event
) -> None:
    """Work under way is not given up because the next head stalls behind it, but that one is."""
    reader, _ = await connect(HEAD + b"\r\n" + HEAD)
    idle, _ = await connect(b"")
    assert await idle.read() == b""
    may_answer.set()
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
    assert await reader.read() == b""
