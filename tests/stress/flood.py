"""One client that floods a service, and four quiet ones who are to notice little of it.

`scripts/local/stress.sh flood` starts a service of its own. It takes turns between the quiet ones
alone and the same with the flood.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.pictures import rendered_pictures
from tests.goals import Row, print_table
from tests.integration.conftest import run_service
from tests.stress.load import Crowd
from tests.stress.tally import Tally, counts, percentile

QUIET = tuple(f"192.0.2.{number}" for number in range(1, 5))
FLOODING = ("198.51.100.1",)
PAUSE_S = 1.0
PER_SECOND = 80.0
SETTINGS = {"server__proxies": "127.0.0.1", "ocr__wait_s": 5}


@dataclass(frozen=True, slots=True)
class Round:
    """What became of the requests of quiet clients alone, then in a flood, and of the flood."""

    alone: Tally
    quiet: Tally
    flood: Tally


def flood(*, rounds: int, seconds: float, per_second: float = PER_SECOND) -> Iterator[Round]:
    """Yield rounds of two loads of so many seconds each."""
    picture = rendered_pictures()["receipt"]
    with (
        TemporaryDirectory() as folder,
        run_service(Path(folder, "log"), **SETTINGS) as service,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        url = str(service.client.base_url)
        quiet, flooding = (Crowd(url, picture.fresh, some) for some in (QUIET, FLOODING))
        for _ in range(rounds):
            alone = quiet.wait(seconds=seconds, pause_s=PAUSE_S)
            flooded = elsewhere.submit(flooding.press, per_second=per_second, seconds=seconds)
            yield Round(alone, quiet.wait(seconds=seconds, pause_s=PAUSE_S), flooded.result())


def rows(rounds: Sequence[Round]) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    alone = Tally.of(each.alone for each in rounds)
    quiet, flooded = Tally.of(each.quiet for each in rounds), Tally.of(e.flood for e in rounds)
    share = len(quiet.read) / len(quiet.outcomes)
    before, after = (percentile([o.seconds for o in each.read], 99) for each in (alone, quiet))
    yield Row(
        "one flooding client and four quiet ones: quiet success >= 99.9 %",
        f"{share:.1%} of {len(quiet.outcomes)}; of the flood's {len(flooded.outcomes)} "
        f"{len(flooded.read)} ok, {counts(flooded.refusals + flooded.errors)}",
        share >= 0.999,
    )
    yield Row(
        "p99 of the quiet <= 2 x alone",
        f"{1000 * after:.0f} ms, alone {1000 * before:.0f} ms: {after / before:.2f} x",
        after <= 2 * before,
    )


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="flood", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each load")
    asked = parser.parse_args()
    rounds = list(flood(rounds=asked.rounds, seconds=asked.seconds))
    return print_table("scripts/local/stress.sh flood", rows(rounds))


if __name__ == "__main__":
    sys.exit(main())
