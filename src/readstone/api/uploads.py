"""Keeping files: sent once, fetched, listed, deleted, and used elsewhere by their id."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from readstone import tasks
from readstone.api.admission import AnswerRoute, CallerDep, LookRoute, SubmitRoute
from readstone.api.body import check_size, checked_options, described_form, form_file
from readstone.api.conditional import NOT_MODIFIED, IfNoneMatch, is_known, not_modified
from readstone.api.deps import PartsDep, unless_gone
from readstone.api.security import Caller
from readstone.compliance.rule import Candidate, apply_rules
from readstone.engine.pages import media_type_of
from readstone.errors import ComplianceRefused, Conflict
from readstone.models.redact import RedactRequestV2
from readstone.models.uploads import FileLinkV2, FileListV2, FileV2, UploadResponseV1
from readstone.parts import Parts
from readstone.uploads.upload import Upload

routers = sending, looking, masking = (
    APIRouter(tags=["files"], route_class=SubmitRoute),
    APIRouter(prefix="/v2/files", tags=["files"], route_class=LookRoute),
    APIRouter(prefix="/v2/files", tags=["files"], route_class=AnswerRoute),
)
FORM = described_form()
FileId = Annotated[str, Path(max_length=32)]
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/*": {}, "application/pdf": {}}, "description": "The file."}
}


@sending.post("/upload", openapi_extra=FORM)
async def upload_file(request: Request, caller: CallerDep, parts: PartsDep) -> UploadResponseV1:
    """Keep a file, and answer with its id; the same file again has the same id."""
    return UploadResponseV1.from_upload(await _keep(request, parts, caller))


@sending.post("/v2/files", status_code=201, openapi_extra=FORM)
async def keep_file(
    request: Request, response: Response, caller: CallerDep, parts: PartsDep
) -> FileV2:
    """Keep a file, and answer with what is known of it; the same file again has the same id."""
    answer = FileV2.from_upload(await _keep(request, parts, caller))
    response.headers["Location"] = answer.links["self"]
    return answer


async def _keep(request: Request, parts: Parts, caller: Caller) -> Upload:
    file = await form_file(request)
    check_size(file.data, parts.config.limits)
    candidate = Candidate(file.data, media_type_of(file.data), caller.queue)
    data = (await unless_gone(request, _complying(parts, caller, candidate))).data
    return await parts.shelf.keep(
        caller.name, data, media_type=candidate.media_type, filename=file.name
    )


async def _complying(parts: Parts, caller: Caller, candidate: Candidate) -> Candidate:
    try:
        complying = await apply_rules(parts.rules, candidate)
    except ComplianceRefused as error:
        told = {name: error.facts[name] for name in ("outcome", "rule")}
        await parts.audit.record(caller.name, candidate.data, **told)
        raise
    await parts.audit.record(caller.name, complying.data, outcome="validated", rule=None)
    return complying


@looking.get("")
async def list_files(
    request: Request,
    caller: CallerDep,
    parts: PartsDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
) -> FileListV2:
    """List the caller's files, the newest first.

    `next` is the address of older ones.
    """
    found = await parts.shelf.newest(caller.name, before=cursor, limit=limit + 1)
    shown = found[:limit]
    more = address_of_older(request, shown, limit) if len(found) > limit else None
    return FileListV2([FileV2.from_upload(each) for each in shown], more)


def address_of_older(request: Request, shown: Sequence[Upload], limit: int) -> str:
    """Return the address at which a list of uploads goes on."""
    query = urlencode({"limit": limit, "cursor": shown[-1].id})
    return f"{request.scope.get('root_path', '')}{request.scope['path']}?{query}"


@looking.get("/{file_id}")
async def get_file(caller: CallerDep, parts: PartsDep, file_id: FileId) -> FileV2:
    """Say what is known of a file."""
    return FileV2.from_upload(await parts.shelf.find(caller.name, file_id))


@looking.get("/{file_id}/content", response_class=Response, responses={**BYTES, **NOT_MODIFIED})
async def fetch_file(
    caller: CallerDep, parts: PartsDep, file_id: FileId, if_none_match: IfNoneMatch = ""
) -> Response:
    """Send a file back as it came, to be saved and never to be shown as a page."""
    upload = await parts.shelf.find(caller.name, file_id)
    tag = f'"{upload.sha256}"'
    if is_known(tag, if_none_match):
        return not_modified(tag)
    headers = {**_download(upload), "ETag": tag}
    data = await parts.shelf.data(upload)
    return Response(data, headers=headers, media_type=upload.media_type)


@looking.get("/{file_id}/link")
async def link_file(caller: CallerDep, parts: PartsDep, file_id: FileId) -> FileLinkV2:
    """Give an address in the bucket where anybody can fetch a file for five minutes.

    Where files do not lie in a bucket there is none, which is a conflict.
    """
    link = await parts.shelf.link(await parts.shelf.find(caller.name, file_id))
    if link is None:
        raise Conflict(
            "files do not lie in a bucket here; fetch the content instead", setting="storage.url"
        )
    return FileLinkV2(link.url, link.expires_at)


@masking.get("/{file_id}/masked", response_class=Response, responses=BYTES)
async def fetch_masked_file(
    request: Request, caller: CallerDep, parts: PartsDep, file_id: FileId
) -> Response:
    """Send a file back with all personal data on it painted over, as /v2/redact does."""
    upload = await parts.shelf.find(caller.name, file_id)
    asked = RedactRequestV2()
    options = checked_options(asked.to_reading(), parts)
    redaction = asked.to_redaction(parts.redactor.key)
    data = await parts.shelf.data(upload)
    masked, media_type = await unless_gone(
        request, tasks.mask_document_now(parts, caller.queue, data, options, redaction)
    )
    return Response(masked, headers=_download(upload), media_type=media_type)


def _download(upload: Upload) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.filename)}",
        "X-Content-Type-Options": "nosniff",
    }


@looking.delete("/{file_id}", status_code=204)
async def delete_file(caller: CallerDep, parts: PartsDep, file_id: FileId) -> None:
    """Erase a file."""
    await parts.shelf.forget(await parts.shelf.find(caller.name, file_id))
