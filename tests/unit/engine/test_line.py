"""Tests of engine/line.py: order, turns, the expected wait, and who is refused."""

import asyncio

import pytest

from readstone.engine.line import CAUTION, FIRST_GUESS_S, Lane, Line, Ticket, retry_after
from readstone.errors import CallerShare, QueueFull, ReadstoneError
from tests.unit.processes import until

pytestmark = pytest.mark.anyio


HOUR_S = 3600
NOW, LATER = Ticket(Lane.NOW, HOUR_S), Ticket(Lane.LATER, HOUR_S)


def line_of(now: int, later: int, *, workers: int = 1) -> Line[str]:
    """Return a line in which so many wait: n0, n1 ... and l0, l1 ..."""
    line: Line[str] = Line(workers=workers)
    for number in range(now):
        line.put(f"n{number}", NOW)
    for number in range(later):
        line.put(f"l{number}", LATER)
    return line


def line_of_queues(*queues: tuple[str, int]) -> Line[str]:
    """Return a line in which so many of each queue wait: a0, a1 ... of the queue a."""
    line: Line[str] = Line(workers=1)
    for queue, length in queues:
        for number in range(length):
            line.put(f"{queue}{number}", Ticket(Lane.NOW, HOUR_S, queue))
    return line


async def test_queue_is_first_in_first_out() -> None:
    """Nobody overtakes within a queue."""
    line = line_of(5, 0)
    assert [await line.take() for _ in range(5)] == ["n0", "n1", "n2", "n3", "n4"]


async def test_queues_take_turns() -> None:
    """However long one queue is, the others have a turn each before it has another."""
    line = line_of_queues(("a", 5), ("b", 2), ("c", 1))
    taken = [await line.take() for _ in range(8)]
    assert taken == ["a0", "b0", "c0", "a1", "b1", "a2", "a3", "a4"]


async def test_newcomer_goes_before_the_one_who_had_the_last_turn() -> None:
    """A queue that was empty comes behind those that wait for a turn, and before all others."""
    line = line_of_queues(("a", 3), ("b", 3))
    assert await line.take() == "a0"
    line.put("c0", Ticket(Lane.NOW, HOUR_S, "c"))
    assert [await line.take() for _ in range(4)] == ["b0", "c0", "a1", "b1"]


async def test_who_comes_back_is_not_preferred() -> None:
    """Who had the last turn and asks again comes behind those who waited meanwhile."""
    line = line_of_queues(("a", 1), ("b", 2))
    for taken in ("a0", "b0", "a1", "b1"):
        assert await line.take() == taken
        if taken == "a0":
            line.put("a1", Ticket(Lane.NOW, HOUR_S, "a"))


async def test_one_turn_in_four_is_for_jobs() -> None:
    """However many people wait, jobs go on."""
    line = line_of(9, 3)
    taken = [await line.take() for _ in range(12)]
    assert taken == ["n0", "n1", "n2", "l0", "n3", "n4", "n5", "l1", "n6", "n7", "n8", "l2"]


async def test_no_turn_is_lost() -> None:
    """A turn whose lane is empty is the other's."""
    line = line_of(0, 5)
    assert [await line.take() for _ in range(5)] == ["l0", "l1", "l2", "l3", "l4"]
    line.put("n0", NOW)
    assert await line.take() == "n0"


async def test_take_waits_for_an_item() -> None:
    """An empty line gives its next item to whoever waits first."""
    line: Line[str] = Line(workers=1)
    takers = [asyncio.create_task(line.take()) for _ in range(2)]
    await asyncio.sleep(0)
    line.put("first", NOW)
    line.put("second", NOW)
    assert await asyncio.gather(*takers) == ["first", "second"]


async def test_discarded_item_is_not_taken() -> None:
    """Who has left is passed over, and the next one is not lost."""
    line = line_of(3, 0)
    line.discard("n0", NOW)
    line.discard("n0", NOW)
    assert len(line) == 2
    assert [await line.take(), await line.take()] == ["n1", "n2"]
    waiting = asyncio.create_task(line.take())
    await until(lambda: not line._filled._value)
    assert not waiting.done()
    line.put("n3", NOW)
    assert await waiting == "n3"


async def test_queue_whose_last_item_is_discarded_has_no_turn() -> None:
    """An empty queue is passed over."""
    line = line_of_queues(("a", 1), ("b", 1))
    line.discard("a0", Ticket(Lane.NOW, HOUR_S, "a"))
    assert (len(line), await line.take()) == (1, "b0")


async def test_clear_returns_all_that_waits() -> None:
    """A line that closes sends everybody home."""
    line = line_of(2, 2)
    assert line.clear() == ["n0", "n1", "l0", "l1"]
    assert len(line) == 0
    assert line.clear() == []


@pytest.mark.parametrize(
    ("now", "later", "workers", "lane", "ahead"),
    [
        (0, 0, 1, Lane.NOW, 0),
        (0, 0, 1, Lane.LATER, 0),
        (6, 0, 1, Lane.NOW, 6),
        (6, 0, 2, Lane.NOW, 3),
        (6, 9, 1, Lane.NOW, 8),
        (6, 1, 1, Lane.NOW, 7),
        (0, 9, 1, Lane.NOW, 0),
        (0, 9, 3, Lane.LATER, 3),
        (6, 9, 1, Lane.LATER, 15),
    ],
)
def test_expected_wait_counts_who_is_ahead(
    now: int, later: int, workers: int, lane: Lane, ahead: float
) -> None:
    """People wait for people and for the turns of jobs, jobs for all."""
    wait_s = line_of(now, later, workers=workers).expected_wait_s(lane)
    assert wait_s == pytest.approx(ahead * FIRST_GUESS_S)


def test_mean_follows_the_work() -> None:
    """The expectation learns from what tasks took, and forgets slowly."""
    line = line_of(10, 0)
    assert line.mean_s == FIRST_GUESS_S
    line.worked(FIRST_GUESS_S + 1)
    assert line.mean_s == pytest.approx(FIRST_GUESS_S + 0.1)
    for _ in range(200):
        line.worked(2.0)
    assert line.mean_s == pytest.approx(2.0)
    assert line.expected_wait_s(Lane.NOW) == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("queues", "queue", "refusal"),
    [
        ({}, "a", None),
        ({"a": 20}, "a", None),
        ({"a": 21}, "a", CallerShare),
        ({"a": 21}, "b", None),
        ({"a": 20, "b": 10}, "b", None),
        ({"a": 20, "b": 11}, "b", CallerShare),
        ({"a": 20, "b": 10, "c": 5}, "d", None),
        ({"a": 13, "b": 1, "c": 1}, "a", None),
        ({"a": 14, "b": 1, "c": 1}, "a", CallerShare),
        ({"a": 20, "b": 20}, "c", None),
        ({"a": 20, "b": 21}, "c", QueueFull),
        ({"a": 20, "b": 21}, "a", QueueFull),
    ],
)
def test_nobody_may_hold_more_than_is_left(
    queues: dict[str, int], queue: str, refusal: type[ReadstoneError] | None
) -> None:
    """In a line for 40 tasks, there is room for another caller until it is full."""
    line = line_of_queues(*queues.items())
    newcomer = Ticket(Lane.NOW, 40 * FIRST_GUESS_S / CAUTION, queue)
    if refusal is None:
        line.put("more", newcomer)
        assert newcomer.is_admitted
        return
    with pytest.raises(refusal) as caught:
        line.put("more", newcomer)
    assert caught.value.facts["setting"] == "ocr.wait_s"
    assert caught.value.facts["retry_after"] >= 1
    assert len(line) == sum(queues.values())
    assert not newcomer.is_admitted


def test_bound_of_jobs_has_its_own_name() -> None:
    """Who is refused in the lane of jobs is told the setting for jobs."""
    with pytest.raises(QueueFull) as caught:
        line_of(0, 30).check_room(Ticket(Lane.LATER, 1))
    assert caught.value.facts["setting"] == "jobs.wait_s"


def test_who_was_let_in_is_not_refused_later() -> None:
    """What belongs to work under way finds room in a full line."""
    admitted = Ticket(Lane.NOW, 0.001)
    line = line_of(0, 0)
    line.put("first", admitted)
    for number in range(50):
        line.put(f"n{number}", NOW)
    line.put("second", admitted)
    assert len(line) == 52


def test_those_who_are_refused_together_come_back_apart() -> None:
    """Between half of the wait and all of it, in whole seconds, and never at once."""
    times = {retry_after(20.0) for _ in range(1000)}
    assert times <= set(range(10, 21))
    assert len(times) > 5
    assert {retry_after(seconds) for seconds in (0.0, 0.1, 1.0)} == {1}
