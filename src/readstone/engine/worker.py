"""The life of one worker process: prepare, then answer one task after another."""

import ctypes
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from readstone.errors import ReadstoneError, TooCostly

HEADER = struct.Struct("!Q")
PR_SET_PDEATHSIG = 1


def frame(message: object) -> bytes:
    """Return a message as bytes on the wire: its length, then its pickle."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(body)) + body


def main(
    connection: socket.socket, factory: Callable[[], Any], memory_bytes: int, scratch: Path
) -> None:
    """Build the worker's state once, say so, and answer tasks until the other side closes.

    A task is `(function, args)` and called as `function(state, *args)`. The answer is its result or
    the ReadstoneError it raised. Any other exception is a crash: it ends this process, and the
    pool sees the connection close.
    """
    _live_and_die_alone(memory_bytes, scratch)
    _silence_libraries()
    state = factory()
    connection.sendall(frame(None))
    with connection.makefile("rb") as tasks:
        while header := tasks.read(HEADER.size):
            function, args = pickle.loads(tasks.read(HEADER.unpack(header)[0]))
            connection.sendall(frame(_answer(function, state, args)))


def _answer(function: Callable[..., Any], state: Any, args: tuple[Any, ...]) -> Any:
    try:
        return function(state, *args)
    except ReadstoneError as error:
        return error
    except MemoryError:
        return TooCostly(
            "reading this takes more memory than one worker may use; send a smaller picture",
            setting="ocr.worker_memory_mb",
        )


def _silence_libraries() -> None:
    """Keep what C libraries print out of the service's log; a Python traceback still gets there."""
    sys.stderr = os.fdopen(os.dup(2), "w")
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)


def _live_and_die_alone(memory_bytes: int, scratch: Path) -> None:
    """Lead a process group, so that children die with the worker, and die with the service."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A worker's copy of this would keep the fork server, its parent, alive after the service.
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # DATA and not AS: mapped models and libraries are shared, and do not count.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    scratch.mkdir()
    tempfile.tempdir = str(scratch)
