"""What is kept of the keys under which callers hand in work, on every database."""

import asyncio
from datetime import timedelta

import pytest

from readstone.database.connection import Database
from readstone.errors import Conflict
from readstone.jobs.keys import KeyStore, KnownKey
from tests.fakes import Clock

pytestmark = pytest.mark.anyio

TTL_S = 60
FIRST, SECOND = KnownKey("print", "1"), KnownKey("another print", "2")


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def keys(database: Database, clock: Clock) -> KeyStore:
    """A store that forgets after a minute."""
    return KeyStore(database, ttl=timedelta(seconds=TTL_S), clock=clock.moment)


async def test_key_is_its_callers(keys: KeyStore) -> None:
    """What two callers hand in under the same key is not the same."""
    assert await keys.find("alice", "k") is None
    await keys.keep("alice", "k", FIRST)
    assert await keys.find("alice", "k") == FIRST
    assert await keys.find("bob", "k") is None
    assert await keys.find("alice", "K") is None


async def test_last_one_counts(keys: KeyStore) -> None:
    """A key whose job has gone is used again; of all who keep it at once, one does."""
    await keys.keep("alice", "k", FIRST)
    await keys.keep("alice", "k", SECOND)
    assert await keys.find("alice", "k") == SECOND
    await asyncio.gather(*(keys.keep("alice", "k", FIRST) for _ in range(10)))
    assert await keys.find("alice", "k") == FIRST


async def test_key_is_forgotten_after_its_time(keys: KeyStore, clock: Clock) -> None:
    """Whether or not somebody has swept meanwhile."""
    await keys.keep("alice", "old", FIRST)
    clock.now = TTL_S - 1
    await keys.keep("alice", "new", SECOND)
    await keys.forget_old()
    assert await keys.find("alice", "old") == FIRST
    clock.now = TTL_S
    assert await keys.find("alice", "old") is None
    await keys.forget_old()
    assert await keys.find("alice", "new") == SECOND


async def test_key_is_used_by_one_at_a_time(keys: KeyStore) -> None:
    """Until the first request is answered, however that ends."""
    mine, yours = keys.in_flight("alice", "k"), keys.in_flight("bob", "k")
    with mine, yours, pytest.raises(Conflict), keys.in_flight("alice", "k"):
        pass
    with pytest.raises(ValueError, match="why"), keys.in_flight("alice", "k"):
        raise ValueError("why")
    with keys.in_flight("alice", "k"):
        pass
