"""Wakes those who wait for news of a job."""

import asyncio
from collections import defaultdict
from contextlib import suppress


class News:
    """Tells of changes that this process makes; of those of others nobody here is told."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def tell(self, job_id: str) -> None:
        """Wake all who wait for news of this job."""
        for event in self._waiting.pop(job_id, ()):
            event.set()

    async def wait(self, job_id: str, *, limit_s: float) -> None:
        """Return at the next news of this job, or when the time is over."""
        event = asyncio.Event()
        self._waiting[job_id].add(event)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await event.wait()
        waiting = self._waiting.get(job_id, set())
        waiting.discard(event)
        if not waiting:
            self._waiting.pop(job_id, None)
