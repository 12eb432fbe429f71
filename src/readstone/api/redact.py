"""Personal data: found in a text or document, replaced in its text, painted over on its pages."""

from typing import Any

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from readstone import tasks
from readstone.api.admission import AnswerRoute, CallerDep
from readstone.api.body import (
    FILE_ID_PARAMETER,
    JSON,
    base64_picture,
    check_document,
    checked_options,
    received,
    validated,
)
from readstone.api.deps import PartsDep, unless_gone
from readstone.api.security import Caller
from readstone.errors import BadRequest, InvalidRequest
from readstone.models.redact import (
    EXAMPLE_TEXT,
    RedactJsonRequestV2,
    RedactRequestV2,
    RedactResponseV2,
)
from readstone.parts import Parts
from readstone.texts import checked_bytes

router = APIRouter(prefix="/v2", tags=["redact"], route_class=AnswerRoute)
json_request = TypeAdapter(RedactJsonRequestV2)
plain_request = TypeAdapter(RedactRequestV2)
response_json = TypeAdapter(RedactResponseV2)


def _described_request() -> dict[str, Any]:
    """Return what the signature does not show: four kinds of body, options in the query."""
    options, in_json = (
        adapter.json_schema(ref_template="#/components/schemas/{model}")
        for adapter in (plain_request, json_request)
    )
    del options["$defs"], in_json["$defs"]  # those of the answer are the same
    file = {"type": "string", "format": "binary"}
    form = {**options, "properties": {"file": file, **options["properties"]}, "required": ["file"]}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": in_json},
                "multipart/form-data": {"schema": form},
                "text/plain": {"schema": {"type": "string"}, "example": EXAMPLE_TEXT},
                "image/*": {"schema": file},
                "application/pdf": {"schema": file},
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
    "/redact",
    response_model=RedactResponseV2,
    responses={200: {"content": {"image/*": {}, "application/pdf": {}}}},
    openapi_extra=_described_request(),
)
async def redact(request: Request, caller: CallerDep, parts: PartsDep) -> Response:
    """Hide personal data in a text, a picture or a PDF, or say where it is.

    `mode` is `mask` (`[EMAIL]` in a text; a document comes back painted over, unless `format` is
    `json`), `hash` (`[EMAIL:0f1e...]`), `pseudonym` (`EMAIL_1`) or `detect`; `entities` names what
    is looked for. A document of which a page cannot be read is refused.
    """
    came = await received(request)
    if came.kind == JSON:
        in_json = validated(json_request, came.fields)
        if in_json.text is not None:
            return await _redact_text(request, caller, parts, in_json.text, in_json)
        return await _redact_document(
            request, caller, parts, base64_picture(in_json.data or ""), in_json
        )
    asked = validated(plain_request, came.fields)
    if came.kind == "text/plain":
        return await _redact_text(request, caller, parts, _decoded(came.data), asked)
    return await _redact_document(request, caller, parts, came.data, asked)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("the text is not in UTF-8") from error


async def _redact_text(
    request: Request, caller: Caller, parts: Parts, text: str, asked: RedactRequestV2
) -> Response:
    checked_bytes(text, max_characters=parts.config.limits.text_characters)
    if asked.format == "document":
        raise InvalidRequest("format: only a document comes back as one; leave it out for a text")
    redaction = asked.to_redaction(parts.redactor.key)
    redacted = await unless_gone(
        request, tasks.redact_text_now(parts, caller.queue, text, redaction)
    )
    answer = RedactResponseV2.of_text(redacted, redaction, request_id=correlation_id.get() or "")
    return Response(response_json.dump_json(answer), media_type=JSON)


async def _redact_document(
    request: Request, caller: Caller, parts: Parts, data: bytes, asked: RedactRequestV2
) -> Response:
    check_document(data, parts.config.limits)
    options = checked_options(asked.to_reading(), parts)
    redaction = asked.to_redaction(parts.redactor.key)
    wanted = asked.format or ("document" if asked.mode == "mask" else "json")
    if wanted == "json":
        found = await unless_gone(
            request, tasks.redact_document_now(parts, caller.queue, data, options, redaction)
        )
        answer = RedactResponseV2.of_document(
            found, redaction, request_id=correlation_id.get() or ""
        )
        return Response(response_json.dump_json(answer), media_type=JSON)
    if asked.mode != "mask":
        raise InvalidRequest("format: a document comes back as one in the mode `mask` only")
    masked, media_type = await unless_gone(
        request, tasks.mask_document_now(parts, caller.queue, data, options, redaction)
    )
    return Response(masked, media_type=media_type)
