"""A service under measurement: its process tree, and a client that costs next to nothing."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

CLIENTS = 4
START_LIMIT_S = 60.0
BOUNDARY = "----------------------------bench7d1f0a93c25e"
IS_FILE = '; filename="picture.png"\r\nContent-Type: image/png'
ROOT = Path(__file__).parent.parent.parent


class Client:
    """One keep-alive connection that sends requests made in advance."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> str:
        """Return the body of the answer; RuntimeError when it is not a 200."""
        self.socket.sendall(request)
        answer = b""
        while (head_end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._more()
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", answer[: head_end + 2])
        end = head_end + 4 + int(length[1] if length else 0)
        while len(answer) < end:
            answer += self._more()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:1000].decode(errors="replace"))
        return answer[head_end + 4 :].decode()

    def _more(self) -> bytes:
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionResetError("the service closed the connection")
        return received


@dataclass
class Service:
    """An HTTP service with a process tree of its own.

    Attributes:
        command: of python, without `-m`; `{port}` is replaced.
        ready: path that answers 200 once the service can work.
        route: path that takes a multipart file and answers with its text, plain or in JSON.
        file_field, fields: the name of the part that is the file, and the other parts.
    """

    name: str
    command: tuple[str, ...]
    ready: str
    route: str
    env: dict[str, str] = field(default_factory=dict)
    file_field: str = "file"
    fields: dict[str, str] = field(default_factory=dict)
    port: int = field(init=False)
    process: "subprocess.Popen[bytes]" = field(init=False)

    @property
    def log(self) -> Path:
        """Where the service writes what it prints."""
        return ROOT / ".cache" / "bench" / f"{self.name}.log"

    def start(self, **env: str) -> float:
        """Start the service and return, once it is ready, the CPU seconds that this took."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        clean = {name: value for name, value in os.environ.items() if name != "OMP_THREAD_LIMIT"}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.arguments(),
                cwd=ROOT,
                env=clean | self.env | env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_ready()
        return self.cpu_s()

    def arguments(self) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", *(part.format(port=self.port) for part in self.command)]

    def imported_modules(self) -> set[str]:
        """Return what was imported; the service must run with PYTHONPROFILEIMPORTTIME=1."""
        return set(re.findall(r"import time:.*\| +(\S+)", self._printed()))

    def stop(self) -> None:
        """End every process of the service."""
        pids = self._pids()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def block(self, files: list[bytes]) -> float:
        """Return the seconds in which the clients, each waiting for its answers, had all texts."""
        requests = iter([self._request(data) for data in files])  # next() of a list is atomic
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(Client(self.port)) for _ in range(CLIENTS)]
            threads = stack.enter_context(ThreadPoolExecutor(CLIENTS))
            start = time.perf_counter()
            list(threads.map(lambda client: [client.ask(one) for one in requests], clients))
            return time.perf_counter() - start

    def ask(self, data: bytes) -> tuple[float, str]:
        """Return the seconds until the answer was there, and the answer."""
        request = self._request(data)
        with Client(self.port) as client:
            client.ask(self._ready_request())  # so that the connection is an old one
            start = time.perf_counter()
            text = client.ask(request)
            return time.perf_counter() - start, text

    def cpu_s(self) -> float:
        """Return the CPU seconds that all processes have used up to now."""
        return sum(cpu_s_of(pid) for pid in self._pids())

    def memory_mb(self) -> tuple[float, float]:
        """Return RSS and PSS of all processes; RSS counts a shared page once per process."""
        sizes = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self._pids()]
        rss, pss = (
            sum(int(re.findall(rf"\n{kind}: +(\d+) kB", size)[0]) for size in sizes)
            for kind in ("Rss", "Pss")
        )
        return rss * 1024 / 1e6, pss * 1024 / 1e6

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, RuntimeError), Client(self.port) as client:
                client.ask(self._ready_request())
                return
            time.sleep(0.02)  # another process is being waited for
        self.stop()
        raise RuntimeError(f"{self.name} does not start:\n{self._printed()[-2000:]}")

    def _printed(self) -> str:
        return self.log.read_text(errors="replace")

    def _pids(self) -> list[int]:
        """Return the process and all that descend from it, whatever session they are in."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                parents[int(folder.name)] = int(_stat(int(folder.name))[1])
        tree = [self.process.pid]
        for pid in tree:  # grows on the way
            tree += [child for child, parent in parents.items() if parent == pid]
        return tree

    def _ready_request(self) -> bytes:
        return f"GET {self.ready} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    def _request(self, data: bytes) -> bytes:
        parts = [_part(name, text.encode()) for name, text in self.fields.items()]
        parts.append(_part(self.file_field, data, about=IS_FILE))
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        head = (
            f"POST {self.route} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        return head.encode() + body


def _part(name: str, data: bytes, *, about: str = "") -> bytes:
    """Return a part of a form."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{about}\r\n\r\n'
    return head.encode() + data + b"\r\n"


def _stat(pid: int) -> list[str]:
    """Return the fields of proc(5)'s stat from the third on: state, parent, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_s_of(pid: int) -> float:
    """Return what the process and its ended children have used."""
    return sum(map(int, _stat(pid)[11:15])) / os.sysconf("SC_CLK_TCK")
