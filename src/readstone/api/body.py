"""How a picture comes in, and what is checked before it waits for a worker."""

import binascii
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile

from readstone.engine.base import OcrOptions
from readstone.engine.pages import document_format
from readstone.errors import BadRequest, BodyTooLarge, InvalidRequest
from readstone.models.invoices import InvoiceRequestV2
from readstone.models.ocr import OcrJsonRequestV2, OcrRequestV2
from readstone.parts import Parts
from readstone.settings import LimitsConfig
from readstone.tasks import check_options

T = TypeVar("T")

JSON = "application/json"
FILE_ID = "file_id"
FILE_ID_PARAMETER = {
    "in": "query",
    "name": FILE_ID,
    "schema": {"type": "string"},
    "description": "of a file that is kept, in place of its bytes; also in the form or the JSON",
}
WHITE_SPACE = b" \t\r\n"

json_request = TypeAdapter(OcrJsonRequestV2)
plain_request = TypeAdapter(OcrRequestV2)


def described_form(**texts: str) -> dict[str, Any]:
    """Return the description of a form with the part `file`, and parts of text that it may have."""
    parts = {name: {"type": "string", "description": told} for name, told in texts.items()}
    file = {"type": "string", "format": "binary"}
    schema = {"type": "object", "required": ["file"], "properties": {"file": file, **parts}}
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


@dataclass(frozen=True, slots=True)
class FormFile:
    """The part `file` of a form: its bytes, its name, and the other parts."""

    data: bytes
    name: str
    fields: dict[str, str]


async def form_picture(request: Request) -> tuple[bytes, dict[str, str]]:
    """Return the bytes of the part `file` of a form, and its other parts.

    Raises:
        BadRequest, InvalidRequest: no form, or no such part.
    """
    file = await form_file(request)
    return file.data, file.fields


async def form_file(request: Request) -> FormFile:
    """Return the file of a form; it has no bytes when the form names one that is kept.

    Raises:
        BadRequest, InvalidRequest: no form, or no such part.
    """
    async with opened_form(request) as form:
        fields = {name: part for name, part in form.items() if isinstance(part, str)}
        upload = form.get("file")
        if isinstance(upload, UploadFile):
            return FormFile(await upload.read(), upload.filename or "", fields)
        if FILE_ID in fields:
            return FormFile(b"", "", fields)
        raise InvalidRequest("file: send the picture as the part `file` of a form")


@asynccontextmanager
async def opened_form(
    request: Request, *, max_files: int = 1, max_fields: int = 20
) -> AsyncIterator[FormData]:
    """Give the parts of a form.

    Raises:
        BadRequest: it is no form, or has too many parts.
    """
    try:
        async with request.form(max_files=max_files, max_fields=max_fields) as form:
            yield form
    except (LookupError, UnicodeError) as error:
        raise BadRequest("the charset of the form cannot be read; use UTF-8") from error


def base64_picture(text: str) -> bytes:
    """Return the bytes of base64 text; line breaks and a `data:` prefix may be in it.

    Raises:
        BadRequest: it is not base64.
    """
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return b64decode(text.encode("ascii").translate(None, WHITE_SPACE), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadRequest("data: this is not base64") from error


async def picture_and_options(request: Request) -> tuple[bytes, OcrRequestV2]:
    """Return a picture and how it is to be read, whichever of the three ways it came.

    Raises:
        BadRequest, InvalidRequest, RequestValidationError: it cannot be understood.
    """
    came = await received(request)
    read_parameters(came.fields)
    if came.kind == JSON:
        asked = validated(json_request, came.fields)
        return base64_picture(asked.data), asked
    return came.data, validated(plain_request, came.fields)


def read_parameters(fields: dict[str, object]) -> None:
    """Read the option `parameters`, which is JSON where a field can be text only."""
    if isinstance(parameters := fields.get("parameters"), str):
        fields["parameters"] = json_object(parameters)


@dataclass(frozen=True, slots=True)
class Received:
    """What came with a request: the media type, the bytes that are no option, and the options."""

    kind: str
    data: bytes
    fields: dict[str, object]


async def received(request: Request) -> Received:
    """Return what came, or the file that is kept under the `file_id` that came.

    Raises:
        BadRequest, InvalidRequest: it cannot be understood.
        NotFound: the caller has no such file.
    """
    came = await _came(request)
    file_id = came.fields.pop(FILE_ID, None)
    if file_id is None:
        return came
    if came.data or "data" in came.fields:
        raise InvalidRequest("file_id: send either a file or the id of one that is kept")
    shelf, caller = request.app.state.parts.shelf, request.state.visit.caller
    upload = await shelf.find(caller.name, str(file_id))
    return Received(upload.media_type, await shelf.data(upload), came.fields)


def media_type(request: Request) -> str:
    """Return the type of a body as its sender says, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _came(request: Request) -> Received:
    """Return what came, as JSON, as a form, or as bytes beside options in the query."""
    kind = media_type(request)
    fields: dict[str, object] = dict(request.query_params)
    if kind == JSON:
        return Received(kind, b"", json_object(await request.body()) | fields)
    if kind == "multipart/form-data":
        data, parts = await form_picture(request)
        return Received(kind, data, fields | parts)
    return Received(kind, await request.body(), fields)


def validated(request: TypeAdapter[T], fields: Mapping[str, object]) -> T:
    """Return options as what they are.

    Raises:
        RequestValidationError: one of them does not exist, or has a wrong value.
    """
    try:
        return request.validate_python(fields)
    except ValidationError as error:
        errors = [each | {"loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(errors) from error


def json_object(text: bytes | str) -> dict[str, object]:
    """Return the members of a JSON object; raise BadRequest when it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest("this is not JSON") from error
    if not isinstance(value, dict):
        raise BadRequest("this is JSON, and not an object")
    return value


def check_document(data: bytes, parts: Parts) -> None:
    """Refuse what can be refused by its size and its first bytes.

    Raises:
        InvalidRequest, BodyTooLarge, UnsupportedType: it is empty, too large, or not readable.
    """
    check_size(data, parts.config.limits)
    document_format(data)


def check_size(data: bytes, limits: LimitsConfig) -> None:
    """Refuse what is empty, or has more bytes than the service takes.

    Raises:
        InvalidRequest, BodyTooLarge: the detail names the limit.
    """
    if not data:
        raise InvalidRequest("the file is empty; send its bytes")
    if len(data) > limits.body_bytes:
        raise BodyTooLarge(
            "the file has more bytes than the service takes; send a smaller file",
            limit=limits.body_bytes,
            actual=len(data),
            setting="limits.body_bytes",
        )


def checked_options(asked: OcrRequestV2 | InvoiceRequestV2, parts: Parts) -> OcrOptions:
    """Return the options for the engine, each of them possible here.

    Raises:
        UnknownLanguage, InvalidRequest: the detail names what is possible.
    """
    options = asked.to_options(parts.config.ocr)
    check_options(parts, options)
    return options
