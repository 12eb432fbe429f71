"""How often a caller may ask, and how that is told."""

import time
from dataclasses import dataclass
from math import ceil
from random import uniform

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from readstone.errors import RateLimited

SETTING = "limits.requests_per_minute"
LOOKS_PER_SUBMISSION = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """What a caller has left of a limit.

    Attributes:
        policy: the name of the limit.
        reset_s: after so many seconds there is more.
    """

    policy: str
    quota: int
    remaining: int
    reset_s: float
    is_exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        """How it is told (draft-ietf-httpapi-ratelimit-headers-10)."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w=60',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={ceil(self.reset_s)}',
        }

    def refusal(self) -> RateLimited:
        """Return the refusal of a request over the limit."""
        return RateLimited(
            f"more than {self.quota} requests within a minute; send it again later",
            limit=self.quota,
            setting=SETTING,
            retry_after=max(1, ceil(uniform(1, 1.5) * self.reset_s)),
        )


class RateLimits:
    """Counts the requests of each caller over the last minute, in this process.

    Args:
        per_minute: for requests that bring work; ten times as many may look at what is there.
    """

    def __init__(self, per_minute: int) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limits = {
            "submit": RateLimitItemPerMinute(per_minute),
            "look": RateLimitItemPerMinute(LOOKS_PER_SUBMISSION * per_minute),
        }

    async def count(self, policy: str, queue: str) -> Standing:
        """Count a request, unless it is one too many, and return how its caller stands."""
        limit = self._limits[policy]
        is_within = await self._limiter.hit(limit, policy, queue)
        window = await self._limiter.get_window_stats(limit, policy, queue)
        reset_s = max(0.0, window.reset_time - time.time())
        return Standing(policy, limit.amount, window.remaining, reset_s, not is_within)
