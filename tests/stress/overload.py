"""Ten times what a service can do: who is served, who is refused, and how soon.

`scripts/local/stress.sh overload` starts a service of its own. It takes turns between four clients
that wait for their answers, whose rate is the capacity, and many that do not wait.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.pictures import rendered_pictures
from tests.goals import Row, print_table
from tests.integration.conftest import run_service
from tests.stress.load import Crowd
from tests.stress.tally import Tally, counts, percentile

ADDRESSES = tuple(f"192.0.2.{number}" for number in range(1, 21))
TIMES = 10
WAIT_S, DEADLINE_S = 5, 10
SETTINGS = {
    "server__proxies": "127.0.0.1",
    "ocr__wait_s": WAIT_S,
    "ocr__deadline_s": DEADLINE_S,
}


@dataclass(frozen=True, slots=True)
class Round:
    """What became of the requests of few clients, and then of ten times as many requests."""

    calm: Tally
    pressed: Tally

    @property
    def kept(self) -> float:
        """The share of the capacity that is left under pressure."""
        return self.pressed.rate / self.calm.rate


def overload(*, rounds: int, seconds: float) -> Iterator[Round]:
    """Yield rounds of two loads of so many seconds each."""
    picture = rendered_pictures()["receipt"]
    with TemporaryDirectory() as folder, run_service(Path(folder, "log"), **SETTINGS) as service:
        url = str(service.client.base_url)
        few, many = (Crowd(url, picture.fresh, some) for some in (ADDRESSES[:4], ADDRESSES))
        for _ in range(rounds):
            calm = few.wait(seconds=seconds)
            yield Round(calm, many.press(per_second=TIMES * calm.rate, seconds=seconds))


def rows(rounds: Sequence[Round]) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    pressed = Tally.of(each.pressed for each in rounds)
    served = [each.seconds for each in pressed.read]
    refused = [each.seconds for each in pressed.outcomes if each.is_refused]
    p99, longest = 1000 * percentile(refused, 99), 1000 * max(refused)
    kept = median(each.kept for each in rounds)
    yield Row(
        f"{TIMES} x overload: accepted ones meet the deadline "
        f"({WAIT_S} s in the line, {DEADLINE_S} s for the work)",
        f"{len(served)} of {len(pressed.outcomes)} read, the last after {max(served):.1f} s",
        max(served) <= WAIT_S + DEADLINE_S,
    )
    yield Row(
        "the rest 429 or 503 with `Retry-After` in <= 100 ms",
        f"{counts(pressed.refusals)}; p99 {p99:.0f} ms, longest {longest:.0f} ms",
        longest <= 100,
    )
    yield Row("zero 500, 502, 504, resets", counts(pressed.errors), not pressed.errors)
    yield Row(
        "throughput >= 0.9 of capacity",
        f"{kept:.3f}; a second "
        + ", ".join(f"{e.pressed.rate:.2f} of {e.calm.rate:.2f}" for e in rounds),
        kept >= 0.9,
    )


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="overload", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each load")
    asked = parser.parse_args()
    rounds = list(overload(rounds=asked.rounds, seconds=asked.seconds))
    return print_table("scripts/local/stress.sh overload", rows(rounds))


if __name__ == "__main__":
    sys.exit(main())
