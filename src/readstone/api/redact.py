"""Personal data: found in a text or document, replaced in its text, painted over on its pages."""

from typing import Any

from asgi_correlation_id import correlation_id
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter

from readstone import tasks
from readstone.api.admission import AnswerRoute
from readstone.api.answers import ACCEPTED, Client, ClientDep, Result, Work, answer, check_format
from readstone.api.body import (
    FILE_ID_PARAMETER,
    JSON,
    base64_picture,
    check_document,
    checked_options,
    received,
    validated,
)
from readstone.api.deps import unless_gone
from readstone.errors import BadRequest, InvalidRequest
from readstone.kinds import redact_request, redaction_of
from readstone.models.jobs import ResultRequestV2
from readstone.models.redact import (
    EXAMPLE_TEXT,
    RedactJsonRequestV2,
    RedactRequestV2,
    RedactResponseV2,
)
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
    responses={200: {"content": {"image/*": {}, "application/pdf": {}}}, **ACCEPTED},
    openapi_extra=_described_request(),
)
async def redact(client: ClientDep) -> Response:
    """Hide personal data in a text, a picture or a PDF, or say where it is.

    `mode` is `mask` (`[EMAIL]` in a text; a document comes back painted over, unless `format` is
    `json`), `hash` (`[EMAIL:0f1e...]`), `pseudonym` (`EMAIL_1`) or `detect`; `entities` names what
    is looked for. A document of which a page cannot be read is refused.
    """
    came = await received(client.request)
    if came.kind == JSON:
        in_json = validated(json_request, came.fields)
        if in_json.text is not None:
            return await _redact_text(client, in_json.text, in_json)
        return await _redact_document(client, base64_picture(in_json.data or ""), in_json)
    asked = validated(plain_request, came.fields)
    if came.kind == "text/plain":
        return await _redact_text(client, _decoded(came.data), asked)
    return await _redact_document(client, came.data, asked)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("the text is not in UTF-8") from error


async def _redact_text(client: Client, text: str, asked: RedactRequestV2) -> Response:
    parts = client.parts
    checked_bytes(text, max_characters=parts.config.limits.text_characters)
    if asked.format == "document":
        raise InvalidRequest("format: only a document comes back as one; leave it out for a text")
    redaction = asked.to_redaction(parts.redactor.key)
    work = tasks.redact_text_now(parts, client.caller.queue, text, redaction)
    redacted = await unless_gone(client.request, work)
    told = RedactResponseV2.of_text(redacted, redaction, request_id=correlation_id.get() or "")
    return Response(response_json.dump_json(told), media_type=JSON)


async def _redact_document(client: Client, data: bytes, asked: RedactRequestV2) -> Response:
    parts = client.parts
    check_document(data, parts)
    options = checked_options(asked.to_reading(), parts)
    wanted = asked.format or ("document" if asked.mode == "mask" else "json")
    if wanted == "document" and asked.mode != "mask":
        raise InvalidRequest("format: a document comes back as one in the mode `mask` only")
    request = redact_request(options, asked.to_redaction(parts.redactor.key))
    kind, send = ("redact", send_text) if wanted == "json" else ("mask", send_document)
    work = Work(kind, data, request)
    return await answer(client, work, send, ResultRequestV2(wanted), asked.wait)


async def send_text(client: Client, result: Result, wanted: ResultRequestV2) -> Response:
    """Return the text of a document with stand-ins."""
    check_format(wanted.format or "json", "json")
    redaction = redaction_of(client.parts, result.job)
    told = RedactResponseV2.of_document(result.found, redaction, request_id=result.id)
    return Response(response_json.dump_json(told), media_type=JSON)


async def send_document(_: Client, result: Result, wanted: ResultRequestV2) -> Response:
    """Return a document that was painted over."""
    check_format(wanted.format or "document", "document")
    masked, media_type = result.found
    return Response(masked, media_type=media_type)
