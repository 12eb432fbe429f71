"""Jobs: where they stand, what they have brought, and how they are ended and forgotten."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import SecretStr

from readstone import __version__, desk
from readstone.api import invoices, ocr_v2, redact
from readstone.api.admission import LookRoute
from readstone.api.answers import Client, ClientDep, Send, kept_result, tell
from readstone.api.conditional import (
    NOT_MODIFIED,
    IfNoneMatch,
    entity_tag,
    is_known,
    not_modified,
)
from readstone.api.deps import unless_gone
from readstone.api.events import EXAMPLE_EVENTS, page_events
from readstone.api.preference import MAX_WAIT_S
from readstone.errors import Expired
from readstone.jobs.job import Job, JobStatus
from readstone.models.jobs import JobListV2, JobV2, ResultRequestV2
from readstone.models.ocr import EXAMPLE_TEXT, TASKS_PATTERN, Detail

SENDS: Mapping[str, Send] = {
    "ocr": ocr_v2.send_reading,
    "invoice": invoices.send_invoice,
    "redact": redact.send_text,
    "mask": redact.send_document,
}
PAGE = 20

router = APIRouter(prefix="/v2/jobs", tags=["jobs"], route_class=LookRoute)


async def find_job(client: ClientDep, job_id: str) -> Job:
    """Return a job of the caller."""
    return await desk.find(client.parts, client.caller.name, job_id)


JobDep = Annotated[Job, Depends(find_job)]


@router.get("")
async def list_jobs(
    client: ClientDep,
    limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
) -> JobListV2:
    """List the jobs of the caller, the newest first.

    `next` is the address of older ones.
    """
    found = await client.parts.jobs.of_caller(client.caller.name, before=cursor, limit=limit + 1)
    shown = found[:limit]
    query = urlencode({"limit": limit, "cursor": shown[-1].id}) if shown else ""
    more = f"{client.root}/v2/jobs?{query}" if len(found) > limit else None
    return JobListV2(await tell(client, shown), more)


@router.get("/{job_id}")
async def get_job(
    client: ClientDep, job: JobDep, wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 0
) -> JobV2:
    """Say where a job stands; with `wait`, as soon as it has ended or after so many seconds."""
    job = await unless_gone(client.request, _last(client, job, wait))
    (told,) = await tell(client, [job])
    return told


async def _last(client: Client, job: Job, wait_s: float) -> Job:
    """Return a job when it has ended, or as it is after so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(wait_s):
            async for changed in _changes(client, job):
                job = changed
    return job


async def _changes(client: Client, job: Job) -> AsyncIterator[Job]:
    """Yield a job until it has ended, or is left to the next start of the service."""
    async for changed in desk.changes(client.parts, job):
        yield changed
        if client.request.app.state.is_draining and changed.status is JobStatus.QUEUED:
            return


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"example": EXAMPLE_EVENTS}}}},
)
async def follow_job(
    client: ClientDep, job: JobDep, last_event_id: Annotated[str, Header()] = ""
) -> AsyncIterator[ServerSentEvent]:
    """Tell of each page when it is done, and of the job when it has ended.

    `page` events hold the number of the page, how many there are and how sure the engine is. Who
    comes back with `Last-Event-ID` hears what is new. After `ended` there is nothing to wait for.
    """
    told = last_event_id
    with suppress(Expired):
        async for changed in _changes(client, job):
            for event in page_events(changed, told):
                told = event.id or told
                yield event
        if changed.status.is_terminal:
            (last,) = await tell(client, [changed])
            yield ServerSentEvent(event="ended", data=last)


@router.get(
    "/{job_id}/result",
    response_class=Response,
    responses={
        200: {
            "description": "What the route that took the job would have answered.",
            "content": {"application/json": {"example": {"text": EXAMPLE_TEXT}}},
        },
        **NOT_MODIFIED,
    },
)
async def get_result(
    client: ClientDep,
    job: JobDep,
    format: Annotated[str | None, Query(max_length=20)] = None,
    detail: Detail = "word",
    password: SecretStr | None = None,
    classify: Annotated[str, Query(pattern=TASKS_PATTERN)] = "",
    accept: Annotated[str, Header(include_in_schema=False)] = "",
    if_none_match: IfNoneMatch = "",
) -> Response:
    """Answer with what a job has brought, in any format of the route that took it.

    The refusal of a job that failed is its own; one that has not ended is a conflict. `password`
    opens an encrypted PDF, of which a searchable one is wanted. A result never changes: whoever
    sends its `ETag` as `If-None-Match` is not sent it again.
    """
    tag = entity_tag(job.result_key, format, detail, classify, accept, __version__)
    if job.status.has_result and is_known(tag, if_none_match):
        return not_modified(tag)
    kept = await kept_result(client, job)
    wanted = ResultRequestV2(format, detail, password, classify)
    response = await SENDS[job.kind](client, kept, wanted)
    response.headers["ETag"] = tag
    return response


@router.post("/{job_id}/redeliver", status_code=202)
async def redeliver(client: ClientDep, job: JobDep) -> JobV2:
    """Tell the target of a job's callback once more that it has ended, at once."""
    await desk.tell_again(client.parts, job)
    (told,) = await tell(client, [job])
    return told


@router.post("/{job_id}/cancel")
async def cancel_job(client: ClientDep, job: JobDep) -> JobV2:
    """End a job before its end; its worker is free at once. One that has ended is a conflict."""
    (told,) = await tell(client, [await desk.cancel(client.parts, job)])
    return told


@router.delete("/{job_id}", status_code=204)
async def erase_job(client: ClientDep, job: JobDep) -> None:
    """Erase a job, its input and its result; one that has not ended is canceled."""
    await desk.erase(client.parts, job)
