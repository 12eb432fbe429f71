"""A look at the processes of the machine, and patience until they are as they should be."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import psutil

LIMIT_S = 15.0


async def until(claim: Callable[[], object], *, limit_s: float = LIMIT_S) -> None:
    """Return as soon as the claim holds; fail when it does not within the limit."""
    end = monotonic() + limit_s
    while not claim():
        assert monotonic() < end, f"still not so after {limit_s:g} s"
        await asyncio.sleep(0.005)


def is_running(pid: int) -> bool:
    """Say whether a process exists and is not merely waiting to be reaped."""
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def worker_pids(owner: int | None = None) -> set[int]:
    """Return the engine workers of a process: those below it that lead a session."""
    found = set()
    for process in psutil.Process(owner).children(recursive=True):
        with suppress(ProcessLookupError):
            if os.getsid(process.pid) == process.pid and is_running(process.pid):
                found.add(process.pid)
    return found
