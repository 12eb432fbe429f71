"""Asks clamd, ClamAV's daemon, about a file."""

import asyncio
from struct import pack
from urllib.parse import urlsplit

from readstone.errors import ConfigError, StorageFailed

SCAN_LIMIT_S = 60.0
CHUNK_BYTES = 65_536
FOUND, CLEAN = "FOUND", "stream: OK"


class Clamd:
    """A scanner at `tcp://host:3310` or `unix:/run/clamav/clamd.ctl`."""

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        is_tcp = self._parts.scheme == "tcp" and self._parts.hostname
        if not (is_tcp or (self._parts.scheme == "unix" and self._parts.path)):
            raise ConfigError("compliance.clamd: write tcp://host:3310 or unix:/path/of/socket")

    async def finds(self, data: bytes) -> bool:
        """Say whether something is found in these bytes.

        Raises:
            StorageFailed: the scanner is not there, or has not looked at all of them.
        """
        try:
            async with asyncio.timeout(SCAN_LIMIT_S):
                answer = await self._ask(data)
        except (OSError, TimeoutError) as error:
            raise StorageFailed("the virus scanner cannot be asked now; send it later") from error
        if answer.endswith(FOUND):
            return True
        if answer != CLEAN:  # a size limit, or any other reason not to have looked
            raise StorageFailed("the virus scanner could not look at the file; send a smaller one")
        return False

    async def _ask(self, data: bytes) -> str:
        reader, writer = await self._open()
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK_BYTES):
                chunk = data[start : start + CHUNK_BYTES]
                writer.write(pack(">I", len(chunk)) + chunk)
                await writer.drain()
            writer.write(pack(">I", 0))
            await writer.drain()
            return (await reader.read()).rstrip(b"\0\n").decode("utf-8", "replace")
        finally:
            writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._parts.scheme == "unix":
            return await asyncio.open_unix_connection(self._parts.path)
        return await asyncio.open_connection(self._parts.hostname, self._parts.port or 3310)
