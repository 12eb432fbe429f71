"""Tests of asking a virus scanner, with a real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from readstone.compliance.clamd import Clamd, Scan
from readstone.errors import ConfigError, StorageFailed
from tests.virus_scanner import MAX_FILE_KB, MAX_STREAM_KB, VIRUS, virus_scanner

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a scanner listens."""
    with virus_scanner() as address:
        yield address


async def test_scanner_tells_what_it_finds(address: str) -> None:
    """Also in what is longer than a chunk."""
    scanner = Clamd(address)
    assert await scanner.scan(b"x" * 100_000 + VIRUS) is Scan.FOUND
    assert await scanner.scan(b"x" * 100_000) is Scan.CLEAN
    assert await scanner.scan(b"") is Scan.CLEAN


async def test_file_that_was_not_looked_at_is_not_clean(address: str) -> None:
    """A scanner's own limits let nothing through: those of a message, and those of a file."""
    assert await Clamd(address).scan(bytes(MAX_STREAM_KB * 10_240)) is Scan.NOT_SCANNED
    assert await Clamd(address).scan(bytes(MAX_FILE_KB * 1_024 + 1)) is Scan.FOUND


async def test_scanner_that_is_not_there_lets_nothing_through(tmp_path: Path) -> None:
    """The file can be sent again later."""
    for address in (f"unix:{tmp_path}/nothing", "tcp://127.0.0.1:9"):
        with pytest.raises(StorageFailed):
            await Clamd(address).scan(b"bytes")


@pytest.mark.parametrize("address", ["", "clamd", "http://host", "tcp:", "unix:"])
def test_address_of_no_scanner_is_refused(address: str) -> None:
    """The start is refused, and not every upload."""
    with pytest.raises(ConfigError, match=r"compliance\.clamd"):
        Clamd(address)
