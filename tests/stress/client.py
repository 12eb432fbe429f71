"""Asks a running service from many threads at once, and counts what becomes of every request.

`scripts/local/stress.sh --clients 8 --requests 200 --mode mixed` sends the pictures of testdata/ to
http://127.0.0.1:8000; `--help` names the rest. Exits with 1 when a request met an error or a job
that was accepted did not end. A refusal (429 or 503 with Retry-After) is no error.
"""

import argparse
import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Literal
from uuid import uuid4

import httpx2
from rich.progress import Progress

from tests.stress.tally import Outcome, Tally, draw, table

SAMPLES = Path(__file__).parents[2] / "testdata" / "page"
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".pdf"}
ANSWER_LIMIT_S = 120.0
IDLE_LIMIT_S = 2.0
JOB_LIMIT_S = 600.0
FIRST_POLL_S, LONGEST_POLL_S, SLOWER = 0.02, 1.0, 1.25
BUSY = {429, 503}
GONE = {404, 410}
ENDED = {"succeeded", "partial", "failed", "canceled", "expired"}

Way = Literal["sync", "async"]


@dataclass(frozen=True, slots=True)
class Request:
    """One file to send, and whether to wait for its text or to ask for it later.

    Attributes:
        address: from which it seems to come, through a proxy.
    """

    way: Way
    data: bytes
    address: str = ""


class StressClient:
    """Sends requests from any number of threads, over as many connections as it takes."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Let go of before the service closes them, so that no request meets a closed door.
        limits = httpx2.Limits(keepalive_expiry=IDLE_LIMIT_S)
        self._client = httpx2.Client(
            base_url=url, headers=headers, timeout=ANSWER_LIMIT_S, limits=limits
        )
        self._started_at = perf_counter()
        self._never = Event()

    def __enter__(self) -> "StressClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, request: Request) -> Outcome:
        """Return how a request ended; nothing that goes wrong with it is raised."""
        began, job_id = perf_counter(), None
        headers = {"X-Forwarded-For": request.address} if request.address else {}
        try:
            if request.way == "sync":
                path = "/v2/ocr?format=text"
                kind = _kind(self._client.post(path, content=request.data, headers=headers))
            else:
                encoded = {"data": b64encode(request.data).decode()}
                answer = self._client.post("/v1/imageasync", json=encoded, headers=headers)
                kind = _kind(answer)
                if kind == "ok":
                    job_id = answer.json()["jobid"]
                    kind = self._end_of(job_id)
        except httpx2.HTTPError as error:
            kind = type(error).__name__
        except (ValueError, LookupError):
            kind = "answer not understood"
        now = perf_counter()
        return Outcome(request.way, began - self._started_at, now - began, kind, job_id)

    def _end_of(self, job_id: str) -> str:
        """Return how a job ended, asked for ever more slowly."""
        give_up_at, pause_s = perf_counter() + JOB_LIMIT_S, FIRST_POLL_S
        while perf_counter() < give_up_at:
            if end := self._end_by_now(job_id):
                return end
            self._never.wait(pause_s)
            pause_s = min(SLOWER * pause_s, LONGEST_POLL_S)
        return "job did not end"

    def _end_by_now(self, job_id: str) -> str | None:
        """Return how a job has ended; None also while the service cannot be asked."""
        try:
            answer = self._client.post("/v1/imageasync_get", json={"jobid": job_id})
        except httpx2.HTTPError:
            return None
        if answer.status_code in GONE:
            return f"job {answer.status_code}"
        if not answer.is_success or (status := answer.json()["status"]) not in ENDED:
            return None
        return "ok" if status == "succeeded" else f"job {status}"


def _kind(answer: httpx2.Response) -> str:
    """Return `ok`, or the status with the code of the problem document."""
    if answer.is_success:
        return "ok"
    if answer.status_code in BUSY and "Retry-After" not in answer.headers:
        return f"no Retry-After with {answer.status_code}"
    try:
        return f"{answer.status_code} {answer.json()['code']}"
    except (ValueError, LookupError, TypeError):
        return f"{answer.status_code} without a problem document"


def requests(files: list[Path], mode: Literal["sync", "async", "mixed"]) -> Iterator[Request]:
    """Yield requests without end: file by file, mixed ones by turns.

    No two have the same bytes, so that none is answered from a cache: decoders take no notice of
    what follows the end of a picture or a PDF.
    """
    ways: tuple[Way, ...] = ("sync", "async") if mode == "mixed" else (mode,)
    contents = [file.read_bytes() for file in files]
    while True:
        for way in ways:
            yield from (Request(way, data + b"\n%" + uuid4().bytes) for data in contents)


def found_files(paths: list[Path]) -> list[Path]:
    """Return the files named, and the pictures and PDFs in the folders named."""
    files = [
        file
        for path in paths
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if not path.is_dir() or file.suffix.lower() in SUFFIXES
    ]
    if not files:
        sys.exit(f"stress: no picture or PDF in {', '.join(map(str, paths))}")
    return files


def run(client: StressClient, todo: Iterator[Request], *, clients: int, count: int) -> Tally:
    """Send `count` requests, `clients` at a time, and show how it goes."""
    tally = Tally()
    with Progress() as progress, ThreadPoolExecutor(clients) as threads:
        bar = progress.add_task("stress", total=count)
        sent = [threads.submit(client.send, request) for request in islice(todo, count)]
        for done in as_completed(sent):
            tally.add(done.result())
            progress.update(bar, advance=1, description=tally.headline())
    return tally


def main() -> int:
    """Run the client; its exit code says whether every request and job ended well."""
    parser = argparse.ArgumentParser(prog="stress", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--clients", type=int, default=8, help="threads that ask at a time")
    parser.add_argument("--requests", type=int, default=200, help="how many in all")
    parser.add_argument("--mode", choices=("sync", "async", "mixed"), default="sync")
    parser.add_argument("--files", type=Path, nargs="+", default=[SAMPLES], help="or folders")
    parser.add_argument("--plot", type=Path, help="draw latency over time into this PNG or SVG")
    asked = parser.parse_args()
    todo = requests(found_files(asked.files), asked.mode)
    with StressClient(asked.url, os.environ.get("READSTONE_TOKEN")) as client:
        tally = run(client, todo, clients=asked.clients, count=asked.requests)
    print(table(tally))
    if asked.plot:
        draw(tally, asked.plot)
    return 1 if tally.errors or tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
