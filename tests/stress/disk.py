"""The disk of a service under load becomes full, or read-only, and is well again.

`scripts/local/stress.sh disk` starts services of its own, on a small file system in memory. Who
may not mount one is root in a name space of its own: `unshare -Urm scripts/local/stress.sh disk`.
"""

import argparse
import errno
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import httpx2

from tests.bench.pictures import Picture, rendered_pictures
from tests.goals import Row, print_table
from tests.integration.conftest import run_service
from tests.stress.pulse import Pulse, health_row
from tests.stress.tally import counts

CLIENTS = 4
SIZE_MB = 48
PHASES = "before", "during", "after"
# A read-only disk is a failure that passes (503); one that is full tells its operator (507).
REFUSALS = {"full": "507 storage_full", "read_only": "503 storage_failed"}


@dataclass(slots=True)
class Seen:
    """What became of requests before, during and after the trouble.

    Attributes:
        answers: by phase: status and code of those that hand in a job, or `read` at once.
        jobs: the ids that were accepted.
        ends: how they ended, by status.
    """

    answers: dict[str, Counter[str]] = field(
        default_factory=lambda: {phase: Counter() for phase in PHASES}
    )
    jobs: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    health_s: list[float] = field(default_factory=list)


def may_mount() -> bool:
    """Whether this process may mount a file system; tried where nobody sees it."""
    return not subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a folder that is a file system of its own."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no byte of a disk free until the block ends."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
    yield
    ballast.unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Let nothing of a disk be written, but what is open, until the block ends."""
    subprocess.run(["mount", "--bind", disk, disk], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=True)
    yield
    subprocess.run(["umount", "--lazy", disk], check=True)


TROUBLES: Mapping[str, Callable[[Path], AbstractContextManager[None]]] = {
    "full": full,
    "read_only": read_only,
}


class Load:
    """Clients that hand in jobs, and clients that wait for their answers."""

    def __init__(self, url: str, picture: Picture, seen: Seen) -> None:
        self.phase = PHASES[0]
        self.is_over = Event()
        self._url, self._picture, self._seen = url, picture, seen

    def hand_in(self) -> None:
        """Hand in one picture after the other."""
        for answer, answers in self._sent({"Prefer": "respond-async"}):
            told = answer.json()
            if answer.status_code == 202:
                self._seen.jobs.append(told["id"])
            answers[f"{answer.status_code} {told.get('code', 'accepted')}"] += 1

    def read(self) -> None:
        """Have one picture after the other read; that needs no disk."""
        for answer, answers in self._sent({}):
            answers[f"{answer.status_code} read"] += 1

    def _sent(self, headers: dict[str, str]) -> Iterator[tuple[httpx2.Response, Counter[str]]]:
        """Yield each answer, and the counter of the phase in which it was asked for and came."""
        with httpx2.Client(base_url=self._url, timeout=60) as client:
            while not self.is_over.wait(0.02):
                phase = self.phase
                answer = client.post("/v2/ocr", content=self._picture.fresh(), headers=headers)
                # Who meets a change has met the trouble.
                yield answer, self._seen.answers[phase if phase == self.phase else "during"]


def disk(trouble: str, *, seconds: float) -> Seen:
    """Start a service, and trouble its disk under load; each phase takes so many seconds."""
    seen, picture = Seen(), rendered_pictures()["line"]
    with (
        TemporaryDirectory() as folder,
        small_disk(Path(folder, "disk")) as small,
        run_service(
            Path(folder, "log"),
            jobs__store="database",
            jobs__max_jobs=100_000,
            data__folder=small,
            data__floor_bytes=0,
            limits__requests_per_minute=0,
        ) as service,
    ):
        load = Load(str(service.client.base_url), picture, seen)
        with Pulse(str(service.client.base_url)) as pulse, ThreadPoolExecutor(CLIENTS) as threads:
            sending = [threads.submit(load.hand_in) for _ in range(CLIENTS - 1)]
            sending.append(threads.submit(load.read))
            service.lives_for(seconds)
            load.phase = "during"
            with TROUBLES[trouble](small):
                service.lives_for(seconds)
            load.phase = "after"
            service.lives_for(seconds)
            load.is_over.set()
        for each in sending:
            each.result()
        seen.ends = Counter(_ends(service.client, seen.jobs))
        seen.health_s = pulse.seconds
        service.signal()
        assert service.end() == 0
    return seen


def _ends(client: httpx2.Client, jobs: list[str]) -> Iterator[str]:
    for job in jobs:
        while not (told := client.get(f"/v2/jobs/{job}?wait=60").json())["finished_at"]:
            pass
        yield str(told["status"])


def rows(trouble: str, seen: Seen) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    jobs, refusal = len(seen.jobs), REFUSALS[trouble]
    name = trouble.replace("_", "-")
    yield Row(
        f"{name}: 0 lost",
        f"{jobs} accepted; {counts(seen.ends)}",
        seen.ends == {"succeeded": jobs},
    )
    allowed = {"202 accepted", "200 read"}
    for phase, answers in seen.answers.items():
        may = allowed | {refusal} if phase == "during" else allowed
        yield Row(f"{name}, {phase}", counts(answers), answers.keys() <= may)
    yield Row(
        f"{name}: recovers by itself",
        f"{seen.answers['after']['202 accepted']} accepted afterwards",
        seen.answers["after"]["202 accepted"] > 0,
    )
    yield health_row(seen.health_s)


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="disk", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each of three phases")
    seconds = parser.parse_args().seconds
    measured = (row for each in TROUBLES for row in rows(each, disk(each, seconds=seconds)))
    return print_table("scripts/local/stress.sh disk", measured)


if __name__ == "__main__":
    sys.exit(main())
