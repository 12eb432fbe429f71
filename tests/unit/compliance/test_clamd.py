"""Tests of asking a virus scanner, with a server that speaks its protocol."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from struct import unpack

import pytest

from readstone.compliance.clamd import Clamd
from readstone.errors import ConfigError, StorageFailed

pytestmark = pytest.mark.anyio

VIRUS = b"X5O!P%@AP"
MAX_BYTES = 200_000
Start = Callable[[], Awaitable[str]]


async def scan(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one INSTREAM command as clamd does."""
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    seen = b""
    while length := unpack(">I", await reader.readexactly(4))[0]:
        seen += await reader.readexactly(length)
    if len(seen) > MAX_BYTES:
        writer.write(b"INSTREAM size limit exceeded. ERROR\0")
    elif VIRUS in seen:
        writer.write(b"stream: Eicar-Test-Signature FOUND\0")
    else:
        writer.write(b"stream: OK\0")
    writer.close()


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Where a scanner listens."""
    async with AsyncExitStack() as stack:
        path = tmp_path / "clamd"
        await stack.enter_async_context(await asyncio.start_unix_server(scan, path))
        yield f"unix:{path}"


async def test_scanner_tells_what_it_finds(address: str) -> None:
    """Also in what is longer than a chunk."""
    scanner = Clamd(address)
    assert await scanner.finds(b"x" * 100_000 + VIRUS)
    assert not await scanner.finds(b"x" * 100_000)
    assert not await scanner.finds(b"")


async def test_file_that_was_not_looked_at_is_not_clean(address: str) -> None:
    """A scanner's own limit lets nothing through."""
    with pytest.raises(StorageFailed):
        await Clamd(address).finds(bytes(MAX_BYTES + 1))


async def test_scanner_that_is_not_there_lets_nothing_through(tmp_path: Path) -> None:
    """The file can be sent again later."""
    for address in (f"unix:{tmp_path}/nothing", "tcp://127.0.0.1:9"):
        with pytest.raises(StorageFailed):
            await Clamd(address).finds(b"bytes")


@pytest.mark.parametrize("address", ["", "clamd", "http://host", "tcp:", "unix:"])
def test_address_of_no_scanner_is_refused(address: str) -> None:
    """The start is refused, and not every upload."""
    with pytest.raises(ConfigError, match=r"compliance\.clamd"):
        Clamd(address)
