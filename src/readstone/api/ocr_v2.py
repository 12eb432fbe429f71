"""The second version of reading pictures: three ways in, JSON or text out."""

from typing import Any

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from readstone import tasks
from readstone.api.admission import AnswerRoute, CallerDep
from readstone.api.body import (
    FILE_ID_PARAMETER,
    check_document,
    checked_options,
    picture_and_options,
)
from readstone.api.deps import PartsDep, unless_gone
from readstone.api.negotiation import PDF, accepted_format
from readstone.api.text import classified
from readstone.engine.nlp.base import Task
from readstone.engine.pages import PDF_MEDIA_TYPE
from readstone.engine.render import FORMATS
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
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}},
    openapi_extra=_described_request(),
)
async def read_picture(request: Request, caller: CallerDep, parts: PartsDep) -> Response:
    """Read a picture and answer with its text, or with lines, words, boxes and confidences.

    The format is JSON unless `?format=` or the Accept header names another: text, hOCR, ALTO, TSV,
    Markdown, or a PDF that can be searched. Options stand beside the picture in the form or the
    JSON, or in the query.
    """
    data, asked = await picture_and_options(request)
    check_document(data, parts.config.limits)
    options = checked_options(asked, parts)
    document, costs = await unless_gone(request, tasks.read_now(parts, caller.queue, data, options))
    queue_ms, ocr_ms = round(costs.queue_s * 1000, 1), round(costs.work_s * 1000, 1)
    headers = {"Server-Timing": f"queue;dur={queue_ms}, ocr;dur={ocr_ms}"}
    name = asked.format or accepted_format(request.headers.get("accept", ""))
    if name == PDF:
        pdf = await unless_gone(
            request, tasks.write_pdf_now(parts, caller.queue, data, options, document)
        )
        return Response(pdf, headers=headers, media_type=PDF_MEDIA_TYPE)
    if name in FORMATS:
        media_type, render = FORMATS[name]
        return Response(render(document), headers=headers, media_type=media_type)
    answer = OcrResponseV2.from_document(
        document,
        request_id=correlation_id.get() or "",
        usage=UsageV2(len(document.pages), len(data), queue_ms, ocr_ms, costs.is_cached),
        detail=asked.detail,
    )
    if asked.classify:
        tasks_asked = [Task(name) for name in asked.classify.split(",")]
        answer.classifications = await classified(parts, document.text, tasks_asked)
    return Response(response_json.dump_json(answer), headers=headers, media_type="application/json")
