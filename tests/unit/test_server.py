"""Tests of server.py: what is said at the start, and how the service stops."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx2
import psutil
import pytest
import uvicorn

from readstone import __version__, desk
from readstone.app import create_app
from readstone.config import load_config
from readstone.parts import Parts
from readstone.server import DrainingServer, greeting, switched_off
from readstone.settings import AppConfig
from tests.unit.processes import until
from tests.unit.stand_ins import build_stand_ins, picture

TOKENS = {"AUTH__TOKENS": "alice:password1"}


def config(**settings: str) -> AppConfig:
    """Return the local configuration with these settings."""
    return load_config({f"READSTONE_{name}": value for name, value in settings.items()})


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A service on a port of its own, within this process."""

    def __init__(self, settings: AppConfig) -> None:
        self.app = create_app(settings, build_stand_ins)
        self.server = DrainingServer(
            uvicorn.Config(self.app, port=settings.server.port, log_config=None)
        )
        self.url = f"http://127.0.0.1:{settings.server.port}"
        self.serving = asyncio.create_task(self.server.serve())

    @property
    def parts(self) -> Parts:
        """What the service works with."""
        parts: Parts = self.app.state.parts
        return parts

    async def submit(self) -> str:
        """Give the service a job that cannot run yet; return its id."""
        job = desk.new_job(self.parts, "alice", "ocr", picture(), {})
        await desk.accept(self.parts, job, picture())
        await self.parts.runner.submit(job.id)
        return job.id


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A service that has started; its jobs are kept in a folder."""
    kept = {"JOBS__STORE": "database", "DATA__FOLDER": str(tmp_path), "DATA__FLOOR_BYTES": "0"}
    service = Running(config(SERVER__PORT=str(free_port()), SERVER__GRACE_S="30", **kept))
    await until(lambda: service.server.started)
    yield service
    service.server.should_exit = True
    await asyncio.wait_for(service.serving, 10)
    await service.parts.database.close()  # a test may have looked into it after the end


async def greeted(**settings: str) -> str:
    """Return what a service with these settings says at its start."""
    parts = await build_stand_ins(config(**settings))
    await parts.close()
    return greeting(parts)


async def hold(service: Running) -> asyncio.Event:
    """Let the work of the service wait for a word."""
    word, run = asyncio.Event(), service.parts.pool.run

    async def run_later(*args: object, **given: object) -> object:
        await word.wait()
        return await run(*args, **given)  # type: ignore[arg-type]

    service.parts.pool.run = run_later  # type: ignore[method-assign, assignment]
    return word


@pytest.mark.anyio
async def test_greeting_says_how_to_begin() -> None:
    """Address, engine, one line to try, and what is off."""
    said = await greeted()
    assert said.startswith(f"Readstone {__version__} listens at http://127.0.0.1:8000\n")
    assert "eng, fra with one word 1.0, 2 at a time" in said
    assert "curl -F file=@testdata/" in said
    assert "'http://127.0.0.1:8000/v2/ocr?format=text'" in said
    assert "docs    http://127.0.0.1:8000/docs" in said


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("localhost", "http://localhost:8000"),
        ("10.1.2.3", "http://10.1.2.3:8000"),
    ],
)
async def test_greeting_shows_an_address_that_works_here(host: str, url: str) -> None:
    """An address for all interfaces cannot be called; one of IPv6 stands in brackets."""
    said = await greeted(SERVER__HOST=host, **TOKENS)
    assert f"listens at {url}\n" in said


@pytest.mark.anyio
async def test_greeting_shows_no_token() -> None:
    """The line to try says that a token is needed, and not which."""
    said = await greeted(**TOKENS)
    assert '-H "Authorization: Bearer $TOKEN" ' in said
    assert "password1" not in said


@pytest.mark.anyio
async def test_greeting_leaves_out_what_is_off() -> None:
    """Without documentation there is no address of it."""
    said = await greeted(DOCS__ACTIVE="false")
    assert "  docs " not in said
    assert "/docs" in said.splitlines()[-1]


def test_what_is_off_is_said_in_words() -> None:
    """Each switch that is off has its words; those that are on have none."""
    shipped = switched_off(config())
    assert len(shipped) == 3
    assert any("whoever reaches the port" in words for words in shipped)
    off = switched_off(config(ECHO__ACTIVE="false", DOCS__ACTIVE="false"))
    assert set(off) - set(shipped) == {"POST /img-echo/", "/docs"}
    on = switched_off(config(ORIGINS__ALLOWED="https://a.example", **TOKENS))
    assert on == ["jobs that survive a restart"]


@pytest.mark.anyio
async def test_first_signal_lets_jobs_end(running: Running) -> None:
    """New work is refused, questions are answered, accepted jobs end; then the service stops."""
    word = await hold(running)
    job_id = await running.submit()
    running.server.handle_exit(signal.SIGTERM, None)
    async with httpx2.AsyncClient(base_url=running.url) as client:
        refused = await client.post("/v2/ocr", files={"file": picture()})
        assert refused.status_code == 503
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/ready")).status_code == 503
    assert not running.server.should_exit
    word.set()
    await asyncio.wait_for(running.serving, 10)
    assert (await running.parts.jobs.load(job_id)).status == "succeeded"
    assert running.parts.pool.warm == 0


@pytest.mark.anyio
async def test_second_signal_stops_at_once(running: Running) -> None:
    """Who asks twice does not wait for jobs; they are there at the next start."""
    await hold(running)
    job_id = await running.submit()
    running.server.handle_exit(signal.SIGTERM, None)
    running.server.handle_exit(signal.SIGINT, None)
    running.server._captured_signals.clear()  # it would be raised again, and end the tests
    await asyncio.wait_for(running.serving, 10)
    assert (await running.parts.jobs.load(job_id)).status == "queued"


@pytest.mark.anyio
async def test_stop_without_jobs_is_immediate(running: Running) -> None:
    """A service with nothing to do stops at the first signal."""
    running.server.handle_exit(signal.SIGTERM, None)
    await asyncio.wait_for(running.serving, 5)


@pytest.mark.anyio
async def test_start_is_told_to_a_person(
    capsys: pytest.CaptureFixture[str], running: Running
) -> None:
    """The greeting comes when requests are answered, on standard output."""
    async with httpx2.AsyncClient(base_url=running.url) as client:
        assert (await client.get("/health")).status_code == 200
    assert f"listens at {running.url}\n" in capsys.readouterr().out


def started(*words: str, **settings: str) -> subprocess.Popen[str]:
    """Return a real service, started as a person would."""
    environment = {name: value for name, value in os.environ.items() if "READSTONE" not in name}
    environment |= {f"READSTONE_{name}": value for name, value in settings.items()}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        [sys.executable, "-m", "readstone", "serve", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_service_starts_and_stops_by_signal() -> None:
    """It greets when it is ready, and ends with 0 and without children at SIGTERM."""
    with started("--port", str(free_port()), OCR__WORKERS="1") as service:
        assert service.stdout is not None
        assert service.stdout.readline().startswith(f"Readstone {__version__} listens at ")
        children = psutil.Process(service.pid).children(recursive=True)
        assert children
        service.send_signal(signal.SIGTERM)
        _, said = service.communicate(timeout=20)
    assert service.returncode == 0
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


def test_taken_port_is_a_failure() -> None:
    """A service that cannot listen says so and leaves no worker."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with started("--port", port, OCR__WORKERS="1", LOG__FORMAT="json") as service:
            printed, said = service.communicate(timeout=30)
    assert service.returncode > 0
    assert "address already in use" in said
    assert "listens at" not in printed


def test_engine_that_cannot_start_is_told_in_one_line(tmp_path: os.PathLike[str]) -> None:
    """Without language data there is no service, and the remedy is told."""
    with started(OCR__TESSDATA=str(tmp_path), SERVER__PORT=str(free_port())) as service:
        _, said = service.communicate(timeout=30)
    assert service.returncode == 2
    (line,) = said.splitlines()
    assert "ocr.tessdata" in line
