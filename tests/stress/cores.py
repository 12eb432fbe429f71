"""Work that nobody wants any more frees its core, and work that kills its worker is given up.

`scripts/local/stress.sh cores` starts services of its own, with one worker each.
"""

import argparse
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.fakes import picture
from tests.goals import Row, print_table
from tests.integration.conftest import (
    PAUSE_S,
    RunningService,
    busy_worker,
    is_read,
    long_picture,
    run_service,
)
from tests.stress.tally import counts

ASYNC = {"Prefer": "respond-async"}
TEXT = "Quince jam 42 jars"
DEADLINE_S = 1.0
KILLS = 6  # each of three attempts is made with two workers


@dataclass(slots=True)
class Seen:
    """What became of work that nobody wants.

    Attributes:
        freed_s: by the way in which it ended: seconds until its worker was gone.
        left: processes and files that were still there.
        poisoned: of each job that kills its workers: status, attempts, workers killed.
        others: whether others were read beside it.
    """

    freed_s: dict[str, list[float]] = field(default_factory=dict)
    left: int = 0
    poisoned: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)


def canceled(service: RunningService, data: bytes) -> tuple[int, float]:
    """Cancel a job that is being read; return its worker, and when that was."""
    job = service.client.post("/v2/ocr", content=data, headers=ASYNC).headers["Location"]
    busy, began = busy_worker(service), perf_counter()
    assert service.client.post(f"{job}/cancel").json()["status"] == "canceled"
    return busy, began


def left_alone(service: RunningService, data: bytes) -> tuple[int, float]:
    """Close the connection of a client that waits; return the worker, and when that was."""
    url = service.client.base_url
    head = f"POST /v2/ocr HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n"
    with socket.create_connection((url.host, url.port or 80)) as connection:
        connection.sendall(head.encode() + data)
        busy = busy_worker(service)
    return busy, perf_counter()


def overdue(service: RunningService, data: bytes) -> tuple[int, float]:
    """Let work meet its deadline; return its worker, and when that was told."""
    (worker,) = service.workers()
    assert service.client.post("/v2/ocr", content=data).json()["code"] == "deadline_exceeded"
    return worker, perf_counter()


def cores(*, rounds: int) -> Seen:
    """End long work in every way, and hand in a job whose workers are killed."""
    seen, data = Seen(), long_picture()
    with _one_worker(seen) as service:
        for way, end in (("cancel", canceled), ("client gone", left_alone)):
            seen.freed_s[way] = [_freed_s(service, *end(service, data)) for _ in range(rounds)]
        for number in range(rounds):
            _poison(service, data + bytes(number), seen)
    with _one_worker(seen, ocr__deadline_s=DEADLINE_S) as service:
        seen.freed_s["deadline"] = [
            _freed_s(service, *overdue(service, data)) for _ in range(rounds)
        ]
    return seen


@contextmanager
def _one_worker(seen: Seen, **settings: object) -> Iterator[RunningService]:
    """Give a service with one worker, and look what is left of it."""
    with (
        TemporaryDirectory() as folder,
        run_service(Path(folder, "log"), ocr__workers=1, **settings) as service,
    ):
        yield service
        service.signal()
        service.end()
        seen.left += len(service.left())


def _freed_s(service: RunningService, worker: int, since: float) -> float:
    """Return the seconds until a worker is gone; another one must read then."""
    with suppress(ProcessLookupError):
        while True:
            os.kill(worker, 0)
            assert service.lives_for(PAUSE_S / 10)
    seconds = perf_counter() - since
    assert is_read(service.client, picture(text=TEXT, size=(400, 60)))
    return seconds


def _poison(service: RunningService, data: bytes, seen: Seen) -> None:
    """Kill every worker that reads a job, until the job has ended."""
    job = service.client.post("/v2/ocr", content=data, headers=ASYNC).headers["Location"]
    for _ in range(KILLS):
        os.kill(busy_worker(service), signal.SIGKILL)
    told = service.client.get(f"{job}?wait=60").json()
    seen.poisoned[f"{told['status']} after {told['attempts']} attempts"] += 1
    read = is_read(service.client, picture(text=TEXT, size=(400, 60)))
    seen.others["read" if read else "not read"] += 1


def rows(seen: Seen) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    for way, seconds in seen.freed_s.items():
        yield Row(
            f"{way}: the core is free within 1 s",
            f"{len(seconds)} times, longest {max(seconds):.2f} s",
            max(seconds) <= 1,
        )
    yield Row(
        "no orphan process, no temporary file",
        f"{seen.left} left behind",
        not seen.left,
    )
    jobs = seen.poisoned.total()
    yield Row(
        "a job that kills its worker every time: exactly 3 attempts, then failed",
        f"{counts(seen.poisoned)}; others: {counts(seen.others)}",
        seen.poisoned == {"failed after 3 attempts": jobs} and seen.others == {"read": jobs},
    )


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="cores", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    seen = cores(rounds=parser.parse_args().rounds)
    return print_table("scripts/local/stress.sh cores", rows(seen))


if __name__ == "__main__":
    sys.exit(main())
