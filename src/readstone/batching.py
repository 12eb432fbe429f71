"""Puts together what callers ask at the same time, so that it is answered together."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from readstone.errors import QueueFull

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Q, A]):
    question: Q
    cost: int
    answer: "asyncio.Future[A]"


class Batcher(Generic[Q, A]):
    """Answers one batch at a time in a thread, and whatever comes meanwhile is the next one.

    Nobody waits for others to come: a question that meets no other is a batch by itself. Who has
    gone by the time of his turn is left out.

    Args:
        answer: returns an answer for each question, in their order.
        max_cost: of a batch, unless one question alone costs more.
        max_waiting: questions in the line.
    """

    def __init__(
        self, answer: Callable[[Sequence[Q]], Sequence[A]], *, max_cost: int, max_waiting: int
    ) -> None:
        self._answer = answer
        self._max_cost = max_cost
        self._max_waiting = max_waiting
        self._line: deque[_Asked[Q, A]] = deque()
        self._work: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Number of questions in the line."""
        return len(self._line)

    async def ask(self, question: Q, *, cost: int) -> A:
        """Return the answer to a question; raise what answering its batch raised.

        Raises:
            QueueFull: the line has no more places.
        """
        if self.waiting >= self._max_waiting:
            raise QueueFull("too many texts wait; send it again in a moment", retry_after=1)
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        asked = _Asked(question, cost, answer)
        self._line.append(asked)
        if self._work is None:
            self._work = asyncio.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        while batch := self._next_batch():
            questions = [asked.question for asked in batch]
            answering = asyncio.ensure_future(asyncio.to_thread(self._answer, questions))
            await asyncio.wait({answering})
            _give(batch, answering)
        self._work = None

    def _next_batch(self) -> list[_Asked[Q, A]]:
        """Return those that came first, as many as a batch may cost; at least one if any waits."""
        batch: list[_Asked[Q, A]] = []
        left = self._max_cost
        while self._line and (not batch or self._line[0].cost <= left):
            asked = self._line.popleft()
            if not asked.answer.done():
                batch.append(asked)
                left -= asked.cost
        return batch


def _give(batch: Sequence[_Asked[Q, A]], answering: "asyncio.Future[Sequence[A]]") -> None:
    error = answering.exception()
    for place, asked in enumerate(batch):
        if asked.answer.done():
            continue
        if error:
            asked.answer.set_exception(error)
        else:
            asked.answer.set_result(answering.result()[place])
