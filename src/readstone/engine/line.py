"""The line before the workers: two lanes, bounded by the time one would wait in it."""

import asyncio
from collections import deque
from collections.abc import Iterator
from enum import IntEnum
from itertools import cycle
from typing import Generic, TypeVar

T = TypeVar("T")

FIRST_GUESS_S = 0.1
SMOOTHING = 0.1


class Lane(IntEnum):
    """Who waits: somebody at the other end of a connection, or a job."""

    NOW = 0
    LATER = 1


# Jobs wait for people, but one turn in four is theirs, so that they always end.
TURNS = (Lane.NOW, Lane.NOW, Lane.NOW, Lane.LATER)


class Line(Generic[T]):
    """First in, first out in each lane; knows how long a newcomer would wait."""

    def __init__(self, *, workers: int) -> None:
        self._workers = workers
        self._lanes: dict[Lane, deque[T]] = {lane: deque() for lane in Lane}
        self._filled = asyncio.Semaphore(0)
        self._turns: Iterator[Lane] = cycle(TURNS)
        self._mean_s = FIRST_GUESS_S

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    def put(self, item: T, lane: Lane) -> None:
        """Add an item at the end of its lane."""
        self._lanes[lane].append(item)
        self._filled.release()

    def discard(self, item: T, lane: Lane) -> None:
        """Remove an item that nobody waits for any more; it may have been taken already."""
        if item in self._lanes[lane]:
            self._lanes[lane].remove(item)

    def clear(self) -> list[T]:
        """Remove and return everything that waits."""
        items = [item for lane in self._lanes.values() for item in lane]
        for lane in self._lanes.values():
            lane.clear()
        return items

    async def take(self) -> T:
        """Return the next item as soon as there is one."""
        while True:
            await self._filled.acquire()
            turn = next(self._turns)
            for lane in (turn, Lane(1 - turn)):
                if self._lanes[lane]:
                    return self._lanes[lane].popleft()

    def worked(self, seconds: float) -> None:
        """Learn how long a task took."""
        self._mean_s += SMOOTHING * (seconds - self._mean_s)

    @property
    def mean_s(self) -> float:
        """How long a task takes lately, in seconds."""
        return self._mean_s

    def expected_wait_s(self, lane: Lane) -> float:
        """Return how long a newcomer of a lane would wait for a worker, in seconds."""
        now, later = len(self._lanes[Lane.NOW]), len(self._lanes[Lane.LATER])
        ahead = now + (later if lane is Lane.LATER else min(later, now // (len(TURNS) - 1)))
        return ahead * self._mean_s / self._workers
