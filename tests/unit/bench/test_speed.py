"""Tests of bench/speed.py."""

import pytest

from tests.bench.pictures import rendered_pictures
from tests.bench.speed import Effort, Speed, latency_row, throughput, throughput_row


class Steady:
    """A contender that needs the same time for every file."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        self.used_s = 0.0

    def block(self, files: list[bytes]) -> float:
        self.used_s += 2 * self.seconds * len(files)
        return self.seconds * len(files)

    def cpu_s(self) -> float:
        return self.used_s

    def ask(self, data: bytes) -> tuple[float, str]:
        return self.seconds, ""


def test_speed_is_that_of_one_file() -> None:
    """How many files make a block changes neither the rate nor the CPU time of a file."""
    contenders = [Steady("quick", 0.01), Steady("slow", 2.0)]
    speeds = throughput(contenders, rendered_pictures()["line"], Effort(blocks=3))
    for contender in contenders:
        speed = speeds[contender.name]
        assert speed.per_second == pytest.approx(1 / contender.seconds)
        assert speed.cpu_ms == pytest.approx(2000 * contender.seconds)


def test_goal_is_missed_by_little() -> None:
    """What is rounded to the goal has not reached it."""
    speeds = {name: Speed(rate, 1.0) for name, rate in (("floor", 100.0), ("plain-omp1", 10.0))}
    missed = throughput_row("line", speeds | {"readstone": Speed(85.99, 1.0)})
    assert "0.860 x floor" in missed.measured
    assert not missed.reached
    assert throughput_row("line", speeds | {"readstone": Speed(86.0, 1.0)}).reached


def test_every_picture_must_reach_the_latency() -> None:
    """One slow picture is enough to miss the goal."""
    good = {"line": {"readstone": 0.0125, "floor": 0.010}}
    assert latency_row(good).reached
    assert not latency_row(good | {"A4": {"readstone": 1.03, "floor": 1.0}}).reached
