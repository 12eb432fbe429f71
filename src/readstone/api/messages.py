"""Documents that come by a topic of Kafka: each becomes a job, once."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from readstone import desk
from readstone.api.body import base64_picture, check_size, checked_options
from readstone.api.invoices import check_invoice
from readstone.engine.pages import document_format
from readstone.errors import InvalidRequest
from readstone.invoicing import InvoiceOptions
from readstone.jobs.keys import KnownKey
from readstone.kinds import invoice_request, ocr_request
from readstone.models.invoices import InvoiceRequestV2
from readstone.models.messages import DocumentEventV1
from readstone.models.ocr import OcrRequestV2
from readstone.parts import Parts

T = TypeVar("T")
event_json = TypeAdapter(DocumentEventV1)
ocr_options, invoice_options = TypeAdapter(OcrRequestV2), TypeAdapter(InvoiceRequestV2)
# Where a document can be.
PLACES = ("data", "file_id")


async def take_message(parts: Parts, message: bytes) -> None:
    """Return when the document of a message is a job; the same event again is not another one.

    Raises:
        ReadstoneError: it cannot be one, or not now.
    """
    event = _valid(event_json.validate_json, message)
    caller, keys = parts.config.kafka.caller, parts.jobs.keys
    if await keys.find(caller, event.key):
        return
    kind, data, request = await _work(parts, caller, event)
    job = desk.new_job(parts, caller, kind, data, request, request_id=event.id)
    kept = await desk.accept(parts, job, data)
    await keys.keep(caller, event.key, KnownKey(kept.fingerprint or "", kept.id))
    await parts.runner.submit(kept.id)


async def _work(
    parts: Parts, caller: str, event: DocumentEventV1
) -> tuple[str, bytes, Mapping[str, Any]]:
    """Return the kind of a job, its input, and how it is to be done."""
    fields = {name: value for name, value in event.data.items() if name not in PLACES}
    data = await _document(parts, caller, event)
    if event.type == "invoice.requested":
        check_invoice(data, parts)
        invoice = _valid(invoice_options.validate_python, fields)
        options = InvoiceOptions(checked_options(invoice, parts), invoice.embedded_xml == "auto")
        return "invoice", data, invoice_request(options)
    check_size(data, parts.config.limits)
    document_format(data)
    picture = _valid(ocr_options.validate_python, fields)
    return "ocr", data, ocr_request(checked_options(picture, parts))


async def _document(parts: Parts, caller: str, event: DocumentEventV1) -> bytes:
    """Return the document that a message holds, or that it names."""
    places = {name: event.data[name] for name in PLACES if name in event.data}
    if event.data_base64 is not None:
        places["data_base64"] = event.data_base64
    if len(places) != 1:
        raise InvalidRequest("send one of data_base64, data.data and data.file_id")
    ((name, value),) = places.items()
    if name == "file_id":
        return await parts.shelf.data(await parts.shelf.find(caller, str(value)))
    return base64_picture(str(value))


def _valid(validate: Callable[[Any], T], given: object) -> T:
    try:
        return validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "message"
        raise InvalidRequest(f"{place}: {first['msg'][0].lower()}{first['msg'][1:]}") from error
