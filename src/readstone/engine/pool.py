"""Warm worker processes that can be killed: a bounded line before them, a deadline on every task.

Each worker has a socket of its own, so whatever ends it, at whatever moment, is seen as a closed
connection and costs one task (README, Decision 1).
"""

import asyncio
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from pickle import UnpicklingError, loads
from time import monotonic
from typing import Any, Generic, TypeVar

import structlog

from readstone.engine import worker
from readstone.engine.line import Line, Ticket, queue_full
from readstone.errors import (
    BreaksEngine,
    DeadlineExceeded,
    Draining,
    EngineFailed,
    ReadstoneError,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

ATTEMPTS = 2
START_LIMIT_S = 30.0
IDLE_CHECK_S = 1.0
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
# From 1.29 on, onnxruntime tells its maker about every process and session that it works in.
NO_TELEMETRY = {"ORT_DISABLE_TELEMETRY": "1"}
# The documentation of pickle names these, "and other exceptions".
UNPICKLING_FAILURES = (
    UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0


class WorkerLost(Exception):
    """The process at the other end is gone."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a task returned, how long it waited, and how long it took."""

    value: T
    queue_s: float
    work_s: float


@dataclass(slots=True, eq=False)
class _Task:
    """One call on its way through the pool; who waits for it holds the answer."""

    message: bytes
    deadline_s: float
    answer: "asyncio.Future[Outcome[Any]]"
    queued_at: float = field(default_factory=monotonic)
    started_at: float | None = None
    attempts: int = 0

    def start(self) -> float:
        """Begin an attempt; return its time, in seconds of the monotonic clock."""
        self.attempts += 1
        self.started_at = monotonic()
        return self.started_at

    def succeed(self, value: Any) -> None:
        if not self.answer.done() and self.started_at is not None:
            queue_s, work_s = self.started_at - self.queued_at, monotonic() - self.started_at
            self.answer.set_result(Outcome(value, queue_s, work_s))

    def fail(self, error: ReadstoneError) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class _Worker:
    """The parent's end of one worker process."""

    def __init__(
        self,
        process: ForkServerProcess,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        scratch: Path,
        tasks_left: int,
    ) -> None:
        self.process = process
        self._reader = reader
        self._writer = writer
        self._scratch = scratch
        self._tasks_left = tasks_left

    async def become_warm(self) -> None:
        """Return when the worker has built its state; raise WorkerLost if it ends instead."""
        # Not wait_for: that of Python 3.11 loses a cancellation that meets the answer.
        async with asyncio.timeout(START_LIMIT_S):
            await self._answer()

    @property
    def is_usable(self) -> bool:
        """Whether it lives and has not done its share."""
        return self._tasks_left > 0 and not self._reader.at_eof()

    async def ask(self, message: bytes) -> Any:
        """Send a task and return its answer; raise what the task raised, or WorkerLost."""
        self._tasks_left -= 1
        with suppress(ConnectionError):  # a lost worker shows when its answer is read
            self._writer.write(message)
            await self._writer.drain()
        return await self._answer()

    async def _answer(self) -> Any:
        try:
            header = await self._reader.readexactly(worker.HEADER.size)
            answer = loads(await self._reader.readexactly(worker.HEADER.unpack(header)[0]))
        except (asyncio.IncompleteReadError, ConnectionError, *UNPICKLING_FAILURES) as error:
            self._tasks_left = 0
            raise WorkerLost from error
        if isinstance(answer, ReadstoneError):
            raise answer
        return answer

    def kill(self) -> None:
        """End the process and its children at once."""
        self._tasks_left = 0
        if self.process.pid is not None:
            with suppress(ProcessLookupError):  # not yet the leader of its group
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    async def end(self) -> None:
        """Kill the process, reap it, and remove its scratch folder."""
        self.kill()
        self._writer.close()
        await asyncio.to_thread(self.process.join)
        await asyncio.to_thread(shutil.rmtree, self._scratch, ignore_errors=True)


class EnginePool:
    """Runs functions in worker processes, each with a warm state built by `factory`.

    Args:
        factory: called once in every worker; its result is the first argument of each function.
        workers: number of processes.
        max_tasks: a worker is replaced after this many, so that no leak grows for ever.
        memory_bytes: of private data that a worker may hold.
        preload: modules that the fork server imports, so that a new worker starts at once.
    """

    def __init__(
        self,
        factory: Callable[[], Any],
        *,
        workers: int,
        max_tasks: int,
        memory_bytes: int,
        preload: tuple[str, ...] = (),
    ) -> None:
        self.size = workers
        self.factory = factory
        self._max_tasks = max_tasks
        self._memory_bytes = memory_bytes
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._line: Line[_Task] = Line(workers=workers)
        self._workers: list[_Worker] = []
        self._slots: list[asyncio.Task[None]] = []
        self._spawned = 0
        self._stopping = False

    @property
    def warm(self) -> int:
        """Number of workers that can take a task, or do one now."""
        return sum(each.is_usable for each in self._workers)

    @property
    def waiting(self) -> int:
        """Number of tasks that no worker has taken yet."""
        return len(self._line)

    @property
    def mean_work_s(self) -> float:
        """How long a task takes lately, in seconds."""
        return self._line.mean_s

    async def start(self) -> None:
        """Return when every worker is warm; raise EngineFailed when one cannot start."""
        # Read by the libraries when the fork server loads them.
        os.environ.update(ONE_THREAD | NO_TELEMETRY)
        self._scratch = Path(tempfile.mkdtemp(prefix="readstone-"))
        try:
            for _ in range(self.size):
                self._workers.append(await self._spawn())
        except (WorkerLost, TimeoutError) as error:
            await self.stop()
            raise EngineFailed(
                "an engine worker did not start; its words are in the log"
            ) from error
        self._slots = [asyncio.create_task(self._tend(slot)) for slot in range(self.size)]

    async def stop(self) -> None:
        """Refuse what waits, end what runs, and remove all workers."""
        self._stopping = True
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)
        for task in self._line.clear():
            task.fail(draining())
        await asyncio.gather(*(each.end() for each in self._workers))
        self._workers.clear()
        await asyncio.to_thread(shutil.rmtree, self._scratch, ignore_errors=True)

    async def run(
        self,
        function: Callable[..., T],
        *args: Any,
        deadline_s: float,
        ticket: Ticket,
    ) -> Outcome[T]:
        """Call `function(state, *args)` in a worker and return its outcome.

        Cancelling the caller ends the work at once. A lost worker costs the task an attempt of two.

        Args:
            deadline_s: time for the work itself; at its end the worker is killed.
            ticket: where to wait, and how long.
        Raises:
            QueueFull, CallerShare, Draining: the task was not started.
            DeadlineExceeded, BreaksEngine: the task was ended.
            ReadstoneError: whatever of the family the function raised.
        """
        if self._stopping:
            raise draining()
        loop = asyncio.get_running_loop()
        task = _Task(worker.frame((function, args)), deadline_s, loop.create_future())
        self._line.put(task, ticket)
        timer = loop.call_later(ticket.wait_s, self._send_away, task, ticket)
        try:
            return await task.answer
        finally:
            timer.cancel()
            if task.started_at is None:
                self._line.discard(task, ticket)

    def check_room(self, ticket: Ticket) -> None:
        """Raise QueueFull or CallerShare when a task with this ticket would be refused now."""
        self._line.check_room(ticket)

    def _send_away(self, task: _Task, ticket: Ticket) -> None:
        """Refuse a task that has waited too long."""
        if task.started_at is None:
            task.fail(queue_full(ticket, self._line.expected_wait_s(ticket.lane)))

    async def _tend(self, slot: int) -> None:
        """Keep one slot of the pool busy, task after task."""
        while True:
            await self._renew(slot)
            try:
                async with asyncio.timeout(IDLE_CHECK_S):
                    task = await self._line.take()
            except TimeoutError:
                continue
            try:
                await self._work(slot, task)
            finally:
                task.fail(draining())  # only a slot that was cancelled leaves a task unanswered

    async def _work(self, slot: int, task: _Task) -> None:
        """See to it that the task gets an answer from a worker of this slot."""
        while task.attempts < ATTEMPTS:
            await self._renew(slot)  # the worker may have been killed since it was last used
            if task.answer.done():
                return
            started_at = task.start()
            try:
                value = await self._ask(self._workers[slot], task)
            except WorkerLost:
                log.warning("engine worker lost", attempt=task.attempts)
                continue
            except ReadstoneError as error:
                task.fail(error)
            else:
                task.succeed(value)
            self._line.worked(monotonic() - started_at)
        task.fail(_breaks_engine())

    async def _ask(self, current: _Worker, task: _Task) -> Any:
        """Return the worker's answer; kill it when time is up or nobody waits any more."""
        asking = asyncio.ensure_future(current.ask(task.message))
        try:
            await asyncio.wait(
                {asking, task.answer},
                timeout=task.deadline_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not asking.done():
                raise _deadline_exceeded(task.deadline_s)
            return asking.result()
        finally:
            if not asking.done():
                asking.cancel()
                current.kill()

    async def _renew(self, slot: int) -> None:
        """Replace the worker of a slot unless it is usable; keep trying."""
        pause_s = FIRST_PAUSE_S
        while not self._workers[slot].is_usable:
            await self._workers[slot].end()
            try:
                self._workers[slot] = await self._spawn()
            except (WorkerLost, TimeoutError):
                log.error("engine worker does not start", retry_in_s=pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _spawn(self) -> _Worker:
        self._spawned += 1
        scratch = self._scratch / str(self._spawned)
        ours, theirs = socket.socketpair()
        with theirs:
            reader, writer = await asyncio.open_connection(sock=ours, limit=2**20)
            process = self._context.Process(
                target=worker.main, args=(theirs, self.factory, self._memory_bytes, scratch)
            )
            process.start()  # 2 ms; in a thread it could outlive a cancellation
        spawned = _Worker(process, reader, writer, scratch=scratch, tasks_left=self._max_tasks)
        try:
            await spawned.become_warm()
        except BaseException:
            await spawned.end()
            raise
        return spawned


def draining() -> Draining:
    """Return the refusal of work that comes while the service stops."""
    return Draining("the service is stopping; send the request again in a moment")


def _deadline_exceeded(deadline_s: float) -> DeadlineExceeded:
    return DeadlineExceeded(
        f"reading took longer than {deadline_s:g} s and was ended", limit=deadline_s
    )


def _breaks_engine() -> BreaksEngine:
    return BreaksEngine(f"{ATTEMPTS} engine workers ended while they read this; it was given up")
