"""Takes jobs in, and gives out what became of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar
from uuid import uuid4

import structlog

from readstone.cache import content_key
from readstone.engine.line import check_room
from readstone.errors import (
    Conflict,
    Expired,
    InvalidRequest,
    NotFound,
    ReadstoneError,
    StoreFull,
)
from readstone.jobs.job import Job
from readstone.jobs.keys import KnownKey
from readstone.kinds import KINDS
from readstone.parts import Parts
from readstone.tasks import later

log = structlog.get_logger(__name__)
T = TypeVar("T")

# The news of other processes are seen after this time.
LOOK_S = 1.0


def new_job(
    parts: Parts,
    caller: str,
    kind: str,
    data: bytes,
    request: Mapping[str, Any],
    *,
    request_id: str = "",
    callback: str | None = None,
) -> Job:
    """Return a job that is not kept yet; whoever asks for the same again has the same job.

    Raises:
        InvalidRequest: the target of its callback cannot be told anything.
    """
    if callback:
        check_callback(parts, callback)
    return Job(
        id=uuid4().hex,
        kind=kind,
        caller=caller,
        request=request,
        created_at=parts.jobs.now(),
        size_bytes=len(data),
        request_id=request_id,
        fingerprint=content_key(data, caller, kind, request, callback, parts.engine),
        callback=callback,
    )


def check_callback(parts: Parts, target: str) -> None:
    """Raise InvalidRequest when a target cannot be told anything."""
    if parts.webhooks is None:
        raise InvalidRequest(
            "callback: nobody can be called back here; ask for the job instead",
            setting="webhooks.targets",
        )
    parts.webhooks.check(target)


async def tell_again(parts: Parts, job: Job) -> None:
    """Have the target of a job's callback told of its end once more.

    Raises:
        Conflict: it has none, or has not ended.
    """
    events = [each for each in await parts.outbox.about(job.id) if each.target == job.callback]
    if not events:
        raise Conflict("there is nothing to tell of the job: it has no callback or has not ended")
    for event in events:
        await parts.outbox.settle(event.again(parts.jobs.now()))


async def accept(parts: Parts, job: Job, data: bytes) -> Job:
    """Keep a job with its input, and return it; or return the earlier job of the same work.

    The job still has to be submitted to the runner.

    Raises:
        QueueFull, CallerShare, StoreFull, StorageFull, StorageFailed: there is no place for it.
    """
    if same := await parts.jobs.same(job.fingerprint):
        if not parts.jobs.is_overdue(same):
            return same
        await parts.sweeper.expire(same)
    await check_line(parts, job.caller)
    return await keep(parts, job, data)


@asynccontextmanager
async def under_key(
    parts: Parts, caller: str, key: str, fingerprint: str
) -> AsyncIterator[Job | None]:
    """Give the job that was handed in under a key before, if it is kept; nobody else may use it.

    Raises:
        Conflict, InvalidRequest: the key is in use, or was used for something else.
    """
    keys = parts.jobs.keys
    with keys.in_flight(caller, key):
        known = await keys.find(caller, key)
        if known and known.fingerprint != fingerprint:
            raise InvalidRequest("Idempotency-Key: it was used for another request")
        yield await find_kept(parts, known.job_id) if known else None


async def once(
    parts: Parts,
    caller: str,
    key: str | None,
    fingerprint: str,
    hand_in: Callable[[], Awaitable[Job]],
) -> tuple[Job, bool]:
    """Return the job that is handed in, or was under this key before; and whether it was.

    Raises:
        Conflict, InvalidRequest: the key is in use, or was used for something else.
        ReadstoneError: there is no place for it.
    """
    if key is None:
        return await hand_in(), False
    async with under_key(parts, caller, key, fingerprint) as earlier:
        if earlier:
            return earlier, True
        kept = await hand_in()
        await parts.jobs.keys.keep(caller, key, KnownKey(fingerprint, kept.id))
        return kept, False


async def keep(parts: Parts, job: Job, data: bytes) -> Job:
    """Keep a job with its input, and return it; or return the earlier job of the same work.

    Raises:
        StoreFull, StorageFull, StorageFailed: there is no place for it.
    """
    await keep_input(parts, job, data)
    try:
        kept = await with_room(parts, lambda: parts.jobs.add(job))
    except ReadstoneError:
        await parts.storage.delete(job.input_key)
        raise
    if kept.id != job.id:
        await parts.storage.delete(job.input_key)
    return kept


async def keep_input(parts: Parts, job: Job, data: bytes) -> None:
    """Keep the input of a job that is not kept yet.

    Raises:
        StoreFull, StorageFull, StorageFailed: there is no place for it.
    """
    await with_room(parts, lambda: parts.storage.check_room(len(data)))
    await parts.storage.put(job.input_key, data)


async def check_line(parts: Parts, caller: str, *, count: int = 1) -> None:
    """Raise what the last of so many jobs of this caller would be refused with now.

    Raises:
        QueueFull, CallerShare: there is no room in the line.
    """
    queues = await parts.jobs.line.queues()
    each_s = parts.pool.mean_work_s / parts.pool.size
    check_room(
        later(parts, caller).ticket,
        expected_s=(queues.total() + count - 1) * each_s,
        own_s=(queues[caller] + count - 1) * each_s,
        queues=len(queues),
    )


async def with_room(parts: Parts, action: Callable[[], Awaitable[T]]) -> T:
    """Return what an action returns; the jobs that ended first make room for it."""
    while True:
        try:
            return await action()
        except StoreFull:
            oldest = await parts.jobs.oldest_ended()
            if oldest is None:
                raise
            await parts.sweeper.expire(oldest)


async def find(parts: Parts, caller: str, job_id: str, *, kind: str | None = None) -> Job:
    """Return a job of a caller, of any kind or of one.

    Raises:
        NotFound, Expired: there is none with this id, or it is somebody else's.
    """
    job = await parts.jobs.load(job_id)
    if job.caller != caller or kind not in (None, job.kind):
        raise NotFound("there is no job with this id")
    return job


async def find_kept(parts: Parts, job_id: str) -> Job | None:
    """Return a job; None when it is not kept any more."""
    with suppress(NotFound, Expired):
        return await parts.jobs.load(job_id)
    return None


async def changes(parts: Parts, job: Job) -> AsyncIterator[Job]:
    """Yield a job as it is, and again whenever it may have changed, until it has ended.

    Raises:
        Expired: it was erased meanwhile.
    """
    yield job
    while not job.status.is_terminal:
        await parts.jobs.news.wait(job.id, limit_s=LOOK_S)
        job = await parts.jobs.load(job.id)
        yield job


async def result(parts: Parts, job: Job) -> Any:
    """Return what a job has brought.

    Raises:
        Conflict: it has not ended, or was canceled.
        ReadstoneError: the reason why it failed.
    """
    if job.is_batch:
        raise Conflict("a batch has no result of its own; ask for those of its children")
    if job.error:
        raise job.error
    if not job.status.has_result:
        raise Conflict(f"the job is {job.status}; there is no result")
    return KINDS[job.kind].unpack(await parts.storage.get(job.result_key))


async def cancel(parts: Parts, job: Job) -> Job:
    """End a job before its end, and return it; its worker is free when this returns.

    Raises:
        Conflict: it has ended.
    """
    while True:
        try:
            canceled = await parts.jobs.cancel(job)
        except Conflict:
            job = await parts.jobs.load(job.id)
            if job.status.is_terminal:
                raise
            continue  # it went on meanwhile
        for each in canceled:
            await parts.runner.cancel(each.id)
            await parts.storage.delete(each.input_key)
            if not each.is_batch:
                count_end(parts, each)
        return canceled[0]


async def erase(parts: Parts, job: Job) -> None:
    """Forget a job, its input and its result; one that has not ended is canceled."""
    if not job.status.is_terminal:
        try:
            job = await cancel(parts, job)
        except Conflict:  # it has ended meanwhile
            job = await parts.jobs.load(job.id)
    for each in (*await parts.jobs.children([job.id]), job):
        await parts.sweeper.expire(each)


def count_end(parts: Parts, job: Job) -> None:
    """Count and log that a job has ended."""
    parts.metrics.job_ended(job.status)
    log.info("job ended", job_id=job.id, status=job.status, attempts=job.attempts)
