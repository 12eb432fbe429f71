"""Tests of engine/line.py: order, turns and the expected wait."""

import asyncio

import pytest

from readstone.engine.line import FIRST_GUESS_S, Lane, Line
from tests.unit.processes import until

pytestmark = pytest.mark.anyio


def line_of(now: int, later: int, *, workers: int = 1) -> Line[str]:
    """Return a line in which so many wait: n0, n1 ... and l0, l1 ..."""
    line: Line[str] = Line(workers=workers)
    for number in range(now):
        line.put(f"n{number}", Lane.NOW)
    for number in range(later):
        line.put(f"l{number}", Lane.LATER)
    return line


async def test_lane_is_first_in_first_out() -> None:
    """Nobody overtakes within a lane."""
    line = line_of(5, 0)
    assert [await line.take() for _ in range(5)] == ["n0", "n1", "n2", "n3", "n4"]


async def test_one_turn_in_four_is_for_jobs() -> None:
    """However many people wait, jobs go on."""
    line = line_of(9, 3)
    taken = [await line.take() for _ in range(12)]
    assert taken == ["n0", "n1", "n2", "l0", "n3", "n4", "n5", "l1", "n6", "n7", "n8", "l2"]


async def test_no_turn_is_lost() -> None:
    """A turn whose lane is empty is the other's."""
    line = line_of(0, 5)
    assert [await line.take() for _ in range(5)] == ["l0", "l1", "l2", "l3", "l4"]
    line.put("n0", Lane.NOW)
    assert await line.take() == "n0"


async def test_take_waits_for_an_item() -> None:
    """An empty line gives its next item to whoever waits first."""
    line: Line[str] = Line(workers=1)
    takers = [asyncio.create_task(line.take()) for _ in range(2)]
    await asyncio.sleep(0)
    line.put("first", Lane.NOW)
    line.put("second", Lane.NOW)
    assert await asyncio.gather(*takers) == ["first", "second"]


async def test_discarded_item_is_not_taken() -> None:
    """Who has left is passed over, and the next one is not lost."""
    line = line_of(3, 0)
    line.discard("n0", Lane.NOW)
    line.discard("n0", Lane.NOW)
    assert len(line) == 2
    assert [await line.take(), await line.take()] == ["n1", "n2"]
    waiting = asyncio.create_task(line.take())
    await until(lambda: not line._filled._value)
    assert not waiting.done()
    line.put("n3", Lane.NOW)
    assert await waiting == "n3"


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
