"""Says how often each method was called, again and again, from a thread of its own."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread
from time import time
from typing import Protocol

import structlog

from readstone.errors import ConfigError
from readstone.metrics import Metrics
from readstone.settings import MetricsConfig

log = structlog.get_logger(__name__)

STDOUT = 1


class Reporter(Protocol):
    """Says somewhere how things are; may block, and may raise whatever it likes."""

    def report(self, metrics: Metrics) -> None:
        """Say how things are now."""
        ...


class LineReporter:
    """Writes a line of JSON to a file descriptor.

    Not with print: a reader that reads no more would hold up whoever else prints, and the exit.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def report(self, metrics: Metrics) -> None:
        line = json.dumps({"ts": int(time()), "calls": dict(metrics.calls())})
        os.write(self._descriptor, f"{line}\n".encode())


class LogReporter:
    """Writes a line of the log."""

    def report(self, metrics: Metrics) -> None:
        log.info("calls", **metrics.calls())


class PrometheusReporter:
    """Writes a file for the textfile collector of Prometheus' node exporter, always a whole one."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def report(self, metrics: Metrics) -> None:
        half = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        half.write_bytes(metrics.page())
        half.replace(self._file)


REPORTERS: Mapping[str, Callable[[MetricsConfig], Reporter]] = {
    "stdout": lambda _: LineReporter(STDOUT),
    "log": lambda _: LogReporter(),
    "prometheus": lambda config: PrometheusReporter(Path(config.file)),
}


def build_reporter(config: MetricsConfig) -> Reporter | None:
    """Return the reporter that is configured; None for `none`.

    Raises:
        ConfigError: there is no such reporter.
    """
    if config.reporter == "none":
        return None
    if config.reporter not in REPORTERS:
        names = ", ".join([*REPORTERS, "none"])
        raise ConfigError(f"metrics.reporter: {config.reporter} is none of {names}")
    return REPORTERS[config.reporter](config)


class Reporting:
    """Has the figures reported every `interval_s`, until it is stopped."""

    def __init__(self, reporter: Reporter | None, metrics: Metrics, *, interval_s: float) -> None:
        self._reporter = reporter
        self._metrics = metrics
        self._interval_s = interval_s
        self._stopped = Event()

    def start(self) -> None:
        """Begin; a reporter that blocks holds up nobody, not even the exit of the process."""
        if self._reporter:
            Thread(target=self._run, args=[self._reporter], name="reporting", daemon=True).start()

    def stop(self) -> None:
        """Report no more."""
        self._stopped.set()

    def _run(self, reporter: Reporter) -> None:
        while not self._stopped.wait(self._interval_s):
            try:
                reporter.report(self._metrics)
            except Exception:
                log.exception("report failed")
