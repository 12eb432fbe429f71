"""The result cache: hits, bounds, single flight."""

import asyncio

import pytest

from readstone.cache import ResultCache, content_key


class Counter:
    """Computes a result when its gate opens, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.calls = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> str:
        self.calls += 1
        await self.gate.wait()
        return f"result {self.calls}"


@pytest.fixture
def anyio_backend() -> str:
    """Run the asynchronous tests on asyncio."""
    return "asyncio"


@pytest.fixture
def compute() -> Counter:
    """Return a computation whose gate is closed."""
    return Counter()


@pytest.mark.anyio
async def test_second_answer_comes_from_the_cache(compute: Counter) -> None:
    """A result is computed once and said to be cached from then on."""
    cache = ResultCache[str](max_bytes=1000)
    compute.gate.set()
    assert await cache.get("key", compute) == ("result 1", False)
    assert await cache.get("key", compute) == ("result 1", True)
    assert compute.calls == 1


@pytest.mark.anyio
async def test_those_who_ask_together_share_one_computation(compute: Counter) -> None:
    """A hundred callers at a time cost one computation."""
    cache = ResultCache[str](max_bytes=0)
    asking = [asyncio.ensure_future(cache.get("key", compute)) for _ in range(100)]
    await asyncio.sleep(0)
    compute.gate.set()
    assert {answer for answer, _ in await asyncio.gather(*asking)} == {"result 1"}
    assert compute.calls == 1


@pytest.mark.anyio
async def test_computation_outlives_a_caller_and_not_the_last_one(compute: Counter) -> None:
    """One of two callers may go; when both have gone the computation ends."""
    cache = ResultCache[str](max_bytes=1000)
    first, second = (asyncio.ensure_future(cache.get("key", compute)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    assert not second.done()
    second.cancel()
    await asyncio.wait({second})
    compute.gate.set()
    assert (await cache.get("key", compute)) == ("result 2", False)


@pytest.mark.anyio
async def test_failure_is_told_and_not_kept(compute: Counter) -> None:
    """After a failure the next caller tries again."""
    cache = ResultCache[str](max_bytes=1000)

    async def fail() -> str:
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        await cache.get("key", fail)
    compute.gate.set()
    assert await cache.get("key", compute) == ("result 1", False)


@pytest.mark.anyio
async def test_cache_stays_within_its_bytes(compute: Counter) -> None:
    """The least recently used results make room, and one that is too large is not kept."""
    cache = ResultCache[bytes](max_bytes=200)

    async def incompressible() -> bytes:
        return content_key(b"", object()).encode()

    for number in range(20):
        await cache.get(str(number), incompressible)
    assert cache.used_bytes <= 200
    assert (await cache.get("19", incompressible))[1]
    assert not (await cache.get("0", incompressible))[1]


def test_key_depends_on_content_and_facts() -> None:
    """Neither another content nor another option shares a key."""
    keys = {content_key(b"a"), content_key(b"b"), content_key(b"a", 1), content_key(b"a", "1")}
    assert len(keys) == 4
