"""Tests of logs.py: one line an event, with a request id and without what was read."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from asgi_correlation_id import correlation_id

from readstone.logs import configure_logs
from readstone.settings import LogConfig


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave the loggers of this process as they were."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what stands on standard error, line by line."""
    written = capsys.readouterr()
    assert written.out == ""
    return [json.loads(line) for line in written.err.splitlines()]


def test_event_is_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Name, level, time in UTC and fields make a line."""
    configure_logs(LogConfig(level="info", format="json"))
    structlog.get_logger("a").info("job ended", job_id="7", status="failed")
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "job ended", "level": "info", "job_id": "7", "status": "failed"}


def test_lines_of_libraries_look_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """What a library logs the old way goes through the same formatter."""
    configure_logs(LogConfig(level="info", format="json"))
    logging.getLogger("library").warning("%s of %s", 3, 4)
    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("3 of 4", "warning")
    assert "timestamp" in line


def test_request_id_is_in_every_line_of_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines of one request can be found; lines of none have no id."""
    configure_logs(LogConfig(level="info", format="json"))
    token = correlation_id.set("req-1")
    structlog.get_logger("a").info("one")
    logging.getLogger("library").info("two")
    correlation_id.reset(token)
    structlog.get_logger("b").info("three")
    assert [line.get("request_id") for line in lines(capsys)] == ["req-1", "req-1", None]


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_level_is_set_for_all(
    capsys: pytest.CaptureFixture[str], level: Any, seen: list[str]
) -> None:
    """What is below the level is not written, by whomever."""
    configure_logs(LogConfig(level=level, format="json"))
    for name in ("debug", "info", "warning", "error"):
        getattr(structlog.get_logger("a"), name)("ours")
        getattr(logging.getLogger("library"), name)("theirs")
    written = [(line["event"], line["level"]) for line in lines(capsys)]
    assert written == [(event, name) for name in seen for event in ("ours", "theirs")]


def test_server_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """The web server's chatter at start and stop is left out, its errors are not."""
    configure_logs(LogConfig(level="debug", format="json"))
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("uvicorn.error").error("cannot bind")
    assert [line["event"] for line in lines(capsys)] == ["cannot bind"]


@pytest.mark.parametrize("form", ["json", "console"])
def test_traceback_shows_no_values(capsys: pytest.CaptureFixture[str], form: Any) -> None:
    """A stack trace names places, and none of the values there: they may be what was read."""
    configure_logs(LogConfig(level="info", format=form))
    text_of_the_page = "Dear " + "Ms. Okafor"
    try:
        int(text_of_the_page[:0])
    except ValueError:
        structlog.get_logger("a").exception("it broke")
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "Ms. Okafor" not in written


def test_console_is_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    """The other form is no JSON, and without colours where there is no terminal."""
    configure_logs(LogConfig(level="info", format="console"))
    structlog.get_logger("a").info("job ended", job_id="7")
    written = capsys.readouterr().err
    assert "job ended" in written
    assert "job_id=7" in written
    assert "\x1b" not in written
