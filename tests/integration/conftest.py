"""The service as a person runs it: a process of its own, with the real engine."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.fakes import picture

ROOT = Path(__file__).parents[2]
END_LIMIT_S = 30.0
# Between two looks at a service; looking all the time would slow it down.
PAUSE_S = 0.05
# More than a worker needs to get ready, in hundredths of a second.
DEEP_TICKS = 40
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
    fixed = {
        "READSTONE_ENV": "local",
        # Nothing comes from the cache: each request is to meet a worker, and one of those that
        # are there from the start.
        "READSTONE_CACHE__MAX_BYTES": "0",
        "READSTONE_OCR__SECOND_ENGINE": "off",
    }
    return ours | path | fixed | given


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
    """A service in a process of its own, with a folder of its own for temporary files."""

    def __init__(self, folder: Path, log: Path, **settings: object) -> None:
        self.folder, self.log = folder, log
        port = free_port()
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "readstone", "serve", "--port", str(port)],
                cwd=ROOT,
                env=environment(self.folder, **settings),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self.greeting = self.process.stdout.readline()

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

    def lives_for(self, seconds: float) -> bool:
        """Whether it still runs after this time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

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

    def left(self) -> list[object]:
        """Return the processes and files that are still there."""
        return [*self.family(), *self.folder.iterdir()]


def cpu_ticks(pid: int) -> int:
    """Return the processor time that a process has used."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def busy_worker(service: RunningService) -> int:
    """Return the id of a worker that is deep in work; other requests are answered meanwhile."""
    first: dict[int, int] = {}
    while service.lives_for(PAUSE_S):
        assert service.client.get("/health").status_code == 200
        for pid in service.workers():
            with suppress(FileNotFoundError):
                ticks = cpu_ticks(pid)
                if ticks > first.setdefault(pid, ticks) + DEEP_TICKS:
                    return pid
    raise AssertionError("the service has ended")


def is_read(client: httpx2.Client, data: bytes) -> bool:
    """Whether a picture is read as it should be."""
    return client.post("/v2/ocr?format=text", content=data).text == TEXT


@contextmanager
def run_service(log: Path, **settings: object) -> Iterator[RunningService]:
    """Start a service, and let go of it at the end, whatever its state."""
    # In /tmp, since the address of a Unix socket has at most 107 characters.
    with TemporaryDirectory(prefix="readstone-test-", dir="/tmp") as folder:
        service = RunningService(Path(folder), log, **settings)
        try:
            assert service.greeting, log.read_text()
            yield service
        finally:
            service.client.close()
            service.process.kill()
            service.process.communicate()


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    """Start a service with other settings; the test ends it."""
    with ExitStack() as stack:

        def started(**settings: object) -> RunningService:
            return stack.enter_context(run_service(tmp_path / "log", **settings))

        yield started


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service that most tests share; it must end cleanly when they are done."""
    with run_service(tmp_path_factory.mktemp("shared") / "log") as service:
        yield service
        service.signal()
        assert (service.end(), service.left()) == (0, [])
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
    return long_picture()


def long_picture() -> bytes:
    """Return a picture that takes some seconds to read."""
    image = Image.new("L", (2_400, 3_300), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(24)
    words = "the quick brown fox jumps over the lazy dog and back again " * 3
    for row in range(90):
        draw.text((40, 20 + row * 36), f"{row} {words}", 0, font)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
