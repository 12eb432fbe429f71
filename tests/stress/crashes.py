"""The service itself is killed under load, again and again; what it has accepted is not lost.

`scripts/local/stress.sh crashes` starts services of its own, on SQLite and a folder, or with
`--on postgresql` on PostgreSQL and a bucket.
"""

import argparse
import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from urllib.parse import urlencode

import httpx2

from readstone.config import load_config
from readstone.database.connection import open_database
from readstone.database.upgrade import upgrade
from readstone.keeping import build_database, build_storage
from readstone.uploads.shelf import ORPHAN_AGE, Shelf
from readstone.uploads.store import UploadStore
from tests.bench.pictures import Picture, rendered_pictures
from tests.database_server import database_server
from tests.fakes import base64_of
from tests.goals import Row, print_table
from tests.integration.conftest import RunningService, run_service
from tests.object_server import BUCKET, CREDENTIALS, object_server
from tests.stress.tally import counts

CLIENTS = 4
PATIENCE_S = 600.0
Settings = Mapping[str, object]


@dataclass(slots=True)
class Accepted:
    """What the service has acknowledged: ids of jobs, and of uploads with their digests."""

    jobs: list[str] = field(default_factory=list)
    uploads: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of it.

    Attributes:
        ends: of jobs, by status; `unread` has ended well with the wrong text.
        results: how many results are kept for each job.
        missing: uploads whose bytes are not those that were sent.
        orphans: bytes without an upload, before and after the shelf was mended.
    """

    killed: int
    accepted: Accepted
    ends: Counter[str]
    results: Counter[str]
    missing: int
    orphans: tuple[int, int]


class Senders:
    """Clients that send a picture to be read later, or a file to be kept, in turns.

    Attributes:
        statuses: of all answers, whatever they said.
    """

    def __init__(self, picture: Picture, *, jobs: int, uploads: int) -> None:
        self.address = ""
        self.accepted = Accepted()
        self.are_done = Event()
        self.statuses: Counter[int] = Counter()
        self._picture = picture
        self._wanted = (jobs, uploads)

    def run(self) -> None:
        """Send until as many as are wanted have been accepted."""
        with httpx2.Client(timeout=30) as client:
            while not self.are_done.is_set():
                try:
                    self._send(client)
                except httpx2.TransportError:  # nobody knows whether it was accepted
                    Event().wait(0.05)
                jobs, uploads = self._wanted
                if len(self.accepted.jobs) >= jobs and len(self.accepted.uploads) >= uploads:
                    self.are_done.set()

    def _send(self, client: httpx2.Client) -> None:
        jobs, uploads = self._wanted
        if len(self.accepted.jobs) < jobs:
            body = {"data": base64_of(self._picture.fresh())}
            answer = client.post(f"{self.address}/v1/imageasync", json=body)
            self.statuses[answer.status_code] += 1
            if answer.status_code == 200:
                self.accepted.jobs.append(answer.json()["jobid"])
        if len(self.accepted.uploads) < uploads:
            data = self._picture.fresh()
            answer = client.post(f"{self.address}/v2/files", files={"file": ("a.png", data)})
            self.statuses[answer.status_code] += 1
            if answer.status_code == 201:
                self.accepted.uploads[answer.json()["id"]] = sha256(data).hexdigest()


def crashes(*, jobs: int, uploads: int, every_s: float, on: str = "sqlite") -> Seen:
    """Kill a service every few seconds until it has accepted so much; look what became of it."""
    picture = rendered_pictures()["line"]
    senders = Senders(picture, jobs=jobs, uploads=uploads)
    with TemporaryDirectory() as folder, kept_on(on, Path(folder)) as settings:
        log = Path(folder, "log")
        killed = end_until_done(senders, log, settings, every_s=every_s, end=_kill)
        with run_service(log, **settings) as service:
            ends = Counter(ends_of(service, senders.accepted.jobs, picture))
            missing = sum(_are_missing(service, senders.accepted.uploads))
            service.signal()
            service.end()
        results, orphans = asyncio.run(_kept(settings, senders.accepted.jobs))
    return Seen(killed, senders.accepted, ends, results, missing, orphans)


@contextmanager
def kept_on(name: str, folder: Path) -> Iterator[Settings]:
    """Give the settings of a service that keeps everything on a pair of database and storage."""
    basic = {
        "jobs__store": "database",
        "jobs__max_jobs": 100_000,
        "data__folder": str(folder),
        "compliance__rules": "",
        "limits__requests_per_minute": 0,
    }
    if name == "sqlite":
        yield basic
        return
    with object_server() as endpoint, database_server() as database:
        asyncio.run(_upgraded(database))
        bucket = urlencode({"endpoint": endpoint, **CREDENTIALS})
        pair = {"database__url": database, "storage__url": f"s3://{BUCKET}/x?{bucket}"}
        yield basic | pair


async def _upgraded(url: str) -> None:
    database = open_database(url)
    await upgrade(database)
    await database.close()


def _kill(service: RunningService) -> None:
    service.signal(signal.SIGKILL)


def end_until_done(
    senders: Senders,
    log: Path,
    settings: Settings,
    *,
    every_s: float,
    end: Callable[[RunningService], None],
) -> int:
    """End a service every few seconds, and start the next one, until enough has been accepted."""
    ended, sending = 0, []
    with ThreadPoolExecutor(CLIENTS) as threads:
        try:
            while not senders.are_done.is_set():
                with run_service(log, **settings) as service:
                    senders.address = str(service.client.base_url).rstrip("/")
                    sending = sending or [threads.submit(senders.run) for _ in range(CLIENTS)]
                    senders.are_done.wait(random.uniform(0.5, 1.5) * every_s)
                    end(service)
                ended += 1
        finally:
            senders.are_done.set()
    for each in sending:
        each.result()
    return ended


def ends_of(service: RunningService, jobs: list[str], picture: Picture) -> Iterator[str]:
    """Yield how each job has ended, when it has."""
    end = datetime.now(UTC) + timedelta(seconds=PATIENCE_S)
    for job in jobs:
        while True:
            answer = service.client.get(f"/v1/imageasync_get/{job}")
            status = str(answer.json()["status"])
            if status not in ("queued", "running") or datetime.now(UTC) > end:
                break
            Event().wait(0.05)
        is_wrong = status == "succeeded" and not picture.is_read_by(answer.json()["text"])
        yield "unread" if is_wrong else status


def _are_missing(service: RunningService, uploads: Mapping[str, str]) -> Iterator[bool]:
    """Yield for each upload whether its bytes are not those that were sent."""
    for upload, digest in uploads.items():
        answer = service.client.get(f"/v2/files/{upload}/content")
        yield sha256(answer.content).hexdigest() != digest


async def _kept(settings: Settings, jobs: Sequence[str]) -> tuple[Counter[str], tuple[int, int]]:
    """Return how often jobs have so many results, and the orphans before and after a mend."""
    config = load_config({f"READSTONE_{k}".upper(): str(v) for k, v in settings.items()})
    database, storage = await build_database(config), build_storage(config)
    results = Counter(key.rpartition(".")[0] for key, _ in await storage.keys("results/"))
    later = datetime.now(UTC) + 2 * ORPHAN_AGE
    shelf = Shelf(UploadStore(database), storage, clock=lambda: later)
    orphans = await shelf.mend(), await shelf.mend()
    await database.close()
    return Counter(f"{results[f'results/{job}']} results" for job in jobs), orphans


def rows(seen: Seen) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    jobs, uploads = len(seen.accepted.jobs), len(seen.accepted.uploads)
    if jobs:
        yield Row(
            "`kill -9` of the service under load: all jobs end, 0 lost",
            f"killed {seen.killed} times; {jobs} accepted; {counts(seen.ends)}",
            seen.ends == {"succeeded": jobs},
        )
        yield Row("one result each", counts(seen.results), seen.results == {"1 results": jobs})
    if uploads:
        yield Row(
            "uploads: no missing object, no orphan",
            f"killed {seen.killed} times; {uploads} accepted, {seen.missing} missing; "
            f"{seen.orphans[0]} orphans mended, {seen.orphans[1]} left",
            not (seen.missing or seen.orphans[1]),
        )


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="crashes", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--jobs", type=int, default=2_000)
    parser.add_argument("--uploads", type=int, default=1_000)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two kills")
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    seen = crashes(jobs=asked.jobs, uploads=asked.uploads, every_s=asked.every, on=asked.on)
    return print_table("scripts/local/stress.sh crashes", rows(seen))


if __name__ == "__main__":
    sys.exit(main())
