"""An engine worker is killed every few seconds, and nobody notices.

`scripts/local/stress.sh kills` starts a service of its own.
"""

import argparse
import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.pictures import rendered_pictures
from tests.goals import Row, print_table
from tests.integration.conftest import RunningService, run_service
from tests.stress.load import Crowd
from tests.stress.tally import Tally, counts

CLIENTS = ("",) * 4
LOST = re.compile(r"engine worker lost.*attempt=(\d+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of requests while workers were killed.

    Attributes:
        killed: how often a worker was killed.
        lost: the attempt in which a task lost its worker, for each time that one did.
        workers: how many there were at the end, and how many there should be.
    """

    tally: Tally
    killed: int
    lost: list[int]
    workers: tuple[int, int]


def kills(*, seconds: float, every_s: float, name: str = "receipt") -> Seen:
    """Send pictures for some time, and kill a worker again and again."""
    picture = rendered_pictures()[name]
    with (
        TemporaryDirectory() as folder,
        run_service(Path(folder, "log")) as service,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        crowd = Crowd(str(service.client.base_url), picture.fresh, CLIENTS)
        asked = elsewhere.submit(crowd.wait, seconds=seconds)
        killed = 0
        while service.lives_for(every_s) and not asked.done():
            killed += _kill_one(service)
        ready = service.client.get("/ready").json()
        return Seen(
            asked.result(),
            killed,
            [int(attempt) for attempt in LOST.findall(service.log.read_text())],
            (ready["warm"], ready["workers"]),
        )


def _kill_one(service: RunningService) -> bool:
    with suppress(ProcessLookupError, IndexError):  # one may just be starting again
        os.kill(random.choice(service.workers()), signal.SIGKILL)
        return True
    return False


def rows(seen: Seen, every_s: float) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    yield Row(
        f"`kill -9` of an engine worker every {every_s:g} s: only its task is run again",
        f"{seen.killed} killed, {len(seen.lost)} of them at work; "
        f"{len(seen.tally.outcomes)} requests, {len(seen.tally.read)} read; "
        f"{seen.workers[0]} of {seen.workers[1]} workers at the end",
        len(seen.lost) <= seen.killed and seen.workers[0] == seen.workers[1],
    )
    attempts = max(seen.lost, default=0)
    yield Row("attempts <= 3", f"a task lost {attempts} workers at most", attempts <= 3)
    wrong = seen.tally.errors + seen.tally.refusals
    yield Row("0 other errors", counts(wrong), not wrong)


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="kills", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two kills")
    asked = parser.parse_args()
    seen = kills(seconds=asked.seconds, every_s=asked.every)
    return print_table("scripts/local/stress.sh kills", rows(seen, asked.every))


if __name__ == "__main__":
    sys.exit(main())
