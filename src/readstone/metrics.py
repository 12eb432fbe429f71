"""What is counted, for /metrics and for the reporter; a counted call waits for no lock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Literal

import prometheus_client as prometheus

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# From an answer out of the cache to the longest wait for a document.
SECONDS = (0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Counter:
    """Counts without a lock, since no thread can come between the halves of a `next`.

    Reading takes a step of the count as well; so readings are counted too, and taken off.
    """

    def __init__(self) -> None:
        self._steps = count()
        self._readings = count()
        self._reading = Lock()

    def add(self) -> None:
        """Count one more."""
        next(self._steps)

    @property
    def value(self) -> int:
        """How many were counted."""
        with self._reading:
            return next(self._steps) - next(self._readings)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that is asked for when somebody wants to know it."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    read: Callable[[], float]


def gauge(name: str, help: str, read: Callable[[], float]) -> Reading:
    """Return a figure that goes up and down."""
    return Reading(f"readstone_{name}", "gauge", help, read)


def counter(name: str, help: str, read: Callable[[], float]) -> Reading:
    """Return a figure that only grows."""
    return Reading(f"readstone_{name}", "counter", help, read)


class Metrics:
    """All figures of one process.

    Args:
        method_names: whose calls are counted; a method is the last word of a route's address.
    """

    def __init__(self, method_names: Iterable[str]) -> None:
        self._calls = {name: Counter() for name in method_names}
        self._readings: list[Reading] = []
        self._registry = prometheus.CollectorRegistry()
        self._registry.register(self)
        prometheus.ProcessCollector(registry=self._registry)
        self._requests = prometheus.Counter(
            "readstone_http_requests",
            "Requests by how they ended.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = prometheus.Histogram(
            "readstone_http_request_seconds",
            "From the head of a request to the end of its answer.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._jobs = prometheus.Counter(
            "readstone_jobs", "Jobs by how they ended.", ("status",), registry=self._registry
        )
        self._invoices = prometheus.Histogram(
            "readstone_invoice_seconds",
            "From the beginning of the work on an invoice to its end.",
            ("file_type", "outcome"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._events = prometheus.Counter(
            "readstone_events_told",
            "Attempts to tell events by what became of them.",
            ("status",),
            registry=self._registry,
        )
        self._messages = prometheus.Counter(
            "readstone_messages",
            "Messages that brought documents, by what became of them: taken or dead.",
            ("status",),
            registry=self._registry,
        )

    def watch(self, readings: Iterable[Reading]) -> None:
        """Show these figures as well."""
        self._readings.extend(readings)

    def request_ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request, and the call of a method whose calls are counted."""
        if calls := self._calls.get(method_name(method, route)):
            calls.add()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def job_ended(self, status: str) -> None:
        """Count a job."""
        self._jobs.labels(status).inc()

    def invoice_ended(self, file_type: str, outcome: str, seconds: float) -> None:
        """Count an invoice."""
        self._invoices.labels(file_type, outcome).observe(seconds)

    def event_told(self, status: str) -> None:
        """Count an attempt to tell an event."""
        self._events.labels(status).inc()

    def message_came(self, status: str) -> None:
        """Count a message that was taken, or is among the dead."""
        self._messages.labels(status).inc()

    def calls(self) -> Mapping[str, int]:
        """Return how often each method was called."""
        return {name: counter.value for name, counter in self._calls.items()}

    def page(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return prometheus.generate_latest(self._registry)

    def collect(self) -> Iterable[prometheus.Metric]:
        """Yield what is known only when somebody asks."""
        calls = prometheus.Metric("readstone_method_calls", "Calls of each method.", "counter")
        for name, number in self.calls().items():
            calls.add_sample("readstone_method_calls_total", {"method": name}, number)
        yield calls
        for each in self._readings:
            family = prometheus.Metric(each.name, each.help, each.kind)
            ending = "_total" if each.kind == "counter" else ""
            family.add_sample(each.name + ending, {}, each.read())
            yield family


def method_name(method: str, route: str) -> str:
    """Return the last word of an address: that of `/v1/imageasync_get/{jobid}` is imageasync_get.

    What is posted to `/` calls root, and whoever gets it looks at a page.
    """
    words = [word for word in route.split("/") if word and not word.startswith("{")]
    return words[-1] if words else "root" if method == "POST" else "page"
