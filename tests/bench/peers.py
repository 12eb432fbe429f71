"""Readstone beside services that others have made: does any of them read more a second?

Whoever measures installs the peers, and says how each is served; README.md has an example.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from tests.bench.pictures import Picture, rendered_pictures
from tests.bench.service import Service
from tests.bench.speed import (
    GOALS,
    PLAIN_OMP1,
    READSTONE,
    Contender,
    Effort,
    check_reading,
    throughput,
)
from tests.goals import Row, print_table

XBERG = '{"force_ocr":true,"use_cache":false,"ocr":{"backend":"tesseract","language":"eng"}}'


@dataclass
class Peer(Service):
    """A service that a shell command serves; `{port}` is replaced in it."""

    def arguments(self) -> list[str]:
        """Return the command line."""
        return ["bash", "-c", "exec " + self.command[0].replace("{port}", str(self.port))]

    def ask(self, data: bytes) -> tuple[float, str]:
        """Return the seconds until the answer was there, and the answer, JSON as it is read."""
        seconds, answer = super().ask(data)
        return seconds, answer.replace("\\n", "\n")


PEERS = {
    "kreuzberg": partial(Peer, ready="/openapi.json", route="/ocr"),
    "xberg": partial(
        Peer,
        ready="/health",
        route="/extract",
        file_field="files",
        fields={"config": XBERG},
    ),
    "hertzg": partial(
        Peer,
        ready="/status",
        route="/tesseract",
        fields={"options": '{"languages":["eng"]}'},
        env={"OMP_THREAD_LIMIT": "1"},
    ),
}


def measure(peers: list[Peer], pictures: list[Picture], effort: Effort) -> Iterator[Row]:
    """Yield a row for each picture."""
    contenders: list[Contender] = [READSTONE, PLAIN_OMP1, *peers]
    with ExitStack() as running:
        for service in (READSTONE, PLAIN_OMP1, *peers):
            service.start()
            running.callback(service.stop)
        for picture in pictures:
            check_reading(contenders, picture)
            speeds = throughput(contenders, picture, effort)
            best = max(peers, key=lambda peer: speeds[peer.name].per_second).name
            ratio = speeds["readstone"].per_second / speeds[best].per_second
            each = (f"{n} {s.per_second:.3g} ({s.cpu_ms:.3g} ms)" for n, s in speeds.items())
            yield Row(
                f"{GOALS[picture.name].what}: more a second than any peer",
                f"{ratio:.2f} x {best}; {', '.join(each)}",
                ratio > 1,
            )


def named(text: str) -> Peer:
    """Return the peer that `NAME=COMMAND` describes."""
    name, _, command = text.partition("=")
    if name not in PEERS:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(PEERS)}")
    return PEERS[name](name=name, command=(command,))


def main() -> int:
    """Measure, and print the table with its command; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=named, action="append", required=True, dest="peers")
    parser.add_argument("--pictures", nargs="+", choices=GOALS, default=list(GOALS))
    parser.add_argument("--blocks", type=int, default=5)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the services are stopped
    pictures = rendered_pictures()
    rows = measure(
        given.peers, [pictures[name] for name in given.pictures], Effort(blocks=given.blocks)
    )
    return print_table("python -m tests.bench.peers", rows)


if __name__ == "__main__":
    sys.exit(main())
