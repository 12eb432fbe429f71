"""Who asks together is answered together; nobody waits for nothing, or is answered for nothing."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from readstone.batching import Batcher
from readstone.errors import EngineFailed, QueueFull

pytestmark = pytest.mark.anyio


class Desk:
    """Answers with twice the question; can be held shut."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.is_busy = threading.Event()

    def answer(self, questions: Sequence[int]) -> list[int]:
        self.batches.append(list(questions))
        self.is_busy.set()
        assert self.is_open.wait(10)
        if 13 in questions:
            raise EngineFailed("the desk broke")
        return [2 * question for question in questions]

    async def work_on(self, batcher: Batcher[int, int], question: int) -> "asyncio.Task[int]":
        """Shut the desk while it works on a question, so that others have to wait."""
        self.is_open.clear()
        self.is_busy.clear()
        first = asyncio.create_task(batcher.ask(question, cost=1))
        assert await asyncio.to_thread(self.is_busy.wait, 10)
        return first


@pytest.fixture
def desk() -> Desk:
    """A desk that is open."""
    return Desk()


@pytest.fixture
def batcher(desk: Desk) -> Batcher[int, int]:
    """What puts questions to that desk."""
    return Batcher(desk.answer, max_cost=10, max_waiting=20)


def asking(batcher: Batcher[int, int], questions: Sequence[int]) -> "list[asyncio.Task[int]]":
    """Ask all these, each of which costs what it is."""
    return [asyncio.create_task(batcher.ask(each, cost=each)) for each in questions]


async def test_one_question_is_a_batch(desk: Desk, batcher: Batcher[int, int]) -> None:
    """Who is alone is answered at once."""
    assert await batcher.ask(4, cost=4) == 8
    assert await batcher.ask(5, cost=5) == 10
    assert desk.batches == [[4], [5]]


async def test_those_who_wait_are_answered_together(desk: Desk, batcher: Batcher[int, int]) -> None:
    """What comes while the desk works is the next batch, as far as its cost allows."""
    first = await desk.work_on(batcher, 1)
    others = asking(batcher, [4, 3, 2, 6, 30, 5])
    await asyncio.sleep(0)
    assert batcher.waiting == 6
    desk.is_open.set()
    assert await asyncio.gather(first, *others) == [2, 8, 6, 4, 12, 60, 10]
    assert desk.batches == [[1], [4, 3, 2], [6], [30], [5]]


async def test_who_has_gone_is_left_out(desk: Desk, batcher: Batcher[int, int]) -> None:
    """A cancelled question costs the desk nothing."""
    first = await desk.work_on(batcher, 1)
    gone, stays = asking(batcher, [2, 3])
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    desk.is_open.set()
    assert await asyncio.gather(first, stays) == [2, 6]
    assert desk.batches == [[1], [3]]


async def test_who_goes_during_the_work_harms_nobody(
    desk: Desk, batcher: Batcher[int, int]
) -> None:
    """The others in the batch get their answers, and so does the next."""
    first = await desk.work_on(batcher, 1)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    desk.is_open.set()
    assert await batcher.ask(2, cost=2) == 4


async def test_a_failure_is_told_to_its_batch_alone(desk: Desk, batcher: Batcher[int, int]) -> None:
    """Each one in the batch hears why; the next batch is answered."""
    first = await desk.work_on(batcher, 1)
    ends = asyncio.gather(*asking(batcher, [4, 13, 5]), return_exceptions=True)
    await asyncio.sleep(0)
    desk.is_open.set()
    four, thirteen, five = await ends
    assert (await first, four, five) == (2, 8, 10)
    assert isinstance(thirteen, EngineFailed)


async def test_a_full_line_refuses(desk: Desk, batcher: Batcher[int, int]) -> None:
    """Beyond the places in the line, the refusal comes at once and says when to come again."""
    first = await desk.work_on(batcher, 1)
    waiting = asking(batcher, [1] * 20)
    await asyncio.sleep(0)
    with pytest.raises(QueueFull) as refusal:
        await batcher.ask(1, cost=1)
    assert refusal.value.facts["retry_after"] == 1
    desk.is_open.set()
    assert await asyncio.gather(first, *waiting) == [2] * 21
