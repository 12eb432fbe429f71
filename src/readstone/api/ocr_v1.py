"""The first version of reading pictures: JSON with base64 in, text out, now or later."""

from functools import partial
from time import time

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from readstone import desk, tasks
from readstone.api.admission import AnswerRoute, JobRoute, LookRoute, caller_by_body
from readstone.api.answers import once
from readstone.api.body import base64_picture, check_document, checked_options
from readstone.api.deps import PartsDep, unless_gone
from readstone.api.security import Caller, bearer_scheme
from readstone.cache import content_key
from readstone.engine.base import OcrOptions
from readstone.kinds import ocr_request
from readstone.models.ocr import OcrRequestV2
from readstone.models.ocr_v1 import (
    ImageAsyncGetRequestV1,
    ImageAsyncGetResponseV1,
    ImageAsyncRequestV1,
    ImageAsyncResponseV1,
    ImageSyncRequestV1,
    ImageSyncResponseV1,
)
from readstone.parts import Parts
from readstone.usage import Used

_router = partial(APIRouter, prefix="/v1", tags=["ocr v1"], dependencies=[Depends(bearer_scheme)])
routers = now, jobs, looks = (
    _router(route_class=AnswerRoute),
    _router(route_class=JobRoute),
    _router(route_class=LookRoute),
)


@now.post("/imagesync")
async def read_picture(
    request: Request, body: ImageSyncRequestV1, parts: PartsDep
) -> ImageSyncResponseV1:
    """Read a picture and answer with its text."""
    caller = await caller_by_body(request, body.token)
    data, options = _checked(body, parts)
    document, _ = await unless_gone(request, tasks.read_now(parts, caller.queue, data, options))
    parts.usage.note(caller.name, Used(pages=len(document.pages)))
    return ImageSyncResponseV1(text=document.text, ts=int(time()))


@jobs.post("/imageasync")
async def submit_picture(
    request: Request,
    response: Response,
    body: ImageAsyncRequestV1,
    parts: PartsDep,
    background: BackgroundTasks,
) -> ImageAsyncResponseV1:
    """Keep a picture, answer with the id of a job, and read it in the background."""
    caller = await caller_by_body(request, body.token)
    data, options = _checked(body, parts)
    job = desk.new_job(
        parts,
        caller.name,
        "ocr",
        data,
        ocr_request(options),
        request_id=correlation_id.get() or "",
    )
    fingerprint = content_key(data, job.kind, job.request)
    hand_in = partial(desk.accept, parts, job, data)
    job, headers = await once(request, parts, caller, fingerprint, hand_in)
    response.headers.update(headers)
    background.add_task(parts.runner.submit, job.id)
    return ImageAsyncResponseV1(
        jobid=job.id, ts=int(time()), status="queued", durability=parts.jobs.durability
    )


@looks.post("/imageasync_get")
async def get_picture_text(
    request: Request, body: ImageAsyncGetRequestV1, parts: PartsDep
) -> ImageAsyncGetResponseV1:
    """Answer with where a job stands, and with the text once it has succeeded."""
    caller = await caller_by_body(request, body.token)
    return await _job_answer(parts, caller, body.jobid)


@looks.get("/imageasync_get/{jobid}")
async def get_picture_text_by_address(
    request: Request, jobid: str, parts: PartsDep
) -> ImageAsyncGetResponseV1:
    """Answer as the POST form does."""
    return await _job_answer(parts, await caller_by_body(request, None), jobid)


def _checked(body: ImageSyncRequestV1, parts: Parts) -> tuple[bytes, OcrOptions]:
    options = checked_options(OcrRequestV2(lang=body.lang), parts)
    data = base64_picture(body.data)
    check_document(data, parts)
    return data, options


async def _job_answer(parts: Parts, caller: Caller, jobid: str) -> ImageAsyncGetResponseV1:
    job = await desk.find(parts, caller.name, jobid, kind="ocr")
    text = ""
    if job.status.has_result:
        document, _ = await desk.result(parts, job)
        text = document.text
    return ImageAsyncGetResponseV1(
        jobid=job.id,
        text=text,
        ts=int(time()),
        status=job.status,
        error=job.error.detail if job.error else None,
    )
