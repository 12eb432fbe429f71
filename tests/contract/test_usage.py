"""What callers have used is summed up, on every database."""

from datetime import timedelta

import pytest

from readstone.database.connection import Database
from readstone.errors import StorageFull
from readstone.usage import WINDOW, UsageBook, Used
from tests.fakes import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def book(database: Database, clock: Clock) -> UsageBook:
    """An empty book."""
    return UsageBook(database, clock=clock.moment)


async def test_use_is_summed_up_by_caller(
    book: UsageBook, database: Database, clock: Clock
) -> None:
    """Whichever process has noted it."""
    other = UsageBook(database, clock=clock.moment)
    for each in (book, other, book):
        each.note("alice", Used(requests=1, pages=2, size_bytes=3_000_000_000))
        await each.write_down()
    book.note("bob", Used(pages=5))
    assert await book.of_caller("alice") == Used(3, 6, 9_000_000_000)
    assert await other.of_caller("bob") == Used(pages=5)
    assert await book.of_caller("carol") == Used()


async def test_use_is_forgotten_after_a_day(book: UsageBook, clock: Clock) -> None:
    """What is older than the window does not count."""
    book.note("alice", Used(requests=1))
    await book.write_down()
    clock.now = (WINDOW - timedelta(hours=1)).total_seconds()
    book.note("alice", Used(requests=10))
    assert await book.of_caller("alice") == Used(11)
    clock.now = (WINDOW + timedelta(hours=1)).total_seconds()
    assert await book.of_caller("alice") == Used(10)


async def test_nothing_is_forgotten_while_the_disk_is_full(
    book: UsageBook, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down as soon as that can be."""

    def full() -> None:
        raise StorageFull("full")

    book.note("alice", Used(requests=1))
    with monkeypatch.context() as patch:
        patch.setattr(database, "write", full)
        await book.write_down()
        book.note("alice", Used(requests=1))
    assert await book.of_caller("alice") == Used(2)
