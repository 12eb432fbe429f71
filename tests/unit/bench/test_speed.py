"""Tests of bench/speed.py."""

from tests.bench.pictures import rendered_pictures
from tests.bench.speed import Effort, latency_row, throughput, throughput_row


class Steady:
    """A contender that needs the same time for every file."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds

    def block(self, files: list[bytes]) -> float:
        return self.seconds * len(files)

    def ask(self, data: bytes) -> tuple[float, str]:
        return self.seconds, ""


def test_throughput_is_files_by_seconds() -> None:
    """The rate does not depend on how many files make a block."""
    contenders = [Steady("quick", 0.01), Steady("slow", 2.0)]
    rates = throughput(contenders, rendered_pictures()["line"], Effort(blocks=3))
    assert rates == {"quick": 100.0, "slow": 0.5}


def test_goal_is_missed_by_little() -> None:
    """What is rounded to the goal has not reached it."""
    rates = {"readstone": 85.99, "floor": 100.0, "plain-omp1": 10.0}
    row = throughput_row("line", rates)
    assert "0.860 x floor" in row.measured
    assert not row.reached
    assert throughput_row("line", rates | {"readstone": 86.0}).reached


def test_every_picture_must_reach_the_latency() -> None:
    """One slow picture is enough to miss the goal."""
    good = {"line": {"readstone": 0.0125, "floor": 0.010}}
    assert latency_row(good).reached
    assert not latency_row(good | {"A4": {"readstone": 1.03, "floor": 1.0}}).reached
