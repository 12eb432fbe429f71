"""Two hundred clients that send next to nothing, and what others notice of them.

`scripts/local/stress.sh slow_clients` starts a service of its own. Half of the slow ones send a
head, the other half a body, a byte at a time; the service is to let go of all of them.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx2

from tests.bench.pictures import rendered_pictures
from tests.goals import Row, print_table
from tests.integration.conftest import run_service
from tests.stress.pulse import health_row
from tests.stress.tally import counts

BODY_S = 10
BYTE_EVERY_S = 0.25
ASK_EVERY_S = 0.05
HEAD = b"POST /v2/ocr HTTP/1.1\r\nHost: x\r\n"
STARTS = HEAD + b"X-Name: ", HEAD + b"Content-Length: 100000\r\n\r\n"


@dataclass(slots=True)
class Seen:
    """What became of the slow clients, and of those who asked meanwhile.

    Attributes:
        ends: the status with which a slow client was let go, or `closed`.
        health_s: seconds for each answer about the health of the service.
        others: the statuses of all requests beside the slow ones.
    """

    ends: Counter[str] = field(default_factory=Counter)
    health_s: list[float] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


async def be_slow(port: int, start: bytes, seen: Seen) -> None:
    """Send a byte from time to time until the service has had enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    end = asyncio.create_task(reader.read())
    while not (await asyncio.wait({end}, timeout=BYTE_EVERY_S))[0]:
        writer.write(b"x")
    writer.close()
    answer = b"" if end.exception() else end.result()
    seen.ends[answer[9:12].decode() or "closed"] += 1


async def ask(client: httpx2.AsyncClient, seen: Seen) -> None:
    """Ask for the health of the service again and again."""
    while True:
        began = perf_counter()
        answer = await client.get("/health")
        seen.health_s.append(perf_counter() - began)
        seen.others[f"health {answer.status_code}"] += 1
        await asyncio.sleep(ASK_EVERY_S)


async def read(client: httpx2.AsyncClient, seen: Seen) -> None:
    """Have one picture after the other read."""
    picture = rendered_pictures()["line"]
    while True:
        answer = await client.post("/v2/ocr", content=picture.fresh())
        seen.others[f"picture {answer.status_code}"] += 1


async def crowd(url: str, *, clients: int) -> Seen:
    """Return what was seen until the last slow client was let go."""
    seen, port = Seen(), httpx2.URL(url).port or 80
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        others = [asyncio.create_task(each(client, seen)) for each in (ask, read)]
        await asyncio.gather(*(be_slow(port, STARTS[n % 2], seen) for n in range(clients)))
        for each in others:
            each.cancel()
        await asyncio.wait(others)
    return seen


def slow_clients(*, clients: int, body_s: float = BODY_S) -> Seen:
    """Start a service, and let slow clients and others ask it."""
    with (
        TemporaryDirectory() as folder,
        run_service(Path(folder, "log"), server__body_s=body_s) as service,
    ):
        return asyncio.run(crowd(str(service.client.base_url), clients=clients))


def rows(seen: Seen) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    yield Row(
        "200 slow clients: each is let go after its time",
        counts(seen.ends),
        set(seen.ends) == {"408", "closed"},
    )
    yield health_row(seen.health_s)
    yield Row(
        "0 five-hundreds",
        counts(seen.others),
        set(seen.others) == {"health 200", "picture 200"},
    )


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(
        prog="slow_clients", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--clients", type=int, default=200)
    return print_table(
        "scripts/local/stress.sh slow_clients",
        rows(slow_clients(clients=parser.parse_args().clients)),
    )


if __name__ == "__main__":
    sys.exit(main())
