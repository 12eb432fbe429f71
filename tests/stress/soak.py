"""Ten thousand requests of every kind, and what is left of them in the service.

`scripts/local/stress.sh soak` starts a service of its own. It looks at the service between blocks
of requests, when nothing is under way; what grows while it gets warm is not counted.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from math import sqrt
from pathlib import Path
from statistics import fmean, linear_regression
from tempfile import TemporaryDirectory

from tests.goals import Row, print_table
from tests.integration.conftest import RunningService, run_service
from tests.stress.client import StressClient, found_files, requests
from tests.stress.tally import Tally, counts

TESTDATA = Path(__file__).parents[2] / "testdata"
FOLDERS = [TESTDATA / name for name in ("broken", "exif", "font", "format", "line", "pdf")]
CLIENTS = 4
BLOCKS = 20
WARM_BLOCKS = 5
SLOPE_MB = 0.5
FILES = 2  # the connections of the client
OF_BAD_FILES = re.compile(r"4\d\d |job failed|job partial")
# What is kept on purpose is soon as much as may be; the second engine comes and goes by design.
SETTINGS = {"jobs__max_jobs": 100, "ocr__second_engine": "off"}


@dataclass(frozen=True, slots=True)
class Look:
    """A service that rests.

    Attributes:
        requests: how many it has answered.
        memory_mb: of the process that serves, and of all its processes; shared pages count once.
        files: open in all of its processes.
        scratch: files in its folder for temporary ones.
    """

    requests: int
    memory_mb: tuple[float, float]
    processes: int
    files: int
    scratch: int


def soak(*, count: int) -> tuple[Tally, list[Look]]:
    """Send requests in blocks, and look at the service after each."""
    with TemporaryDirectory() as folder, run_service(Path(folder, "log"), **SETTINGS) as service:
        tally, looks = Tally(), []
        todo = requests(found_files(FOLDERS), "mixed")
        url = str(service.client.base_url)
        with StressClient(url) as client, ThreadPoolExecutor(CLIENTS) as threads:
            for _ in range(BLOCKS):
                for outcome in threads.map(client.send, islice(todo, count // BLOCKS)):
                    tally.add(outcome)
                looks.append(_look(service, len(tally.outcomes)))
        return tally, looks


def _look(service: RunningService, answered: int) -> Look:
    family = service.family()
    sizes = [_memory_mb(pid) for pid in family]
    return Look(
        answered,
        (_memory_mb(service.process.pid), sum(sizes)),
        len(family),
        sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in family),
        sum(not path.is_dir() and not path.is_socket() for path in service.folder.rglob("*")),
    )


def _memory_mb(pid: int) -> float:
    found = re.findall(r"\nPss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(found[0]) * 1024 / 1e6


def rows(tally: Tally, looks: Sequence[Look]) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    ends = counts(tally.errors + tally.refusals)
    unlike = [kind for kind in tally.errors if not OF_BAD_FILES.match(kind)]
    yield Row(
        f"soak: {len(tally.outcomes)} mixed requests, none lost or broken",
        f"{len(tally.read)} read; of bad files {ends}",
        not unlike and not tally.lost,
    )
    warm = looks[WARM_BLOCKS:]
    slopes = [_slope(warm, [look.memory_mb[n] for look in warm]) for n in (0, 1)]
    yield Row(
        f"memory slope 0 (<= {SLOPE_MB:g} MB in 1,000 requests, within two standard errors)",
        "{} MB in the main process, {} in all, ".format(*(f"{s:+.2f} ± {e:.2f}" for s, e in slopes))
        + f"from {warm[0].memory_mb[1]:.0f} to {warm[-1].memory_mb[1]:.0f} MB",
        all(slope - 2 * error <= SLOPE_MB for slope, error in slopes),
    )
    processes, files = ([getattr(each, name) for each in warm] for name in ("processes", "files"))
    yield Row("children constant", _range(processes), len(set(processes)) == 1)
    yield Row(
        f"open files constant (within {FILES})",
        _range(files),
        max(files) - min(files) <= FILES,
    )
    scratch = [look.scratch for look in looks]
    yield Row("scratch empty", _range(scratch), not any(scratch))


def _slope(looks: Sequence[Look], sizes: list[float]) -> tuple[float, float]:
    """Return the growth in 1,000 requests, and its standard error.

    What a worker holds depends on what it has read last.
    """
    thousands = [look.requests / 1000 for look in looks]
    slope, start = linear_regression(thousands, sizes)
    rest = sum((y - start - slope * x) ** 2 for x, y in zip(thousands, sizes, strict=True))
    spread = sum((x - fmean(thousands)) ** 2 for x in thousands)
    return slope, sqrt(rest / (len(sizes) - 2) / spread)


def _range(numbers: list[int]) -> str:
    least, most = min(numbers), max(numbers)
    return f"{least}" if least == most else f"{least} to {most}"


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="soak", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--requests", type=int, default=10_000)
    return print_table(
        "scripts/local/stress.sh soak", rows(*soak(count=parser.parse_args().requests))
    )


if __name__ == "__main__":
    sys.exit(main())
