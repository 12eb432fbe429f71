"""Asks a service for its health all the while, as a load balancer does."""

from threading import Event, Thread
from time import perf_counter
from types import TracebackType
from typing import Self

import httpx2

from tests.goals import Row
from tests.stress.tally import percentile

ASK_EVERY_S = 0.05


class Pulse:
    """Asks for the health of a service from a thread of its own, until the block ends."""

    def __init__(self, url: str) -> None:
        self.seconds: list[float] = []
        self._url = url
        self._is_over = Event()
        self._thread = Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx2.Client(base_url=self._url, timeout=30) as client:
            while not self._is_over.wait(ASK_EVERY_S):
                began = perf_counter()
                assert client.get("/health").status_code == 200
                self.seconds.append(perf_counter() - began)


def health_row(seconds: list[float]) -> Row:
    """Return the goal beside how long the answers took."""
    longest, p99 = max(seconds), percentile(seconds, 99)
    return Row(
        "health <= 100 ms throughout",
        f"{len(seconds)} asked; p99 {1000 * p99:.0f} ms, longest {1000 * longest:.0f} ms",
        longest <= 0.1,
    )
