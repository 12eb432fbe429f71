"""Tests of engine/pool.py: whatever happens in a worker, the others go on."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from multiprocessing.context import ForkServerProcess
from multiprocessing.util import get_temp_dir
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest

from readstone import errors
from readstone.engine import pool as pool_module
from readstone.engine.line import CAUTION, Lane, Ticket
from readstone.engine.pool import EnginePool, Outcome
from readstone.errors import (
    BreaksEngine,
    CallerShare,
    DeadlineExceeded,
    Draining,
    EngineFailed,
    QueueFull,
    ReadstoneError,
    TooCostly,
)
from tests.unit.engine import failures
from tests.unit.processes import is_running, until, worker_pids

pytestmark = pytest.mark.anyio

OpenPool = Callable[..., Awaitable[EnginePool]]
GIB = 2**30
DEFAULTS = {
    "workers": 1,
    "max_tasks": 100,
    "memory_bytes": GIB,
    "preload": ("tests.unit.engine.failures",),
}
FAMILY = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ReadstoneError)
]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which pools make their scratch folders."""
    get_temp_dir()  # that of multiprocessing, which stays for the life of the process
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder in which each process that works leaves its number."""
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
async def open_pool(scratch: Path) -> AsyncIterator[OpenPool]:
    """Starts pools; at the end nothing may be left of them."""
    async with AsyncExitStack() as pools:

        async def start(factory: Callable[[], Any] = failures.build, **given: Any) -> EnginePool:
            pool = EnginePool(factory, **(DEFAULTS | given))
            pools.push_async_callback(pool.stop)
            await pool.start()
            return pool

        yield start
    assert not worker_pids()
    assert not list(scratch.iterdir())


def run(
    pool: EnginePool,
    function: Callable[..., Any],
    *args: Any,
    deadline_s: float = 60.0,
    wait_s: float = 60.0,
    lane: Lane = Lane.NOW,
    queue: str = "",
) -> Any:
    """Call `pool.run` with ample time."""
    return pool.run(function, *args, deadline_s=deadline_s, ticket=Ticket(lane, wait_s, queue))


async def busy(pool: EnginePool, notes: Path) -> "asyncio.Task[Outcome[None]]":
    """Return a call that hangs in a worker by now."""
    already = len(list(notes.iterdir()))
    call = asyncio.create_task(run(pool, failures.hang, notes))
    await until(lambda: len(list(notes.iterdir())) > already)
    return call


def pids(notes: Path) -> list[int]:
    """Return the processes that left a note."""
    return [int(note.name) for note in notes.iterdir()]


async def test_function_meets_the_state_of_its_worker(open_pool: OpenPool) -> None:
    """A function is called in another process, with what the factory built there."""
    pool = await open_pool()
    built_in = (await run(pool, failures.whoami)).value
    assert built_in in worker_pids()
    assert built_in != os.getpid()


async def test_outcome_says_how_long_it_waited_and_took(open_pool: OpenPool) -> None:
    """The value comes with its times, which are part of the time the caller saw."""
    pool = await open_pool()
    began = monotonic()
    outcome = await run(pool, failures.answer, {"lines": ("one", "two")})
    assert outcome.value == {"lines": ("one", "two")}
    assert outcome.queue_s >= 0
    assert outcome.work_s > 0
    assert outcome.queue_s + outcome.work_s <= monotonic() - began


async def test_large_pictures_and_answers_come_through(open_pool: OpenPool) -> None:
    """A message may be far larger than the buffer of a socket."""
    picture = os.urandom(25_000_000)
    pool = await open_pool()
    assert (await run(pool, failures.answer, picture)).value == picture


async def test_worker_has_a_place_of_its_own(open_pool: OpenPool, scratch: Path) -> None:
    """A worker leads its group, uses one thread and writes where the pool removes it."""
    pool = await open_pool()
    found = (await run(pool, failures.surroundings)).value
    assert found["pid"] == found["group"]
    assert found["threads"] == "1"
    assert scratch in Path(found["scratch"]).parents


async def test_tasks_run_side_by_side(open_pool: OpenPool, notes: Path) -> None:
    """While one worker hangs, the other does the work of the rest."""
    pool = await open_pool(workers=2)
    call = await busy(pool, notes)
    answers = await asyncio.gather(*(run(pool, failures.answer, n) for n in range(20)))
    assert [outcome.value for outcome in answers] == list(range(20))
    assert not call.done()
    call.cancel()


async def test_deadline_ends_the_work(open_pool: OpenPool, notes: Path) -> None:
    """At the deadline the worker is killed, even in C code, and its task is not tried again."""
    pool = await open_pool()
    began = monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        await run(pool, failures.hang, notes, deadline_s=0.3)
    assert 0.3 <= monotonic() - began < 1.3
    assert caught.value.facts == {"limit": 0.3}
    await until(lambda: not is_running(pids(notes)[0]), limit_s=1)
    assert (await run(pool, failures.whoami)).value not in pids(notes)
    assert len(pids(notes)) == 1


async def test_deadline_is_for_the_work_and_not_for_the_wait(
    open_pool: OpenPool, notes: Path
) -> None:
    """A task that waited longer than its deadline still has all its time."""
    pool = await open_pool()
    first = asyncio.create_task(run(pool, failures.hang, notes, deadline_s=0.5))
    await until(lambda: pids(notes))
    assert (await run(pool, failures.answer, "late", deadline_s=0.4)).value == "late"
    with pytest.raises(DeadlineExceeded):
        await first


async def test_cancelling_the_caller_ends_the_work(open_pool: OpenPool, notes: Path) -> None:
    """A client that leaves frees its worker within a second."""
    pool = await open_pool()
    call = await busy(pool, notes)
    call.cancel()
    await until(lambda: not is_running(pids(notes)[0]), limit_s=1)
    assert call.cancelled()
    assert (await run(pool, failures.answer, "next")).value == "next"


async def test_cancelled_task_leaves_the_line(open_pool: OpenPool, notes: Path) -> None:
    """Work that nobody waits for any more is never begun."""
    pool = await open_pool()
    first = await busy(pool, notes)
    second = asyncio.create_task(run(pool, failures.hang, notes))
    await until(lambda: pool.waiting == 1)
    second.cancel()
    await until(lambda: pool.waiting == 0)
    first.cancel()
    assert (await run(pool, failures.answer, "third")).value == "third"
    assert len(pids(notes)) == 1


async def test_idle_worker_that_is_killed_is_replaced(open_pool: OpenPool) -> None:
    """Somebody kills a worker by hand, and the next task does not notice."""
    pool = await open_pool()
    (pid,) = worker_pids()
    os.kill(pid, signal.SIGKILL)
    assert (await run(pool, failures.whoami)).value != pid
    assert pool.warm == 1


async def test_idle_workers_that_are_killed_are_replaced_without_a_task(
    open_pool: OpenPool,
) -> None:
    """A service whose workers have gone is ready again before anybody asks, since nobody would."""
    pool = await open_pool(workers=2)
    killed = worker_pids()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    await until(lambda: pool.warm == 0)
    await until(lambda: pool.warm == 2)
    assert not killed & worker_pids()


async def test_fork_server_that_is_killed_is_replaced(open_pool: OpenPool) -> None:
    """The process from which workers come may die as well."""
    pool = await open_pool()
    (pid,) = worker_pids()
    psutil.Process(pid).parent().kill()  # type: ignore[union-attr]
    await until(lambda: not is_running(pid))
    assert (await run(pool, failures.whoami)).value != pid


async def test_worker_killed_at_work_costs_one_attempt(open_pool: OpenPool, notes: Path) -> None:
    """A task is done all the same when its first worker is killed from outside."""
    pool = await open_pool()
    call = asyncio.create_task(run(pool, failures.hang_the_first_time, notes))
    await until(lambda: pids(notes))
    os.kill(pids(notes)[0], signal.SIGKILL)
    assert (await call).value not in pids(notes)


async def test_worker_killed_while_it_receives_costs_one_attempt(open_pool: OpenPool) -> None:
    """A connection that breaks within a message ends its worker, not its slot."""
    pool = await open_pool()
    picture = bytes(20_000_000)
    (pid,) = worker_pids()
    os.kill(pid, signal.SIGSTOP)
    call = asyncio.create_task(run(pool, failures.answer, picture))
    await until(lambda: pool.waiting == 0)
    os.kill(pid, signal.SIGKILL)
    assert (await call).value == picture
    assert (await run(pool, failures.answer, "next")).value == "next"


@pytest.mark.parametrize(
    "crash",
    [
        failures.crash_abort,
        failures.crash_exit,
        failures.crash_kill,
        failures.crash_leave,
        failures.crash_segfault,
        failures.crash_unforeseen,
        failures.answer_unpicklable,
    ],
)
async def test_task_that_crashes_two_workers_is_given_up(
    open_pool: OpenPool, notes: Path, crash: Callable[..., None]
) -> None:
    """Its sender learns that it breaks the engine; the next task has a fresh worker."""
    pool = await open_pool()
    with pytest.raises(BreaksEngine):
        await run(pool, crash, notes)
    assert len(pids(notes)) == 2
    assert (await run(pool, failures.answer, "next")).value == "next"


async def test_crash_costs_no_other_task(open_pool: OpenPool, notes: Path) -> None:
    """Tasks beside one that crashes, and behind it, are answered."""
    pool = await open_pool(workers=2)
    crash = asyncio.create_task(run(pool, failures.crash_kill, notes))
    answers = await asyncio.gather(*(run(pool, failures.answer, n) for n in range(20)))
    assert [outcome.value for outcome in answers] == list(range(20))
    with pytest.raises(BreaksEngine):
        await crash


async def test_unforeseen_exception_is_not_told(open_pool: OpenPool, notes: Path) -> None:
    """What a sender reads holds none of the exception's own words."""
    pool = await open_pool()
    with pytest.raises(BreaksEngine) as caught:
        await run(pool, failures.crash_unforeseen, notes)
    assert "nobody thought of this" not in str(caught.value)


async def test_answer_that_cannot_be_loaded_costs_one_task(open_pool: OpenPool) -> None:
    """Rubbish is refused as one of ours, and the slot lives on."""
    pool = await open_pool()
    with pytest.raises((EngineFailed, BreaksEngine)):
        await run(pool, failures.answer_unloadable)
    assert (await run(pool, failures.answer, "next", wait_s=10)).value == "next"


async def test_noise_on_the_connection_costs_one_task(open_pool: OpenPool) -> None:
    """A worker that writes over its connection is ended at the deadline at the latest."""
    pool = await open_pool()
    with pytest.raises(ReadstoneError):
        await run(pool, failures.answer_noise, deadline_s=1)
    assert (await run(pool, failures.answer, "next", wait_s=10)).value == "next"


async def test_memory_beyond_the_limit_is_refused(open_pool: OpenPool) -> None:
    """A task that needs too much is told so, and the worker goes on."""
    pool = await open_pool(memory_bytes=256 * 2**20)
    pid = (await run(pool, failures.whoami)).value
    with pytest.raises(TooCostly) as caught:
        await run(pool, failures.eat)
    assert caught.value.facts["setting"] == "ocr.worker_memory_mb"
    assert (await run(pool, failures.whoami)).value == pid


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
async def test_errors_of_ours_come_back_whole(
    open_pool: OpenPool, kind: type[ReadstoneError]
) -> None:
    """What a function raises of the family is what the caller gets, in one attempt."""
    pool = await open_pool()
    pid = (await run(pool, failures.whoami)).value
    with pytest.raises(kind) as caught:
        await run(pool, failures.refuse, kind("send less", limit=5, actual=7))
    assert type(caught.value) is kind
    assert caught.value.detail == "send less"
    assert caught.value.facts == {"limit": 5, "actual": 7}
    assert (await run(pool, failures.whoami)).value == pid


async def test_worker_is_renewed_after_its_share(open_pool: OpenPool) -> None:
    """A worker does max_tasks tasks and makes room for a fresh one."""
    pool = await open_pool(max_tasks=3)
    served_by = [(await run(pool, failures.whoami)).value for _ in range(9)]
    assert len(set(served_by)) == 3
    assert all(len(set(served_by[n : n + 3])) == 1 for n in (0, 3, 6))
    await until(lambda: not any(map(is_running, served_by)))


async def test_full_line_refuses_and_says_when_to_come_back(
    open_pool: OpenPool, notes: Path
) -> None:
    """Who would wait longer than he wants is refused at once."""
    pool = await open_pool()
    calls = [await busy(pool, notes)]
    calls += [asyncio.create_task(run(pool, failures.answer)) for _ in range(40)]
    await until(lambda: pool.waiting == 40)
    began = monotonic()
    with pytest.raises(QueueFull) as caught:
        await run(pool, failures.answer, wait_s=1)
    assert monotonic() - began < 0.5
    assert caught.value.facts["retry_after"] in (2, 3, 4)
    assert pool.waiting == 40
    for call in calls:
        call.cancel()


async def test_wait_is_bounded_in_fact(open_pool: OpenPool, notes: Path) -> None:
    """Who was let into the line and is not served in time is refused as well."""
    pool = await open_pool()
    call = await busy(pool, notes)
    began = monotonic()
    with pytest.raises(QueueFull) as caught:
        await run(pool, failures.answer, wait_s=0.2)
    assert 0.2 <= monotonic() - began < 1.2
    assert caught.value.facts["retry_after"] == 1
    assert pool.waiting == 0
    call.cancel()


async def test_wait_ends_when_the_work_begins(open_pool: OpenPool, notes: Path) -> None:
    """A task under way is not refused because its time for waiting is over."""
    pool = await open_pool()
    with pytest.raises(DeadlineExceeded):
        await run(pool, failures.hang, notes, wait_s=0.1, deadline_s=0.4)


async def test_a_flood_leaves_room_for_others(open_pool: OpenPool, notes: Path) -> None:
    """Who fills the line is refused at half of it; the next caller comes in, and is served soon."""
    pool = await open_pool()
    call = await busy(pool, notes)
    done: list[str] = []

    async def work(queue: str) -> None:
        await run(pool, failures.answer, wait_s=4 / CAUTION, queue=queue)
        done.append(queue)

    flood = [asyncio.create_task(work("flood")) for _ in range(60)]
    await until(lambda: sum(each.done() for each in flood) == 39)
    quiet = asyncio.create_task(work("quiet"))
    await until(lambda: pool.waiting == 22)
    call.cancel()
    told = await asyncio.gather(*flood, return_exceptions=True)
    await quiet
    assert [type(error) for error in told if error] == [CallerShare] * 39
    assert done.index("quiet") == 1


async def test_task_after_the_first_is_let_in(open_pool: OpenPool, notes: Path) -> None:
    """Work under way is not given up because others fill the line before its next step."""
    pool = await open_pool()
    ticket = Ticket(Lane.NOW, 1)
    await pool.run(failures.answer, deadline_s=60, ticket=ticket)
    call = await busy(pool, notes)
    others = [asyncio.create_task(run(pool, failures.answer)) for _ in range(40)]
    await until(lambda: pool.waiting == 40)
    second = asyncio.create_task(pool.run(failures.answer, 2, deadline_s=60, ticket=ticket))
    await until(lambda: pool.waiting == 41)
    for each in (call, *others):
        each.cancel()
    assert (await second).value == 2


async def test_jobs_do_not_starve(open_pool: OpenPool, notes: Path) -> None:
    """A job behind forty clients has its turn among the first of them."""
    pool = await open_pool()
    call = await busy(pool, notes)
    done: list[str] = []

    async def work(name: str, lane: Lane) -> None:
        await run(pool, failures.answer, lane=lane)
        done.append(name)

    clients = [asyncio.create_task(work("client", Lane.NOW)) for _ in range(40)]
    await until(lambda: pool.waiting == 40)
    job = asyncio.create_task(work("job", Lane.LATER))
    await until(lambda: pool.waiting == 41)
    call.cancel()
    await asyncio.gather(*clients, job)
    assert done.index("job") <= 4


async def test_stop_refuses_what_waits_and_ends_what_runs(
    open_pool: OpenPool, notes: Path, scratch: Path
) -> None:
    """Nobody is left waiting, no process lives, no folder stays."""
    pool = await open_pool(workers=2)
    calls = [await busy(pool, notes), await busy(pool, notes)]
    calls += [asyncio.create_task(run(pool, failures.answer)) for _ in range(3)]
    await until(lambda: pool.waiting == 3)
    await pool.stop()
    told = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(error) for error in told] == [Draining] * 5
    assert not any(map(is_running, pids(notes)))
    assert not worker_pids()
    assert not list(scratch.iterdir())
    with pytest.raises(Draining):
        await run(pool, failures.answer)


async def test_stop_while_a_worker_starts_leaves_nothing(
    open_pool: OpenPool, notes: Path, scratch: Path
) -> None:
    """A worker that is being made when the pool stops is ended too."""
    pool = await open_pool(partial(failures.build_slowly, notes), max_tasks=1)
    await run(pool, failures.answer)
    await until(lambda: len(pids(notes)) == 2)
    await pool.stop()
    await until(lambda: not any(map(is_running, pids(notes))), limit_s=1)
    assert not list(scratch.iterdir())


async def test_stop_ends_a_worker_that_is_being_made(
    open_pool: OpenPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has begun, and is not warm yet, does not outlive the pool."""
    begun: list[ForkServerProcess] = []
    start = ForkServerProcess.start

    def start_noted(process: ForkServerProcess) -> None:
        begun.append(process)
        start(process)

    pool = await open_pool(max_tasks=1)
    monkeypatch.setattr(ForkServerProcess, "start", start_noted)
    await run(pool, failures.answer)
    await until(lambda: begun)
    await pool.stop()
    assert not worker_pids()


async def test_stop_is_heard_when_a_worker_becomes_ready(
    open_pool: OpenPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop in the very moment of a worker's first word is not lost."""
    pool = await open_pool(max_tasks=1)
    stops: list[asyncio.Task[None]] = []
    answer = pool_module._Worker._answer

    async def answer_and_stop(current: pool_module._Worker) -> Any:
        value = await answer(current)
        if value is None and not stops:
            stops.append(asyncio.create_task(pool.stop()))
        return value

    monkeypatch.setattr(pool_module._Worker, "_answer", answer_and_stop)
    await run(pool, failures.answer, "work")
    await until(lambda: stops)
    await asyncio.wait_for(stops[0], 5)
    assert not worker_pids()


async def test_stop_is_heard_while_a_worker_is_connected(
    open_pool: OpenPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose connection is not yet open is ended and reaped."""
    pool = await open_pool(max_tasks=1)
    stops: list[asyncio.Task[None]] = []
    connect = asyncio.open_connection

    async def connect_and_stop(**given: Any) -> Any:
        stops.append(asyncio.create_task(pool.stop()))
        return await connect(**given)

    monkeypatch.setattr(asyncio, "open_connection", connect_and_stop)
    await run(pool, failures.answer)
    await until(lambda: stops)
    await asyncio.wait_for(stops[0], 5)
    assert all(slot.cancelled() for slot in pool._slots)
    assert not worker_pids()


async def test_stop_twice_is_stop_once(open_pool: OpenPool) -> None:
    """Stopping what has stopped does nothing."""
    pool = await open_pool()
    await pool.stop()
    await pool.stop()
    assert pool.warm == 0


async def test_factory_that_fails_refuses_the_start(open_pool: OpenPool, scratch: Path) -> None:
    """An engine that cannot be built stops the service from starting, and leaves nothing."""
    with pytest.raises(EngineFailed):
        await open_pool(failures.build_nothing, workers=2)
    assert not worker_pids()
    assert not list(scratch.iterdir())


async def test_factory_that_hangs_refuses_the_start(
    open_pool: OpenPool, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start has a deadline too."""
    monkeypatch.setattr(pool_module, "START_LIMIT_S", 0.3)
    with pytest.raises(EngineFailed):
        await open_pool(failures.build_for_ever)
    assert not worker_pids()
    assert not list(scratch.iterdir())


async def test_factory_that_fails_later_refuses_within_the_wait(
    open_pool: OpenPool, notes: Path
) -> None:
    """When no new worker can be built, callers are told in time, and the pool keeps trying."""
    pool = await open_pool(partial(failures.build_once, notes))
    for pid in worker_pids():
        os.kill(pid, signal.SIGKILL)
    await until(lambda: pool.warm == 0)
    with pytest.raises(QueueFull):
        await run(pool, failures.answer, wait_s=0.5)
    (notes / "built").unlink()
    assert (await run(pool, failures.answer, "back")).value == "back"


@pytest.mark.parametrize("function", [failures.hang_with_child, failures.leave_child])
async def test_children_of_a_worker_die_with_it(
    open_pool: OpenPool, notes: Path, function: Callable[..., None]
) -> None:
    """A program that a worker started does not outlive it, whether it was killed or crashed."""
    pool = await open_pool()
    with pytest.raises((DeadlineExceeded, BreaksEngine)):
        await run(pool, function, notes, deadline_s=0.5)
    assert pids(notes)
    await until(lambda: not any(map(is_running, pids(notes))), limit_s=2)


async def test_crash_leaves_no_file(open_pool: OpenPool, scratch: Path) -> None:
    """What a worker wrote goes when the worker does."""
    pool = await open_pool()
    with pytest.raises(BreaksEngine):
        await run(pool, failures.litter)
    await until(lambda: not [file for file in scratch.rglob("*") if file.is_file()])


async def test_workers_die_with_a_service_that_is_killed(notes: Path) -> None:
    """After kill -9 of the service no worker is left, neither an idle nor a busy one."""
    service = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.unit.engine.owner", str(notes)),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    await until(lambda: pids(notes))
    workers = worker_pids(service.pid)
    assert len(workers) == 2
    service.kill()
    await service.wait()
    try:
        await until(lambda: not any(map(is_running, workers)), limit_s=2)
    finally:
        for pid in filter(is_running, workers):
            os.kill(pid, signal.SIGKILL)
