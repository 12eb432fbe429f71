"""The second version of reading pictures: three ways in, JSON or text out."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter

from readstone import tasks
from readstone.api.admission import AnswerRoute
from readstone.api.answers import ACCEPTED, Client, ClientDep, Result, Work, answer, check_format
from readstone.api.body import (
    FILE_ID_PARAMETER,
    check_document,
    checked_options,
    picture_and_options,
)
from readstone.api.deps import unless_gone
from readstone.api.negotiation import JSON, PDF, accepted_format
from readstone.api.text import classified
from readstone.engine.nlp.base import Task
from readstone.engine.pages import PDF_MEDIA_TYPE
from readstone.engine.render import FORMATS
from readstone.kinds import ocr_request, options_of
from readstone.models.jobs import ResultRequestV2
from readstone.models.ocr import (
    EXAMPLE_PICTURE,
    OcrJsonRequestV2,
    OcrRequestV2,
    OcrResponseV2,
    UsageV2,
)

router = APIRouter(prefix="/v2", tags=["ocr v2"], route_class=AnswerRoute)
MEDIA_TYPES = (*(each.media_type for each in FORMATS.values()), PDF_MEDIA_TYPE)
response_json = TypeAdapter(OcrResponseV2)


def _described_request() -> dict[str, Any]:
    """Return what the signature does not show: three kinds of body, options in the query."""
    options = TypeAdapter(OcrRequestV2).json_schema()
    form = {
        **options,
        "properties": {"file": {"type": "string", "format": "binary"}, **options["properties"]},
        "required": ["file"],
    }
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                "application/json": {
                    "schema": TypeAdapter(OcrJsonRequestV2).json_schema(),
                    "example": {"data": EXAMPLE_PICTURE, "lang": "eng"},
                },
                "image/*": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "parameters": [
            FILE_ID_PARAMETER,
            *(
                {"in": "query", "name": name, "schema": schema}
                for name, schema in options["properties"].items()
            ),
        ],
    }


@router.post(
    "/ocr",
    response_model=OcrResponseV2,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}, **ACCEPTED},
    openapi_extra=_described_request(),
)
async def read_picture(client: ClientDep) -> Response:
    """Read a picture and answer with its text, or with lines, words, boxes and confidences.

    The format is JSON unless `?format=` or the Accept header names another: text, hOCR, ALTO, TSV,
    Markdown, or a PDF that can be searched. Options stand beside the picture in the form or the
    JSON, or in the query. What takes longer than `wait` seconds, or is sent with the header
    `Prefer: respond-async`, becomes a job.
    """
    data, asked = await picture_and_options(client.request)
    check_document(data, client.parts)
    work = Work("ocr", data, ocr_request(checked_options(asked, client.parts)))
    wanted = ResultRequestV2(asked.format, asked.detail, asked.password, asked.classify)
    return await answer(client, work, send_reading, wanted, asked.wait)


async def send_reading(client: Client, result: Result, wanted: ResultRequestV2) -> Response:
    """Return what was read in the format that is wanted, or that is accepted."""
    document, costs = result.found
    queue_ms, ocr_ms = round(costs.queue_s * 1000, 1), round(costs.work_s * 1000, 1)
    headers = {"Server-Timing": f"queue;dur={queue_ms}, ocr;dur={ocr_ms}"}
    name = wanted.format or accepted_format(client.request.headers.get("accept", ""))
    check_format(name, JSON, PDF, *FORMATS)
    if name == PDF:
        pdf = await unless_gone(client.request, _searchable_pdf(client, result, wanted))
        return Response(pdf, headers=headers, media_type=PDF_MEDIA_TYPE)
    if name in FORMATS:
        media_type, render = FORMATS[name]
        return Response(render(document), headers=headers, media_type=media_type)
    answer = OcrResponseV2.from_document(
        document,
        request_id=result.id,
        usage=UsageV2(
            len(document.pages), result.job.size_bytes, queue_ms, ocr_ms, costs.is_cached
        ),
        detail=wanted.detail,
    )
    if wanted.classify:
        tasks_asked = [Task(name) for name in wanted.classify.split(",")]
        answer.classifications = await classified(client.parts, document.text, tasks_asked)
    return Response(response_json.dump_json(answer), headers=headers, media_type="application/json")


async def _searchable_pdf(client: Client, result: Result, wanted: ResultRequestV2) -> bytes:
    options = options_of(result.job)
    if wanted.password:
        options = replace(options, password=wanted.password.get_secret_value())
    data, queue = await result.data(), client.caller.queue
    return await tasks.write_pdf_now(client.parts, queue, data, options, result.found[0])
