"""What a client gets for its work: the result in some format, or a job that will have it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from asgi_correlation_id import correlation_id
from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import TypeAdapter
from starlette.background import BackgroundTask

from readstone import desk, working
from readstone.api.admission import caller_by_head
from readstone.api.deps import get_parts, unless_gone
from readstone.api.preference import Preference, idempotency_key, preference
from readstone.api.problems import problem_body
from readstone.api.security import Caller, bearer_scheme
from readstone.cache import content_key
from readstone.errors import InvalidRequest, ReadstoneError
from readstone.jobs.job import Job, JobStatus
from readstone.jobs.keys import KnownKey
from readstone.models.jobs import JobV2, ResultRequestV2
from readstone.parts import Parts

JSON = "application/json"
REPLAYED = {"Idempotent-Replayed": "true"}
ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"model": JobV2, "description": "It takes longer; `Location` is the address of a job."}
}
job_json = TypeAdapter(JobV2)


@dataclass(frozen=True, slots=True)
class Client:
    """Who sent a request, and what serves it."""

    request: Request
    caller: Caller
    parts: Parts

    @property
    def root(self) -> str:
        """What addresses begin with."""
        return str(self.request.scope.get("root_path", ""))


async def get_client(request: Request, bearer: Annotated[object, Depends(bearer_scheme)]) -> Client:
    """Return who sent a request; raise Unauthorized."""
    # These are called, and not depended on, since FastAPI takes time to solve each dependency.
    return Client(request, await caller_by_head(request, bearer), await get_parts(request))


ClientDep = Annotated[Client, Depends(get_client)]


@dataclass(frozen=True, slots=True)
class Result:
    """What a job has brought, and what an answer tells beside it.

    Attributes:
        id: of the job or, where there is none to be found, of the request.
        data: gives the input.
    """

    id: str
    job: Job
    found: Any
    data: Callable[[], Awaitable[bytes]]


Send = Callable[[Client, Result, ResultRequestV2], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Work:
    """What a request asks for."""

    kind: str
    data: bytes
    request: Mapping[str, Any]


async def answer(
    client: Client, work: Work, send: Send, asked: ResultRequestV2, wait_s: float | None
) -> Response:
    """Return the result of work or, when that takes longer than the client waits, a job.

    Raises:
        ReadstoneError: it cannot be done, or there is no place for it.
    """
    prefers = preference(client.request.headers)
    if wait_s is not None:
        prefers = replace(prefers, wait_s=wait_s)
    name, request_id = client.caller.name, correlation_id.get() or ""
    job = desk.new_job(
        client.parts, name, work.kind, work.data, work.request, request_id=request_id
    )
    asking = _Asking(client, job, work.data, send, asked, prefers)
    key = idempotency_key(client.request.headers)
    response = await (asking.once(key) if key else asking.first())
    response.headers.update(prefers.headers)
    return response


@dataclass(frozen=True, slots=True)
class _Asking:
    """A request for work, on its way to its answer."""

    client: Client
    job: Job
    data: bytes
    send: Send
    asked: ResultRequestV2
    prefers: Preference

    async def first(self) -> Response:
        """Answer as if it was never asked before."""
        return await self._answer(await self._done())

    async def once(self, key: str) -> Response:
        """Answer as the first time that it was asked under this key.

        Raises:
            Conflict, InvalidRequest: the key is in use, or was used for something else.
        """
        parts, name = self.client.parts, self.client.caller.name
        fingerprint = content_key(self.data, self.job.kind, self.job.request)
        async with desk.under_key(parts, name, key, fingerprint) as earlier:
            if earlier:
                response = await self._again(earlier)
                response.headers.update(REPLAYED)
                return response
            done = await self._done()
            kept = done if isinstance(done, Job) else await self._kept(done)
            if kept:
                await parts.jobs.keys.keep(name, key, KnownKey(fingerprint, kept.id))
            return await self._answer(done)

    async def _done(self) -> working.Done | Job:
        parts, prefers = self.client.parts, self.prefers
        if prefers.is_async:
            return await desk.accept(parts, self.job, self.data)
        wait_s = parts.config.server.wait_s if prefers.wait_s is None else prefers.wait_s
        queue = self.client.caller.queue
        doing = working.do(parts, self.job, self.data, queue=queue, wait_s=wait_s)
        return await unless_gone(self.client.request, doing)

    async def _kept(self, done: working.Done) -> Job | None:
        """Keep what was done, so that it can be sent again; None when there is no place for it."""
        try:
            return await working.keep_done(self.client.parts, self.job, self.data, done)
        except ReadstoneError:
            return None

    async def _again(self, job: Job) -> Response:
        """Answer with what was done before, or with the job that does it."""
        if self.prefers.is_async or not job.status.is_terminal:
            return await accepted(self.client, job)
        result = await kept_result(self.client, job)
        return await self.send(self.client, result, self.asked)

    async def _answer(self, done: working.Done | Job) -> Response:
        if isinstance(done, Job):
            return await accepted(self.client, done)

        async def same() -> bytes:
            return self.data

        result = Result(self.job.request_id, self.job, done.result, same)
        return await self.send(self.client, result, self.asked)


async def once(
    request: Request,
    parts: Parts,
    caller: Caller,
    fingerprint: str,
    hand_in: Callable[[], Awaitable[Job]],
) -> tuple[Job, Mapping[str, str]]:
    """Return the job that is handed in, or was under the key of a request, and how that is told.

    Raises:
        Conflict, InvalidRequest: the key is in use, or was used for something else.
        ReadstoneError: there is no place for it.
    """
    key = idempotency_key(request.headers)
    job, was_known = await desk.once(parts, caller.name, key, fingerprint, hand_in)
    return job, REPLAYED if was_known else {}


async def kept_result(client: Client, job: Job) -> Result:
    """Return what a job has brought that is kept.

    Raises:
        Conflict: it has not ended, or was canceled.
        ReadstoneError: the reason why it failed.
    """
    found = await desk.result(client.parts, job)
    return Result(job.id, job, found, partial(client.parts.storage.get, job.input_key))


async def accepted(client: Client, job: Job) -> Response:
    """Return the address of a job, and the job as it is now."""
    (told,) = await tell(client, [job])
    headers = {"Location": told.links["self"]}
    ring = BackgroundTask(client.parts.runner.submit, job.id)
    return Response(job_json.dump_json(told), 202, headers, JSON, ring)


def _problem(job: Job) -> dict[str, Any] | None:
    return (
        problem_body(job.error, f"/v2/jobs/{job.id}", request_id=job.request_id)
        if job.error
        else None
    )


def check_format(name: str, *known: str) -> None:
    """Raise InvalidRequest for a format in which this result cannot be sent."""
    if name not in known:
        raise InvalidRequest(f"format: choose {', '.join(known)}")


async def tell(client: Client, jobs: Sequence[Job]) -> list[JobV2]:
    """Return jobs as a client sees them, and within each batch those of its files."""
    store = client.parts.jobs
    batches: dict[str, list[Job]] = {job.id: [] for job in jobs if job.is_batch}
    within = await store.children(list(batches)) if batches else []
    for child in within:
        batches[child.parent or ""].append(child)
    waiting = [job.id for job in (*jobs, *within) if job.status is JobStatus.QUEUED]
    positions = await store.line.places(waiting) if waiting else {}

    def told(job: Job) -> JobV2:
        return JobV2.from_job(
            job,
            queue_position=positions.get(job.id),
            expires_at=store.expires_at(job),
            durability=store.durability,
            error=_problem(job),
            root=client.root,
            children=list(map(told, batches[job.id])) if job.is_batch else None,
        )

    return list(map(told, jobs))
