"""Tests of api/rates.py: who has sent how much, and how that is told."""

import pytest

from readstone.api.rates import RateLimits, Standing
from readstone.errors import RateLimited

pytestmark = pytest.mark.anyio


async def exceeded(rates: RateLimits, policy: str, queue: str, *, times: int) -> list[bool]:
    """Count so many requests and return which of them were one too many."""
    return [(await rates.count(policy, queue)).is_exceeded for _ in range(times)]


async def test_one_request_too_many_is_told() -> None:
    """As many as the limit says are within it, and what is left is counted down."""
    rates = RateLimits(3)
    left = [(await rates.count("submit", "alice")).remaining for _ in range(3)]
    assert left == [2, 1, 0]
    over = await rates.count("submit", "alice")
    assert (over.is_exceeded, over.remaining, over.quota) == (True, 0, 3)
    assert 0 < over.reset_s <= 60


async def test_callers_are_counted_apart() -> None:
    """One who sends too much takes nothing from the others."""
    rates = RateLimits(2)
    assert await exceeded(rates, "submit", "alice", times=4) == [False, False, True, True]
    assert await exceeded(rates, "submit", "bob", times=2) == [False, False]


async def test_looks_are_counted_apart_and_ten_times_as_many() -> None:
    """Whoever may bring no more work may still look at what has become of it."""
    rates = RateLimits(2)
    await exceeded(rates, "submit", "alice", times=5)
    assert await exceeded(rates, "look", "alice", times=21) == [False] * 20 + [True]


def test_standing_is_told_in_headers() -> None:
    """Policy and what is left of it, seconds rounded up."""
    standing = Standing("submit", 100, 41, 12.2, is_exceeded=False)
    assert standing.headers == {
        "RateLimit-Policy": '"submit";q=100;w=60',
        "RateLimit": '"submit";r=41;t=13',
    }


def test_refusal_says_when_to_come_back() -> None:
    """Never before there is more again, and not all at the same moment."""
    refusals = [Standing("submit", 100, 0, 20.0, is_exceeded=True).refusal() for _ in range(200)]
    assert {type(each) for each in refusals} == {RateLimited}
    times = {each.facts["retry_after"] for each in refusals}
    assert times <= set(range(20, 31))
    assert len(times) > 5
    assert refusals[0].facts["setting"] == "limits.requests_per_minute"
