"""Two kinds of load: clients that wait for their answers, and clients that do not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, cycle
from threading import Event
from time import monotonic

from tests.stress.client import Request, StressClient
from tests.stress.tally import Outcome, Tally

THREADS = 400


@dataclass(frozen=True, slots=True)
class Crowd:
    """Clients that ask a service for the text of pictures.

    Attributes:
        fresh: returns a picture that was not sent before.
        addresses: one for each client; they seem to come through a proxy.
    """

    url: str
    fresh: Callable[[], bytes]
    addresses: tuple[str, ...]

    def wait(self, *, seconds: float, pause_s: float = 0.0) -> Tally:
        """Send a picture from each address as soon as the last one is answered, and a pause."""
        client, end = StressClient(self.url), monotonic() + seconds

        def sent_from(address: str) -> list[Outcome]:
            outcomes = []
            while monotonic() < end:
                outcomes.append(client.send(Request("sync", self.fresh(), address)))
                Event().wait(pause_s)
            return outcomes

        with client, ThreadPoolExecutor(len(self.addresses)) as threads:
            return Tally(list(chain.from_iterable(threads.map(sent_from, self.addresses))))

    def press(self, *, per_second: float, seconds: float) -> Tally:
        """Send pictures at a rate, from each address in turn, whether or not answers come."""
        client, began = StressClient(self.url), monotonic()
        todo = zip(range(int(per_second * seconds)), cycle(self.addresses), strict=False)
        with client, ThreadPoolExecutor(THREADS) as threads:
            sent = []
            for number, address in todo:
                Event().wait(began + number / per_second - monotonic())
                request = Request("sync", self.fresh(), address)
                sent.append(threads.submit(client.send, request))
        return Tally([each.result() for each in sent])
