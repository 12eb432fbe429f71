"""Keeping files: sent once, fetched, listed, deleted, and used elsewhere by their id."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from readstone.api.admission import CallerDep, LookRoute, SubmitRoute
from readstone.api.body import check_size, form_file
from readstone.api.deps import PartsDep
from readstone.api.picture import FORM
from readstone.engine.pages import media_type_of
from readstone.models.uploads import FileListV2, FileV2, UploadResponseV1
from readstone.parts import Parts
from readstone.uploads.upload import Upload

routers = sending, looking = (
    APIRouter(tags=["files"], route_class=SubmitRoute),
    APIRouter(prefix="/v2/files", tags=["files"], route_class=LookRoute),
)
FileId = Annotated[str, Path(max_length=32)]
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/*": {}, "application/pdf": {}}, "description": "The file."}
}


@sending.post("/upload", openapi_extra=FORM)
async def upload_file(request: Request, caller: CallerDep, parts: PartsDep) -> UploadResponseV1:
    """Keep a file, and answer with its id; the same file again has the same id."""
    return UploadResponseV1.from_upload(await _keep(request, parts, caller.name))


@sending.post("/v2/files", status_code=201, openapi_extra=FORM)
async def keep_file(
    request: Request, response: Response, caller: CallerDep, parts: PartsDep
) -> FileV2:
    """Keep a file, and answer with what is known of it; the same file again has the same id."""
    answer = FileV2.from_upload(await _keep(request, parts, caller.name))
    response.headers["Location"] = answer.links["self"]
    return answer


async def _keep(request: Request, parts: Parts, caller: str) -> Upload:
    file = await form_file(request)
    check_size(file.data, parts.config.limits)
    return await parts.shelf.keep(
        caller, file.data, media_type=media_type_of(file.data), filename=file.name
    )


@looking.get("")
async def list_files(
    caller: CallerDep,
    parts: PartsDep,
    before: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> FileListV2:
    """List the caller's files, the newest first."""
    found = await parts.shelf.newest(caller.name, before=before, limit=limit + 1)
    page = found[:limit]
    more = page[-1].id if len(found) > limit else None
    return FileListV2([FileV2.from_upload(each) for each in page], more)


@looking.get("/{file_id}")
async def get_file(caller: CallerDep, parts: PartsDep, file_id: FileId) -> FileV2:
    """Say what is known of a file."""
    return FileV2.from_upload(await parts.shelf.find(caller.name, file_id))


@looking.get("/{file_id}/content", response_class=Response, responses=BYTES)
async def fetch_file(caller: CallerDep, parts: PartsDep, file_id: FileId) -> Response:
    """Send a file back as it came, to be saved and never to be shown as a page."""
    upload = await parts.shelf.find(caller.name, file_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.filename)}",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{upload.sha256}"',
    }
    data = await parts.shelf.data(upload)
    return Response(data, headers=headers, media_type=upload.media_type)


@looking.delete("/{file_id}", status_code=204)
async def delete_file(caller: CallerDep, parts: PartsDep, file_id: FileId) -> None:
    """Erase a file."""
    await parts.shelf.forget(await parts.shelf.find(caller.name, file_id))
