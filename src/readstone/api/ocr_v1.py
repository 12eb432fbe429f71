"""The first version of reading pictures: JSON with base64 in, text out, now or later."""

from time import time

from fastapi import APIRouter, BackgroundTasks, Depends, Request

from readstone import tasks
from readstone.api.body import base64_picture, check_document, checked_options
from readstone.api.deps import PartsDep, refuse_when_draining, unless_gone
from readstone.api.security import bearer_scheme, caller_by_body
from readstone.engine.base import OcrOptions
from readstone.errors import NotFound
from readstone.models.ocr import (
    ImageAsyncGetRequestV1,
    ImageAsyncGetResponseV1,
    ImageAsyncRequestV1,
    ImageAsyncResponseV1,
    ImageSyncRequestV1,
    ImageSyncResponseV1,
    OcrRequestV2,
)
from readstone.parts import Parts

router = APIRouter(prefix="/v1", tags=["ocr v1"], dependencies=[Depends(bearer_scheme)])
accepting = [Depends(refuse_when_draining)]


@router.post("/imagesync", dependencies=accepting)
async def read_picture(
    request: Request, body: ImageSyncRequestV1, parts: PartsDep
) -> ImageSyncResponseV1:
    """Read a picture and answer with its text."""
    caller_by_body(request, body.token)
    data, options = _checked(body, parts)
    document, _ = await unless_gone(request, tasks.read_now(parts, data, options))
    return ImageSyncResponseV1(text=document.text, ts=int(time()))


@router.post("/imageasync", dependencies=accepting)
async def submit_picture(
    request: Request, body: ImageAsyncRequestV1, parts: PartsDep, background: BackgroundTasks
) -> ImageAsyncResponseV1:
    """Keep a picture, answer with the id of a job, and read it in the background."""
    caller = caller_by_body(request, body.token)
    data, options = _checked(body, parts)
    job = await tasks.accept_job(parts, caller, data, options)
    background.add_task(parts.runner.submit, job.id)
    return ImageAsyncResponseV1(
        jobid=job.id, ts=int(time()), status="queued", durability=parts.jobs.durability
    )


@router.post("/imageasync_get")
async def get_picture_text(
    request: Request, body: ImageAsyncGetRequestV1, parts: PartsDep
) -> ImageAsyncGetResponseV1:
    """Answer with where a job stands, and with the text once it has succeeded."""
    return await _job_answer(parts, caller_by_body(request, body.token), body.jobid)


@router.get("/imageasync_get/{jobid}")
async def get_picture_text_by_address(
    request: Request, jobid: str, parts: PartsDep
) -> ImageAsyncGetResponseV1:
    """Answer as the POST form does."""
    return await _job_answer(parts, caller_by_body(request, None), jobid)


def _checked(body: ImageSyncRequestV1, parts: Parts) -> tuple[bytes, OcrOptions]:
    options = checked_options(OcrRequestV2(lang=body.lang), parts)
    data = base64_picture(body.data)
    check_document(data, parts.config.limits)
    return data, options


async def _job_answer(parts: Parts, caller: str, jobid: str) -> ImageAsyncGetResponseV1:
    job = await parts.jobs.load(jobid)
    if job.caller != caller:
        raise NotFound("there is no job with this id")
    return ImageAsyncGetResponseV1(
        jobid=job.id,
        text=job.result.text if job.result else "",
        ts=int(time()),
        status=job.status,
        error=job.error.detail if job.error else None,
    )
