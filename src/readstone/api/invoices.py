"""Invoices: a PDF, a picture or XML comes in, its fields go out, each with where it stands."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from readstone.api.admission import AnswerRoute
from readstone.api.answers import ACCEPTED, Client, ClientDep, Result, Work, answer, check_format
from readstone.api.body import (
    FILE_ID_PARAMETER,
    JSON,
    base64_picture,
    check_document,
    check_size,
    checked_options,
    received,
    validated,
)
from readstone.engine.invoice.work import is_xml
from readstone.engine.render.invoice_csv import render_invoice_csv
from readstone.engine.render.ubl import render_ubl
from readstone.findings import Invoice
from readstone.invoicing import InvoiceOptions, ReadInvoice
from readstone.kinds import invoice_request
from readstone.models.invoices import InvoiceJsonRequestV2, InvoiceRequestV2, InvoiceResponseV2
from readstone.models.jobs import ResultRequestV2
from readstone.models.ocr import UsageV2
from readstone.parts import Parts

FORMATS: Mapping[str, tuple[str, Callable[[Invoice], str]]] = {
    "ubl": ("application/xml", render_ubl),
    "csv": ("text/csv; charset=utf-8", render_invoice_csv),
}

router = APIRouter(prefix="/v2", tags=["invoices"], route_class=AnswerRoute)
json_request = TypeAdapter(InvoiceJsonRequestV2)
plain_request = TypeAdapter(InvoiceRequestV2)
response_json = TypeAdapter(InvoiceResponseV2)


def _described_request() -> dict[str, Any]:
    """Return what the signature does not show: three kinds of body, options in the query."""
    options = plain_request.json_schema()
    file = {"type": "string", "format": "binary"}
    form = {**options, "properties": {"file": file, **options["properties"]}, "required": ["file"]}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                "application/json": {"schema": json_request.json_schema()},
                "application/pdf": {"schema": file},
                "application/xml": {"schema": file},
                "image/*": {"schema": file},
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
    "/invoices",
    response_model=InvoiceResponseV2,
    responses={200: {"content": {"application/xml": {}, "text/csv": {}}}, **ACCEPTED},
    openapi_extra=_described_request(),
)
async def read_invoice(client: ClientDep) -> Response:
    """Read an invoice, a credit note or a receipt, and answer with its fields.

    Each field says where it stands, what it is taken from and how probable it is; `checks` are the
    sums that were tried. XML within a PDF (Factur-X, ZUGFeRD, XRechnung) counts before its pages,
    and a page that says something else is reported. `needs_review` and `reasons` say whether a
    person should look at it; of what is no invoice, every field is null. `format` may be `ubl` (UBL
    2.1) or `csv` (a row for each item) as well.
    """
    data, asked = await _invoice_and_options(client.request)
    check_invoice(data, client.parts)
    options = InvoiceOptions(checked_options(asked, client.parts), asked.embedded_xml == "auto")
    work = Work("invoice", data, invoice_request(options))
    return await answer(client, work, send_invoice, ResultRequestV2(asked.format), asked.wait)


async def send_invoice(_: Client, result: Result, wanted: ResultRequestV2) -> Response:
    """Return an invoice in the format that is wanted."""
    read: ReadInvoice = result.found
    name = wanted.format or "json"
    check_format(name, "json", *FORMATS)
    if name in FORMATS:
        media_type, render = FORMATS[name]
        return Response(render(read.invoice), media_type=media_type)
    queue_ms, ocr_ms = (round(s * 1000, 1) for s in (read.costs.queue_s, read.costs.work_s))
    pages = len(read.document.pages) if read.document else 0
    told = InvoiceResponseV2.from_reading(
        read.invoice,
        read.document,
        request_id=result.id,
        usage=UsageV2(pages, result.job.size_bytes, queue_ms, ocr_ms, read.costs.is_cached),
    )
    headers = {"Server-Timing": f"queue;dur={queue_ms}, ocr;dur={ocr_ms}"}
    return Response(response_json.dump_json(told), headers=headers, media_type=JSON)


async def _invoice_and_options(request: Request) -> tuple[bytes, InvoiceRequestV2]:
    came = await received(request)
    if came.kind == JSON:
        asked = validated(json_request, came.fields)
        return base64_picture(asked.data), asked
    return came.data, validated(plain_request, came.fields)


def check_invoice(data: bytes, parts: Parts) -> None:
    """Refuse what can be refused by its size and its first bytes; XML may be an invoice."""
    if is_xml(data):
        check_size(data, parts.config.limits)
    else:
        check_document(data, parts)
