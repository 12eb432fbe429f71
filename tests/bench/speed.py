"""Readstone beside the floor and the plain service, in turns: are the goals of speed reached?"""

import argparse
import random
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tests.bench.floor import Floor
from tests.bench.pictures import Picture, real_pictures, rendered_pictures
from tests.bench.service import CLIENTS, Service
from tests.goals import Row, print_table

PLAIN = Service(
    name="plain",
    command=("uvicorn", "tests.bench.plain:app", "--port", "{port}"),
    ready="/openapi.json",
    route="/ocr",
)
PLAIN_OMP1 = replace(PLAIN, name="plain-omp1", env={"OMP_THREAD_LIMIT": "1"})
READSTONE = Service(
    name="readstone",
    command=("readstone", "serve", "--port", "{port}"),
    ready="/ready",
    route="/v2/ocr?format=text",
    # All contenders read with Tesseract, and with nothing else.
    env={"READSTONE_ENV": "local", "READSTONE_OCR__SECOND_ENGINE": "off"},
)
HEAVY = ("torch", "transformers", "cv2", "celery", "boto3", "azure", "google.cloud", "obstore")


class Contender(Protocol):
    """Who takes part; the floor and every service do."""

    name: str

    def block(self, files: list[bytes]) -> float:
        """Return the seconds in which all files were read, as many at once as it may."""

    def ask(self, data: bytes) -> tuple[float, str]:
        """Return the seconds for one file, and its text."""

    def cpu_s(self) -> float:
        """Return the CPU seconds used up to now."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of one picture; ratios of medians."""

    what: str
    over_plain: float
    of_floor: float
    latency: float


GOALS = {
    "line": Goal("one-line picture", over_plain=7, of_floor=0.86, latency=1.25),
    "receipt": Goal("receipt (about 1000 x 1500)", over_plain=1.5, of_floor=0.97, latency=1.03),
    "A4": Goal("A4 at 200 dpi", over_plain=1.35, of_floor=0.98, latency=1.02),
}
START_CPU_S, REST_MB = 2.0, 250.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure; a block is what one contender reads before it is the next one's turn."""

    blocks: int = 7
    block_s: float = 4.0
    latency_s: float = 20.0
    starts: int = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians over the blocks of one contender."""

    per_second: float
    cpu_ms: float


def shuffled(contenders: list[Contender], seed: int) -> list[Contender]:
    """Return the order of a round, so that nobody always follows the same neighbour."""
    return random.Random(seed).sample(contenders, len(contenders))


def throughput(contenders: list[Contender], picture: Picture, effort: Effort) -> dict[str, Speed]:
    """Return how fast each contender reads the picture when it has as much to do as it can."""
    sizes = {}
    for contender in contenders:
        seconds = contender.block([picture.fresh() for _ in range(CLIENTS)])
        sizes[contender.name] = CLIENTS * max(1, round(effort.block_s / seconds))
    blocks: dict[str, list[tuple[float, float]]] = {name: [] for name in sizes}
    for number in range(effort.blocks):
        for contender in shuffled(contenders, number):
            files = [picture.fresh() for _ in range(sizes[contender.name])]
            cpu_before_s = contender.cpu_s()
            per_second = len(files) / contender.block(files)
            cpu_ms = 1000 * (contender.cpu_s() - cpu_before_s) / len(files)
            blocks[contender.name].append((per_second, cpu_ms))
    return {
        name: Speed(*map(statistics.median, zip(*b, strict=True))) for name, b in blocks.items()
    }


def latency(contenders: list[Contender], picture: Picture, effort: Effort) -> dict[str, float]:
    """Return the median seconds of one request while nobody else asks, by contender."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    deadline = time.monotonic() + effort.latency_s
    while time.monotonic() < deadline:
        for contender in contenders:
            seconds[contender.name].append(contender.ask(picture.fresh())[0])
    return {name: statistics.median(values) for name, values in seconds.items()}


def check_reading(contenders: list[Contender], picture: Picture) -> None:
    """End the run when one of them does not read the picture: its speed would mean nothing."""
    for contender in contenders:
        _, text = contender.ask(picture.fresh())
        if not picture.is_read_by(text):
            sys.exit(f"{contender.name} reads the {picture.name} as {text!r}")


def start_row(service: Service, effort: Effort) -> Row:
    """Start the running service again, several times, and leave it running."""
    service.stop()
    service.start(PYTHONPROFILEIMPORTTIME="1")
    modules = service.imported_modules()
    cpu_s = []
    for _ in range(effort.starts):
        service.stop()
        cpu_s.append(service.start())
    heavy = sorted(name for name in HEAVY if any(f"{m}.".startswith(f"{name}.") for m in modules))
    median = statistics.median(cpu_s)
    return Row(
        f"import and start to ready: <= {START_CPU_S:g} s of CPU, no {', '.join(HEAVY)} imported",
        f"{median:.2f} s, {', '.join(heavy) or 'none of them'} imported",
        median <= START_CPU_S and not heavy,
    )


def memory_row(service: Service, rest: tuple[float, float]) -> Row:
    """Set what the service took before the first request beside what it takes now."""
    now = service.memory_mb()
    return Row(
        f"memory at rest, OCR only, two workers: <= {REST_MB:g} MB RSS",
        f"{rest[0]:.0f} MB RSS ({rest[1]:.0f} MB PSS); "
        f"after all of the above {now[0]:.0f} MB ({now[1]:.0f} MB)",
        rest[0] <= REST_MB,
    )


def throughput_row(name: str, speeds: dict[str, Speed]) -> Row:
    """Compare Readstone's rate with that of plain-omp1 and of the floor."""
    goal, ours = GOALS[name], speeds["readstone"].per_second
    over_plain = ours / speeds["plain-omp1"].per_second
    of_floor = ours / speeds["floor"].per_second
    each = ", ".join(f"{n} {s.per_second:.3g} ({s.cpu_ms:.3g} ms)" for n, s in speeds.items())
    return Row(
        f"images a second through HTTP, {goal.what}, {CLIENTS} clients: "
        f">= {goal.over_plain:g} x plain-omp1, >= {goal.of_floor:g} x floor",
        f"{over_plain:.2f} x plain-omp1, {of_floor:.3f} x floor; {each}",
        over_plain >= goal.over_plain and of_floor >= goal.of_floor,
    )


def latency_row(medians: dict[str, dict[str, float]]) -> Row:
    """Compare Readstone's answers to single requests with bare engine calls, for each picture."""
    ratios = {name: times["readstone"] / times["floor"] for name, times in medians.items()}
    return Row(
        "latency at one client over the bare engine call: "
        + ", ".join(f"<= {GOALS[name].latency:g} on the {name}" for name in ratios),
        ", ".join(
            f"{ratio:.3f} on the {name} ({1000 * medians[name]['readstone']:.1f} ms)"
            for name, ratio in ratios.items()
        ),
        all(ratio <= GOALS[name].latency for name, ratio in ratios.items()),
    )


def measure(pictures: dict[str, Picture], effort: Effort) -> Iterator[Row]:
    """Yield the rows of the table in the order of the goals."""
    with ExitStack() as running:
        for service in (PLAIN, PLAIN_OMP1, READSTONE):
            service.start()
            running.callback(service.stop)
        started = start_row(READSTONE, effort)
        rest = READSTONE.memory_mb()
        floor = Floor()
        running.callback(floor.stop)
        everybody: list[Contender] = [READSTONE, floor, PLAIN_OMP1, PLAIN]
        medians = {}
        for name, picture in pictures.items():
            check_reading(everybody, picture)
            yield throughput_row(name, throughput(everybody, picture, effort))
            medians[name] = latency([READSTONE, floor], picture, effort)
        yield latency_row(medians)
        yield started
        yield memory_row(READSTONE, rest)


def main() -> None:
    """Parse the arguments, measure, and print the table with its command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of sroie and scribe_pages: real pictures")
    parser.add_argument("--pictures", nargs="+", choices=GOALS, help="default: all of them")
    parser.add_argument("--quick", action="store_true", help="a smoke test, without the A4 page")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the services are stopped
    pictures = real_pictures(options.data) if options.data else rendered_pictures()
    names = options.pictures or (["line", "receipt"] if options.quick else list(GOALS))
    effort = Effort(blocks=1, block_s=0.5, latency_s=1, starts=1) if options.quick else Effort()
    rows = measure({name: pictures[name] for name in names}, effort)
    print_table("scripts/local/bench.sh", rows)


if __name__ == "__main__":
    main()
