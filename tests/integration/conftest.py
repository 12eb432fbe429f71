"""The service as a person runs it: a process of its own, with the real engine."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.fakes import picture

ROOT = Path(__file__).parents[2]
END_LIMIT_S = 30.0
TEXT = "Quince jam 42 jars"


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a service whose temporary files lie in a folder."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("READSTONE_")}
    given = {f"READSTONE_{name}".upper(): str(value) for name, value in settings.items()}
    path = {"PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(folder)}
    return ours | path | {"READSTONE_ENV": "local"} | given


def readstone(folder: Path, *verb: str, **settings: object) -> "subprocess.CompletedProcess[str]":
    """Return how `python -m readstone` ended."""
    return subprocess.run(
        [sys.executable, "-m", "readstone", *verb],
        cwd=ROOT,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
    )


class RunningService:
    """A service in a process of its own; what it leaves in `folder` is left behind."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        folder.mkdir()
        port = free_port()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "readstone", "serve", "--port", str(port)],
                cwd=ROOT,
                env=environment(folder, **settings),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        self.greeting = self.process.stdout.readline()
        assert self.greeting, self.log.read_text()
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def family(self) -> list[int]:
        """Return the ids of all its processes, told by their environment."""
        mark = f"TMPDIR={self.folder}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mark in entry.read_bytes().split(b"\0"):
                    found.append(int(entry.parent.name))
        return found

    def workers(self) -> list[int]:
        """Return the ids of its engine workers: each leads a session of its own."""
        return [pid for pid in self.family() if os.getsid(pid) == pid]

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send the service a signal."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Return the exit code once the service and all its processes have ended."""
        family = self.family()
        code = self.process.wait(END_LIMIT_S)
        for pid in family:
            with suppress(ProcessLookupError):
                select.select([os.pidfd_open(pid)], [], [], END_LIMIT_S)
        return code

    def discard(self) -> None:
        """Let go of it, whatever its state."""
        self.process.kill()
        self.process.communicate()
        self.client.close()

    def left(self) -> list[object]:
        """Return the processes and files that are still there."""
        return [*self.family(), *self.folder.iterdir()]


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    """Start a service with other settings; the test ends it."""
    with ExitStack() as stack:

        def started(**settings: object) -> RunningService:
            service = RunningService(tmp_path / "service", **settings)
            stack.callback(service.discard)
            return service

        yield started


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service that most tests share; it must end cleanly when they are done."""
    service = RunningService(tmp_path_factory.mktemp("shared") / "service")
    yield service
    service.signal()
    code = service.end()
    service.discard()
    assert code == 0
    assert service.left() == []
    assert TEXT not in service.log.read_text()


@pytest.fixture
def http(running: RunningService) -> httpx2.Client:
    """A client of the shared service."""
    return running.client


@pytest.fixture(scope="session")
def line() -> bytes:
    """A picture with one line of text."""
    return picture(text=TEXT, size=(400, 60))


@pytest.fixture(scope="session")
def long_work() -> bytes:
    """A picture that takes some seconds to read."""
    image = Image.new("L", (2_400, 1_700), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(24)
    words = "the quick brown fox jumps over the lazy dog and back again " * 3
    for row in range(46):
        draw.text((40, 20 + row * 36), f"{row} {words}", 0, font)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
