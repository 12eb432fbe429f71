"""The line before the workers: two lanes of queues, bounded by the time one would wait."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import cycle
from math import ceil
from random import uniform
from typing import Generic, TypeVar

from readstone.errors import CallerShare, QueueFull

T = TypeVar("T")

FIRST_GUESS_S = 0.1
SMOOTHING = 0.1
# Of the longest wait, what may be promised: the real wait differs from the expected one.
CAUTION = 0.6


class Lane(IntEnum):
    """Who waits: somebody at the other end of a connection, or a job."""

    NOW = 0
    LATER = 1


# Jobs wait for people, but one turn in four is theirs, so that they always end.
TURNS = (Lane.NOW, Lane.NOW, Lane.NOW, Lane.LATER)
SETTINGS = {Lane.NOW: "ocr.wait_s", Lane.LATER: "jobs.wait_s"}


@dataclass(slots=True, eq=False)
class Ticket:
    """A right to wait, shared by all tasks of one request.

    Attributes:
        wait_s: the longest time in the line, expected or real.
        queue: whose turn it is; every caller has a queue, and queues take turns.
        is_admitted: a first task found room, so the tasks that follow are not asked again.
    """

    lane: Lane
    wait_s: float
    queue: str = ""
    is_admitted: bool = False


class _Turns(Generic[T]):
    """What waits in one lane: queues take turns, and each is first in, first out.

    Whoever comes goes before the one who has just had a turn: who asks now and then waits for what
    is at work, and not for one more of somebody who asks all the time.
    """

    def __init__(self) -> None:
        self._size = 0
        self._queues: OrderedDict[str, deque[T]] = OrderedDict()  # the next one first
        self._served = ""  # the queue of the last turn, which is still where it was

    def __len__(self) -> int:
        return self._size

    @property
    def queues(self) -> int:
        return len(self._queues)

    def length_of(self, queue: str) -> int:
        return len(self._queues.get(queue, ()))

    def put(self, item: T, queue: str) -> None:
        self._queues.setdefault(queue, deque()).append(item)
        self._size += 1

    def take(self) -> T:
        if self._served in self._queues:
            self._queues.move_to_end(self._served)
        self._served, items = next(iter(self._queues.items()))
        item = items[0]
        self.discard(item, self._served)
        return item

    def discard(self, item: T, queue: str) -> None:
        items = self._queues.get(queue)
        if items and item in items:
            items.remove(item)
            self._size -= 1
            if not items:
                del self._queues[queue]


class Line(Generic[T]):
    """Knows whose turn it is, how long a newcomer would wait, and whom there is no room for."""

    def __init__(self, *, workers: int) -> None:
        self._workers = workers
        self._lanes: dict[Lane, _Turns[T]] = {lane: _Turns() for lane in Lane}
        self._filled = asyncio.Semaphore(0)
        self._turns: Iterator[Lane] = cycle(TURNS)
        self._mean_s = FIRST_GUESS_S

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    def put(self, item: T, ticket: Ticket) -> None:
        """Add an item at the end of its queue.

        Raises:
            QueueFull, CallerShare: there is no room for a newcomer.
        """
        self.check_room(ticket)
        ticket.is_admitted = True
        self._lanes[ticket.lane].put(item, ticket.queue)
        self._filled.release()

    def discard(self, item: T, ticket: Ticket) -> None:
        """Remove an item that nobody waits for any more; it may have been taken already."""
        self._lanes[ticket.lane].discard(item, ticket.queue)

    def clear(self) -> list[T]:
        """Remove and return everything that waits."""
        return [lane.take() for lane in self._lanes.values() for _ in range(len(lane))]

    async def take(self) -> T:
        """Return the next item as soon as there is one."""
        while True:
            await self._filled.acquire()
            turn = next(self._turns)
            for lane in (turn, Lane(1 - turn)):
                if self._lanes[lane]:
                    return self._lanes[lane].take()

    def worked(self, seconds: float) -> None:
        """Learn how long a task took."""
        self._mean_s += SMOOTHING * (seconds - self._mean_s)

    @property
    def mean_s(self) -> float:
        """How long a task takes lately, in seconds."""
        return self._mean_s

    def expected_wait_s(self, lane: Lane) -> float:
        """Return how long a newcomer of a lane would wait at most for a worker, in seconds."""
        now, later = len(self._lanes[Lane.NOW]), len(self._lanes[Lane.LATER])
        ahead = now + (later if lane is Lane.LATER else min(later, now // (len(TURNS) - 1)))
        return self._seconds(ahead)

    def check_room(self, ticket: Ticket) -> None:
        """Raise QueueFull or CallerShare when there is no room for a newcomer."""
        if not ticket.is_admitted:
            lane = self._lanes[ticket.lane]
            check_room(
                ticket,
                expected_s=self.expected_wait_s(ticket.lane),
                own_s=self._seconds(lane.length_of(ticket.queue)),
                queues=lane.queues,
            )

    def _seconds(self, tasks: int) -> float:
        return tasks * self._mean_s / self._workers


def check_room(ticket: Ticket, *, expected_s: float, own_s: float, queues: int) -> None:
    """Refuse a newcomer for whom there is no room.

    Nobody may hold more of a line than is left for others, so that there is room for the next
    caller, nor so much that the last of it would have to wait too long for its turn.

    Args:
        expected_s: how long a newcomer would wait.
        own_s: how much of that is for work of the same queue.
        queues: how many take turns.
    Raises:
        QueueFull: that is longer than the ticket allows.
        CallerShare: too much of what waits is the caller's own.
    """
    room_s = CAUTION * ticket.wait_s
    if expected_s > room_s:
        raise queue_full(ticket, expected_s)
    if own_s > room_s - expected_s or own_s * queues > room_s:
        raise CallerShare(
            "too much of your own work is waiting; send the request again when some is done",
            retry_after=retry_after(expected_s),
            setting=SETTINGS[ticket.lane],
        )


def queue_full(ticket: Ticket, expected_s: float) -> QueueFull:
    """Return the refusal of work that would wait too long, or has waited too long."""
    return QueueFull(
        "more work is waiting than can be started in time; send the request again later",
        retry_after=retry_after(expected_s),
        setting=SETTINGS[ticket.lane],
    )


def retry_after(expected_s: float) -> int:
    """Return when to come back to a line of this length, in seconds.

    It is half done by then at least, and those who are sent away together do not come together.
    """
    return max(1, ceil(uniform(0.5, 1) * expected_s))
