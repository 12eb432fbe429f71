"""Everything that can go wrong in a worker, as functions that a pool runs."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Never

from readstone.errors import ReadstoneError

C_WITH_GIL = ctypes.PyDLL(None)  # no other thread of the process runs while it is in C


class Unloadable:
    """Can be pickled, and fails where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("rubbish",)


def build() -> int:
    """Return the state of a worker: the process that built it."""
    return os.getpid()


def build_nothing() -> Never:
    """Fail as an engine does whose data is missing."""
    raise RuntimeError("there is no language data")


def build_for_ever() -> None:
    """Hang before there is any state."""
    C_WITH_GIL.sleep(600)


def build_once(notes: Path) -> int:
    """Build a state the first time, and fail ever after."""
    (notes / "built").touch(exist_ok=False)
    return os.getpid()


def build_slowly(notes: Path) -> int:
    """Take a moment from the second time on, so that a test can meet it."""
    begin(os.getpid(), notes)
    if len(list(notes.iterdir())) > 1:
        C_WITH_GIL.usleep(700_000)
    return os.getpid()


def begin(pid: int, notes: Path) -> None:
    """Leave a note that this process is at work."""
    (notes / str(pid)).touch()


def answer(pid: int, value: Any = None) -> Any:
    """Go well."""
    return value


def whoami(pid: int) -> int:
    """Return the process that built the state."""
    return pid


def surroundings(pid: int) -> dict[str, Any]:
    """Return what a worker finds around itself."""
    return {
        "pid": os.getpid(),
        "scratch": tempfile.gettempdir(),
        "threads": os.environ.get("OMP_THREAD_LIMIT"),
        "group": os.getpgrp(),
    }


def hang(pid: int, notes: Path) -> None:
    """Sleep in C code, deaf to polite signals."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGALRM})
    begin(pid, notes)
    C_WITH_GIL.sleep(600)


def hang_the_first_time(pid: int, notes: Path) -> int:
    """Hang in one worker, and answer in the next."""
    if any(notes.iterdir()):
        return pid
    return hang(pid, notes) or pid


def hang_with_child(pid: int, notes: Path) -> None:
    """Start a program, as the pytesseract binding does, and hang."""
    begin(subprocess.Popen(["sleep", "600"]).pid, notes)
    C_WITH_GIL.sleep(600)


def leave_child(pid: int, notes: Path) -> None:
    """Start a program and crash."""
    begin(subprocess.Popen(["sleep", "600"]).pid, notes)
    os._exit(1)


def litter(pid: int) -> None:
    """Leave a file in the folder for temporary files, and crash."""
    Path(tempfile.mkstemp()[1]).write_bytes(b"what was read")
    os._exit(1)


def crash_abort(pid: int, notes: Path) -> None:
    """Die as a C++ program dies of an exception."""
    begin(pid, notes)
    os.abort()


def crash_exit(pid: int, notes: Path) -> None:
    """End without a word, as if all were well."""
    begin(pid, notes)
    os._exit(0)


def crash_kill(pid: int, notes: Path) -> None:
    """Die as the kernel's out-of-memory killer would have it."""
    begin(pid, notes)
    os.kill(os.getpid(), signal.SIGKILL)


def crash_segfault(pid: int, notes: Path) -> None:
    """Read where nothing is."""
    begin(pid, notes)
    ctypes.string_at(0)


def crash_leave(pid: int, notes: Path) -> None:
    """Call for the end of the interpreter."""
    begin(pid, notes)
    sys.exit(3)


def crash_unforeseen(pid: int, notes: Path) -> None:
    """Raise what is none of ours."""
    begin(pid, notes)
    raise RuntimeError("nobody thought of this")


def answer_unpicklable(pid: int, notes: Path) -> Any:
    """Answer what cannot be sent."""
    begin(pid, notes)
    return lambda: None


def answer_unloadable(pid: int) -> Unloadable:
    """Answer what can be sent and not be received."""
    return Unloadable()


def answer_noise(pid: int) -> None:
    """Write over the connection what is no frame."""
    for end in Path("/proc/self/fd").iterdir():
        if end.is_socket():
            os.write(int(end.name), b"rubbish" * 10)
    C_WITH_GIL.sleep(600)


def eat(pid: int) -> Never:
    """Take memory until it is refused."""
    eaten = []
    while True:
        eaten.append(bytearray(2**22))


def refuse(pid: int, error: ReadstoneError) -> Never:
    """Raise one of ours."""
    raise error
