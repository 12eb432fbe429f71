"""Takes in many files as one job, of which the work on each file is a child."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from readstone import desk
from readstone.cache import content_key
from readstone.errors import InvalidRequest, ReadstoneError
from readstone.jobs.job import BATCH, Job, JobStatus
from readstone.parts import Parts

# Gives the bytes of a file, or raises why it is refused.
Source = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with every file of a batch."""

    kind: str
    request: Mapping[str, Any]


def new_batch(parts: Parts, caller: str, *, request_id: str, callback: str | None) -> Job:
    """Return a batch without files, which is not kept yet.

    Raises:
        InvalidRequest: the target of its callback cannot be told anything.
    """
    if callback:
        desk.check_callback(parts, callback)
    now = parts.jobs.now()
    return Job(
        id=uuid4().hex,
        kind=BATCH,
        caller=caller,
        request={},
        created_at=now,
        request_id=request_id,
        status=JobStatus.RUNNING,
        started_at=now,
        callback=callback,
    )


async def accept(parts: Parts, batch: Job, order: Order, sources: Sequence[Source]) -> Job:
    """Keep a batch with its files, and return it; or return the earlier one of the same files.

    A file that is refused is a job that has failed. The others still have to be submitted.

    Raises:
        InvalidRequest: it has no file, or too many.
        QueueFull, CallerShare, StoreFull, StorageFull, StorageFailed: there is no place for it.
    """
    _check_count(parts, len(sources))
    await desk.check_line(parts, batch.caller, count=len(sources))
    children: list[Job] = []
    try:
        for source in sources:
            children.append(await _child(parts, batch, order, source))
        batch = _of(batch, children)
        children = [replace(child, fingerprint=None) for child in children]
        kept = await desk.with_room(parts, lambda: parts.jobs.add(batch, *children))
    except ReadstoneError:
        await _forget(parts, children)
        raise
    if kept.id != batch.id:
        await _forget(parts, children)
    return await parts.jobs.load(kept.id)  # it has ended if every file was refused


def _check_count(parts: Parts, count: int) -> None:
    # It must find its places in the store with every other job gone.
    limit = min(parts.config.limits.batch_files, parts.config.jobs.max_jobs - 1)
    if not 0 < count <= limit:
        raise InvalidRequest(
            f"files: send 1 to {limit} of them in a batch",
            limit=limit,
            actual=count,
            setting="limits.batch_files",
        )


async def _child(parts: Parts, batch: Job, order: Order, source: Source) -> Job:
    """Return the job of a file, whose input is kept, or which has failed."""
    try:
        data, error = await source(), None
    except ReadstoneError as refused:
        if refused.retryable:
            raise
        data, error = b"", refused
    job = desk.new_job(
        parts, batch.caller, order.kind, data, order.request, request_id=batch.request_id
    )
    job = replace(job, parent=batch.id)
    if error:
        return job.failed(parts.jobs.now(), error)
    await desk.keep_input(parts, job, data)
    return job


def _of(batch: Job, children: Sequence[Job]) -> Job:
    prints = [child.fingerprint for child in children]
    is_whole = all(prints)  # what was refused may be taken the next time
    return replace(
        batch,
        size_bytes=sum(child.size_bytes for child in children),
        fingerprint=content_key(b"", batch.callback, *prints) if is_whole else None,
    )


async def _forget(parts: Parts, children: Sequence[Job]) -> None:
    for child in children:
        await parts.storage.delete(child.input_key)
