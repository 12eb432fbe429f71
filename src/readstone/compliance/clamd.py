"""Asks clamd, ClamAV's daemon, about a file."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from struct import pack
from urllib.parse import urlsplit

from readstone.errors import ConfigError, StorageFailed

PORT = 3310
SCAN_LIMIT_S = 60.0
CHUNK_BYTES = 65_536
ANSWER_BYTES = 4_096


class Scan(Enum):
    """What a scanner says of a file; of one that it has not looked at all over, nothing."""

    CLEAN = auto()
    FOUND = auto()
    NOT_SCANNED = auto()


class Clamd:
    """A scanner at `tcp://host:3310` or `unix:/run/clamav/clamd.ctl`."""

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        is_tcp = self._parts.scheme == "tcp" and self._parts.hostname
        if not (is_tcp or (self._parts.scheme == "unix" and self._parts.path)):
            raise ConfigError("compliance.clamd: write tcp://host:3310 or unix:/path/of/socket")

    async def scan(self, data: bytes) -> Scan:
        """Return what the scanner says of these bytes.

        Raises:
            StorageFailed: it is not there.
        """
        try:
            answer = await asyncio.to_thread(self._ask, data)
        except OSError as error:
            raise StorageFailed("the virus scanner cannot be asked now; send it later") from error
        if answer.endswith("FOUND"):
            return Scan.FOUND
        return Scan.CLEAN if answer == "stream: OK" else Scan.NOT_SCANNED

    def _ask(self, data: bytes) -> str:
        answer = b""
        with self._connection() as scanner:
            scanner.settimeout(SCAN_LIMIT_S)
            # It answers, and listens no more, as soon as there is too much.
            with suppress(ConnectionError):
                for part in _command(data):
                    scanner.sendall(part)
            while not answer.endswith(b"\0") and (more := scanner.recv(ANSWER_BYTES)):
                answer += more
        return answer.rstrip(b"\0").decode("utf-8", "replace")

    def _connection(self) -> socket.socket:
        if self._parts.scheme == "tcp":
            address = self._parts.hostname, self._parts.port or PORT
            return socket.create_connection(address, SCAN_LIMIT_S)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self._parts.path)
        except OSError:
            connection.close()
            raise
        return connection


def _command(data: bytes) -> Iterator[bytes]:
    """Yield the command that hands over some bytes, part by part."""
    yield b"zINSTREAM\0"
    for start in range(0, len(data), CHUNK_BYTES):
        chunk = data[start : start + CHUNK_BYTES]
        yield pack(">I", len(chunk)) + chunk
    yield pack(">I", 0)
