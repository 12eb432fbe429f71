"""Does jobs: while their sender waits, and when nobody does."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from asgi_correlation_id import correlation_id

from readstone.desk import count_end, keep
from readstone.errors import (
    BreaksEngine,
    Conflict,
    DeadlineExceeded,
    Draining,
    EngineFailed,
    ReadstoneError,
    StorageFailed,
    StorageFull,
)
from readstone.jobs.job import Job
from readstone.jobs.runner import Run
from readstone.kinds import KINDS
from readstone.parts import Parts
from readstone.progress import Progress
from readstone.tasks import later, now
from readstone.usage import Used

log = structlog.get_logger(__name__)
T = TypeVar("T")

INSIST_S = 1.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a job has brought while its sender waited; it was not kept."""

    result: Any
    progress: Progress


async def do(parts: Parts, job: Job, data: bytes, *, queue: str, wait_s: float) -> Done | Job:
    """Do a job while its sender waits; what takes longer than `wait_s` is kept, and goes on.

    Raises:
        ReadstoneError: it failed meanwhile.
    """
    run = Run(job)
    patience = now(parts, queue, run.follow)
    run.work = asyncio.ensure_future(KINDS[job.kind].work(parts, job, data, patience))
    try:
        await asyncio.wait({run.work}, timeout=wait_s)
        if not run.work.done() and (kept := await _hand_over(parts, run, data)):
            return kept
        done = Done(await run.work, run.progress)
        parts.usage.note(job.caller, Used(pages=len(run.progress.done)))
        return done
    except asyncio.CancelledError:
        run.work.cancel()
        raise


async def _hand_over(parts: Parts, run: Run, data: bytes) -> Job | None:
    """Make a job of work that is under way; None when there is no place for one."""
    assert run.work
    began = run.job.started(parts.jobs.now(), parts.runner.owner)
    try:
        kept = await keep(parts, began, data)
    except ReadstoneError as error:
        log.warning("work stays with its sender", reason=error.code)
        return None
    if kept.id == began.id:
        run.job = began
        parts.runner.adopt(run)
    else:
        run.work.cancel()  # the same work is a job already
    return kept


async def keep_done(parts: Parts, job: Job, data: bytes, done: Done) -> Job:
    """Keep a job that is done already with its result; or return the earlier job of the same work.

    Raises:
        StoreFull, StorageFull, StorageFailed: there is no place for it.
    """
    kind, at = KINDS[job.kind], parts.jobs.now()
    began = replace(job.started(at, parts.runner.owner), progress=done.progress)
    ended = began.succeeded(at, is_partial=kind.is_partial(done.result))
    await parts.storage.put(ended.result_key, kind.pack(done.result))
    kept = await keep(parts, ended, data)
    if kept.id != ended.id:
        await parts.storage.delete(ended.result_key)
    elif not kind.keeps_input:
        await parts.storage.delete(ended.input_key)
    return kept


async def run_job(parts: Parts, run: Run) -> None:
    """Do a job and record its end, as soon as the disk can keep it.

    Raises:
        Conflict: the job was taken from this process; what it brought is thrown away.
    """
    correlation_id.set(run.job.request_id)  # this is a task of its own
    ended = await _ended(parts, run)
    try:
        await _insist(lambda: parts.jobs.move(ended, expected=run.job))
    except Conflict:
        await parts.storage.delete(run.job.result_key)
        raise
    if ended.status.is_terminal:
        for key in ended.result_keys[:-1]:  # of attempts that ended before their step
            await parts.storage.delete(key)
        if not (ended.status.has_result and KINDS[ended.kind].keeps_input):
            await parts.storage.delete(ended.input_key)
        parts.usage.note(ended.caller, Used(pages=len(run.progress.done)))
        count_end(parts, ended)


async def _ended(parts: Parts, run: Run) -> Job:
    """Do a job, keep its result, and return the job as it is then."""
    job, kind = run.job, KINDS[run.job.kind]
    try:
        async with asyncio.timeout(_limit_s(parts)):
            found = await (run.work or _work(parts, run))
    except TimeoutError:
        return job.failed(parts.jobs.now(), _too_long(parts))
    except Draining:
        return job.requeued()
    except ReadstoneError as error:
        if error.retryable or isinstance(error, BreaksEngine):
            return job.interrupted(parts.jobs.now(), error)
        return job.failed(parts.jobs.now(), error)
    except Exception:
        log.exception("job broke", job_id=job.id)
        broken = EngineFailed("the job broke; see the service's log")
        return job.failed(parts.jobs.now(), broken)
    await _insist(lambda: parts.storage.put(job.result_key, kind.pack(found)))
    succeeded = job.succeeded(parts.jobs.now(), is_partial=kind.is_partial(found))
    return replace(succeeded, progress=run.progress)


def _limit_s(parts: Parts) -> float:
    """Return how long a job may run: the page that is begun last may be read by two engines."""
    return parts.config.jobs.deadline_s + 2 * parts.config.ocr.deadline_s


def _too_long(parts: Parts) -> DeadlineExceeded:
    limit_s = parts.config.jobs.deadline_s
    return DeadlineExceeded(
        f"the job ran for more than {limit_s:g} s; ask for fewer pages at a time",
        limit=limit_s,
        setting="jobs.deadline_s",
    )


async def _work(parts: Parts, run: Run) -> Any:
    job = run.job
    data = await _insist(lambda: parts.storage.get(job.input_key))
    return await KINDS[job.kind].work(parts, job, data, later(parts, job.caller, run.follow))


async def _insist(action: Callable[[], Awaitable[T]]) -> T:
    """Return what an action returns; try again for as long as the disk cannot do it."""
    while True:
        try:
            return await action()
        except (StorageFull, StorageFailed) as error:
            log.warning("waiting for the disk", reason=error.code)
        await asyncio.sleep(INSIST_S)
