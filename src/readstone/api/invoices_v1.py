"""The first version of reading invoices: a file comes in, its invoice is asked for later."""

from functools import partial

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, BackgroundTasks, Request, Response

from readstone import desk
from readstone.api.admission import CallerDep, JobRoute, LookRoute
from readstone.api.answers import once
from readstone.api.body import checked_options, described_form, form_picture
from readstone.api.deps import PartsDep
from readstone.api.invoices import check_invoice
from readstone.api.problems import problem_body
from readstone.cache import content_key
from readstone.invoicing import InvoiceOptions
from readstone.kinds import invoice_request
from readstone.models.invoices import (
    InvoiceRequestV2,
    InvoiceTaskV1,
    InvoiceV2,
    ProcessInvoiceResponseV1,
)

routers = jobs, looks = (
    APIRouter(prefix="/api/v1", tags=["invoices v1"], route_class=JobRoute),
    APIRouter(prefix="/api/v1", tags=["invoices v1"], route_class=LookRoute),
)

FORM = described_form(callback="name of a target", callback_url="an address")


@jobs.post("/process-invoice", status_code=202, openapi_extra=FORM)
async def process_invoice(
    request: Request,
    response: Response,
    caller: CallerDep,
    parts: PartsDep,
    background: BackgroundTasks,
) -> ProcessInvoiceResponseV1:
    """Keep an invoice, answer with the id of a task, and read it in the background.

    When it has ended, the target of that name, or the address, is told so. The same invoice again
    is the same task, for as long as its result is kept.
    """
    data, fields = await form_picture(request)
    check_invoice(data, parts)
    options = InvoiceOptions(checked_options(InvoiceRequestV2(), parts))
    job = desk.new_job(
        parts,
        caller.name,
        "invoice",
        data,
        invoice_request(options),
        request_id=correlation_id.get() or "",
        callback=fields.get("callback") or fields.get("callback_url"),
    )
    fingerprint = content_key(data, job.kind, job.request, job.callback)
    hand_in = partial(desk.accept, parts, job, data)
    job, headers = await once(request, parts, caller, fingerprint, hand_in)
    response.headers.update(headers)
    background.add_task(parts.runner.submit, job.id)
    address = request.url_for("get_invoice_task", task_id=job.id).path
    return ProcessInvoiceResponseV1(job.id, "queued", address, parts.jobs.durability)


@looks.get("/tasks/{task_id}")
async def get_invoice_task(
    request: Request, caller: CallerDep, parts: PartsDep, task_id: str
) -> InvoiceTaskV1:
    """Answer with where a task stands, and with the invoice once it has succeeded."""
    job = await desk.find(parts, caller.name, task_id, kind="invoice")
    read = await desk.result(parts, job) if job.status.has_result else None
    return InvoiceTaskV1(
        task_id=job.id,
        status=job.status,
        result=InvoiceV2.from_invoice(read.invoice, read.document) if read else None,
        error=problem_body(job.error, request.scope["path"]) if job.error else None,
    )
