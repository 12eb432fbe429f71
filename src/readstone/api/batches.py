"""Batches: many files come in at once, each becomes a job, and all together are one."""

from dataclasses import fields as fields_of
from functools import partial
from typing import Any

from asgi_correlation_id import correlation_id
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter
from starlette.datastructures import UploadFile

from readstone import batches
from readstone.api.admission import JobRoute
from readstone.api.answers import ACCEPTED, Client, ClientDep, accepted, once
from readstone.api.body import (
    FILE_ID,
    JSON,
    base64_picture,
    check_document,
    checked_options,
    json_object,
    media_type,
    opened_form,
    read_parameters,
    validated,
)
from readstone.api.invoices import check_invoice
from readstone.batches import Order
from readstone.cache import content_key
from readstone.errors import InvalidRequest
from readstone.invoicing import InvoiceOptions
from readstone.kinds import invoice_request, ocr_request, redact_request
from readstone.models.batches import EXAMPLE_BATCH, BatchFileV2, BatchRequestV2
from readstone.models.invoices import InvoiceRequestV2
from readstone.models.ocr import OcrRequestV2
from readstone.models.redact import RedactRequestV2
from readstone.parts import Parts

File = bytes | BatchFileV2
Fields = dict[str, object]

OWN = frozenset(each.name for each in fields_of(BatchRequestV2))
WITH_RESULT = frozenset({"classify", "detail", "format", "wait"})
# More files than are taken may be sent, so that the refusal can name the setting.
FIELDS, PARTS_PER_FILE = 20, 10

router = APIRouter(prefix="/v2", tags=["jobs"], route_class=JobRoute)
batch_request = TypeAdapter(BatchRequestV2)
ocr_options = TypeAdapter(OcrRequestV2)
invoice_options = TypeAdapter(InvoiceRequestV2)
redact_options = TypeAdapter(RedactRequestV2)


def _described_request() -> dict[str, Any]:
    """Return what the signature does not show: two kinds of body."""
    in_json = batch_request.json_schema()
    in_json["properties"]["files"]["items"] = in_json.pop("$defs")[BatchFileV2.__name__]
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    in_form = {**in_json, "properties": {**in_json["properties"], "files": files}}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": in_form},
                "application/json": {"schema": in_json, "example": EXAMPLE_BATCH},
            },
        }
    }


@router.post("/batches", status_code=202, responses=ACCEPTED, openapi_extra=_described_request())
async def take_batch(client: ClientDep) -> Response:
    """Take many files, answer with a job that has one for each of them, and read them later.

    They are parts `files` of a form, or `{"data": base64}` and `{"file_id": id}` in JSON, and have
    the options of the route of their `kind` in common. `children` are their jobs in the order of
    the files; one that is refused is a job that has failed. The batch has ended when all have: it
    has `succeeded` when all have, `partial` when some have.
    """
    files, fields = await _received(client)
    asked = validated(batch_request, fields)
    order = _order(asked.kind, fields, client.parts)
    batch = batches.new_batch(
        client.parts,
        client.caller.name,
        request_id=correlation_id.get() or "",
        callback=asked.callback or asked.callback_url,
    )
    sources = [partial(_checked, client, order.kind, file) for file in (*files, *asked.files)]
    fingerprint = content_key(b"", order, *map(_fact, (*files, *asked.files)))
    hand_in = partial(batches.accept, client.parts, batch, order, sources)
    kept, headers = await once(client.request, client.parts, client.caller, fingerprint, hand_in)
    response = await accepted(client, kept)
    response.headers.update(headers)
    return response


def _fact(file: File) -> object:
    return content_key(file) if isinstance(file, bytes) else file


async def _received(client: Client) -> tuple[list[File], Fields]:
    """Return the files of a form in their order, and what else came.

    Raises:
        BadRequest, InvalidRequest: it cannot be understood.
    """
    request, limit = client.request, client.parts.config.limits.batch_files
    fields: Fields = dict(request.query_params)
    if media_type(request) == JSON:
        fields = json_object(await request.body()) | fields
        return [], fields
    files: list[File] = []
    parts = PARTS_PER_FILE * limit
    async with opened_form(request, max_files=parts, max_fields=FIELDS + parts) as form:
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                files.append(await part.read())
            elif name == FILE_ID:
                files.append(BatchFileV2(file_id=part))
            else:
                fields[name] = part
    read_parameters(fields)
    return files, fields


def _order(kind: str, fields: Fields, parts: Parts) -> Order:
    """Return what is to be done with every file.

    Raises:
        InvalidRequest, RequestValidationError, UnknownLanguage: an option cannot be used.
    """
    options = {name: value for name, value in fields.items() if name not in OWN}
    if refused := WITH_RESULT & options.keys():
        raise InvalidRequest(f"{', '.join(sorted(refused))}: ask for it with the result of a file")
    if kind == "ocr":
        asked = validated(ocr_options, options)
        return Order("ocr", ocr_request(checked_options(asked, parts)))
    if kind == "invoice":
        of_invoice = validated(invoice_options, options)
        reading = InvoiceOptions(
            checked_options(of_invoice, parts), of_invoice.embedded_xml == "auto"
        )
        return Order("invoice", invoice_request(reading))
    hiding = validated(redact_options, options)
    request = redact_request(
        checked_options(hiding.to_reading(), parts), hiding.to_redaction(parts.redactor.key)
    )
    return Order("mask" if hiding.mode == "mask" else "redact", request)


async def _checked(client: Client, kind: str, file: File) -> bytes:
    """Return the bytes of a file; raise why it is refused."""
    data = await _bytes_of(client, file)
    check = check_invoice if kind == "invoice" else check_document
    check(data, client.parts)
    return data


async def _bytes_of(client: Client, file: File) -> bytes:
    if isinstance(file, bytes):
        return file
    if file.data is not None:
        return base64_picture(file.data)
    shelf = client.parts.shelf
    return await shelf.data(await shelf.find(client.caller.name, file.file_id or ""))
