"""Reports come again and again, whatever befalls one of them."""

import json
import os
from pathlib import Path
from queue import Queue
from threading import Event

import pytest
from structlog.testing import capture_logs

from readstone.errors import ConfigError
from readstone.metrics import Metrics
from readstone.reporting import LineReporter, Reporter, Reporting, build_reporter
from readstone.settings import MetricsConfig
from tests.fakes import settings

MOMENT_S = 0.001
LIMIT_S = 10


class Diary:
    """Keeps what it was told; the first reports of all fail."""

    def __init__(self, *, failures: int = 0) -> None:
        self.failures = failures
        self.entries: Queue[dict[str, int]] = Queue()

    def report(self, metrics: Metrics) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the ink is dry")
        self.entries.put(dict(metrics.calls()))


def section(**values: object) -> MetricsConfig:
    """Return the settings of metrics with other values."""
    return settings().metrics.model_copy(update=values)


def called(times: int) -> Metrics:
    """Return figures of so many calls."""
    metrics = Metrics(["classify"])
    for _ in range(times):
        metrics.request_ended("POST", "/classify", 200, 0.01)
    return metrics


def test_reports_go_on_after_a_failure() -> None:
    """A reporter that fails is asked again, and the log says why it failed."""
    diary, metrics = Diary(failures=2), called(1)
    reporting = Reporting(diary, metrics, interval_s=MOMENT_S)
    with capture_logs() as lines:
        reporting.start()
        assert diary.entries.get(timeout=LIMIT_S) == {"classify": 1}
        metrics.request_ended("POST", "/classify", 200, 0.01)
        while diary.entries.get(timeout=LIMIT_S) != {"classify": 2}:
            pass
        reporting.stop()
    assert [line["event"] for line in lines] == ["report failed"] * 2


def test_no_reports_after_the_stop() -> None:
    """A stopped one says nothing more, and one without a reporter never did."""
    diary = Diary()
    stopped = Reporting(diary, called(1), interval_s=MOMENT_S)
    stopped.stop()
    stopped.start()
    Reporting(None, called(1), interval_s=MOMENT_S).start()
    marker = Diary()
    Reporting(marker, called(1), interval_s=MOMENT_S).start()
    marker.entries.get(timeout=LIMIT_S)
    assert diary.entries.empty()


def test_a_blocked_reader_blocks_no_caller() -> None:
    """While nobody reads what is written, calls are counted and the page is drawn."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(write_end, b"x" * 65_536)
    os.set_blocking(write_end, True)
    metrics, began, ended = called(1), Event(), Event()

    class Waiting(LineReporter):
        def report(self, metrics: Metrics) -> None:
            began.set()
            try:
                super().report(metrics)
            finally:
                ended.set()

    reporting = Reporting(Waiting(write_end), metrics, interval_s=MOMENT_S)
    reporting.start()
    assert began.wait(LIMIT_S)
    metrics.request_ended("POST", "/classify", 200, 0.01)
    assert metrics.calls() == {"classify": 2}
    assert b'readstone_method_calls_total{method="classify"} 2.0' in metrics.page()
    reporting.stop()
    os.close(read_end)  # ends the write that waits
    assert ended.wait(LIMIT_S)
    os.close(write_end)


def build(**values: object) -> Reporter:
    """Return a configured reporter."""
    reporter = build_reporter(section(**values))
    assert reporter
    return reporter


def test_stdout_gets_a_line_of_json(capfd: pytest.CaptureFixture[str]) -> None:
    """A report is one line that a program can read."""
    build(reporter="stdout").report(called(3))
    line = json.loads(capfd.readouterr().out)
    assert line["calls"] == {"classify": 3}
    assert line["ts"] > 1_700_000_000


def test_log_gets_a_line() -> None:
    """A report is one event of the log."""
    with capture_logs() as lines:
        build(reporter="log").report(called(3))
    assert lines == [{"event": "calls", "log_level": "info", "classify": 3}]


def test_prometheus_gets_a_whole_file(tmp_path: Path) -> None:
    """The file is replaced and never seen half written; nothing lies beside it."""
    file = tmp_path / "readstone.prom"
    file.write_text("old")
    build(reporter="prometheus", file=str(file)).report(called(3))
    assert 'readstone_method_calls_total{method="classify"} 3.0' in file.read_text()
    assert list(tmp_path.iterdir()) == [file]


def test_none_reports_nothing() -> None:
    """Who wants no reports gets no thread."""
    assert build_reporter(section(reporter="none")) is None


def test_an_unknown_reporter_is_refused() -> None:
    """The refusal names those that there are."""
    with pytest.raises(ConfigError, match=r"metrics\.reporter: .*stdout, log, prometheus, none"):
        build_reporter(section(reporter="pigeon"))
