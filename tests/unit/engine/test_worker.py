"""Tests of engine/worker.py: one real worker process at the other end of a socket."""

import multiprocessing
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from pickle import loads
from typing import Any

import pytest

from readstone.engine import worker
from readstone.errors import ImageTooLarge, TooCostly
from tests.unit.engine import failures

MEMORY_BYTES = 2**28


class Worker:
    """A worker process, and this end of its connection."""

    def __init__(self, factory: Callable[[], Any], scratch: Path) -> None:
        self.end, theirs = socket.socketpair()
        self.end.settimeout(30)
        self.process: ForkServerProcess = multiprocessing.get_context("forkserver").Process(
            target=worker.main, args=(theirs, factory, MEMORY_BYTES, scratch)
        )
        self.process.start()
        theirs.close()

    def ask(self, function: Callable[..., Any], *args: Any) -> Any:
        """Send a task and return its answer."""
        self.end.sendall(worker.frame((function, args)))
        return self.answer()

    def answer(self) -> Any:
        """Return the next message; raise EOFError when there is none."""
        return loads(self._read(worker.HEADER.unpack(self._read(worker.HEADER.size))[0]))

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            if not (part := self.end.recv(count - len(data))):
                raise EOFError
            data += part
        return data

    def close(self) -> None:
        """End the process."""
        self.end.close()
        self.process.kill()
        self.process.join()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers that end with the test."""
    with ExitStack() as workers:

        def begin(factory: Callable[[], Any] = failures.build) -> Worker:
            begun = Worker(factory, tmp_path / "scratch")
            workers.callback(begun.close)
            return begun

        yield begin


def limits(state: Any) -> dict[str, Any]:
    """Return what holds the process back; called in the worker."""
    return {
        "data": resource.getrlimit(resource.RLIMIT_DATA),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "session": os.getsid(0) == os.getpid(),
        "term": signal.getsignal(signal.SIGTERM) is signal.SIG_DFL,
    }


def test_frame_is_length_and_pickle() -> None:
    """A message can be cut out of a stream."""
    data = worker.frame({"a": 1})
    (length,) = worker.HEADER.unpack(data[: worker.HEADER.size])
    assert length == len(data) - worker.HEADER.size
    assert loads(data[worker.HEADER.size :]) == {"a": 1}


def test_worker_says_when_it_is_ready(start: Callable[..., Worker]) -> None:
    """Nothing is answered before the state is built."""
    begun = start()
    assert begun.answer() is None
    assert begun.ask(failures.whoami) == begun.process.pid


def test_worker_is_bounded(start: Callable[..., Worker], tmp_path: Path) -> None:
    """Memory and core files are limited, its signals are its own, its scratch folder exists."""
    begun = start()
    begun.answer()
    assert begun.ask(limits) == {
        "data": (MEMORY_BYTES, MEMORY_BYTES),
        "core": (0, 0),
        "session": True,
        "term": True,
    }
    assert begun.ask(failures.surroundings)["scratch"] == str(tmp_path / "scratch")


def test_worker_answers_task_after_task(start: Callable[..., Worker]) -> None:
    """Values and errors of ours are answers; after both the next task is done."""
    begun = start()
    begun.answer()
    assert begun.ask(failures.answer, "one") == "one"
    error = begun.ask(failures.refuse, ImageTooLarge("send less", limit=1))
    assert (type(error), error.facts) == (ImageTooLarge, {"limit": 1})
    assert isinstance(begun.ask(failures.eat), TooCostly)
    assert begun.ask(failures.answer, "two") == "two"


def test_worker_ends_with_its_connection(start: Callable[..., Worker]) -> None:
    """A worker whose pool has gone ends by itself, and well."""
    begun = start()
    begun.answer()
    begun.end.close()
    begun.process.join(10)
    assert begun.process.exitcode == 0


@pytest.mark.parametrize("function", [failures.crash_unforeseen, failures.answer_unpicklable])
def test_unforeseen_exception_ends_the_worker(
    start: Callable[..., Worker], tmp_path: Path, function: Callable[..., Any]
) -> None:
    """What is none of ours closes the connection instead of an answer."""
    begun = start()
    begun.answer()
    with pytest.raises(EOFError):
        begun.ask(function, tmp_path)
    begun.process.join(10)
    assert begun.process.exitcode == 1


def test_failing_factory_ends_the_worker(start: Callable[..., Worker]) -> None:
    """A worker that cannot be built never says that it is ready."""
    with pytest.raises(EOFError):
        start(failures.build_nothing).answer()
