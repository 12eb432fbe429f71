"""The small ones: a picture to lines of text, and a picture sent back without its metadata."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from readstone import tasks
from readstone.api.body import check_document, checked_options, form_picture
from readstone.api.deps import PartsDep, refuse_when_draining, unless_gone
from readstone.api.security import Caller
from readstone.errors import NotFound
from readstone.models.ocr import OcrRequestV2, PictureTextResponseV1

router = APIRouter(tags=["picture"])
accepting = [Depends(refuse_when_draining)]

FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post("/", openapi_extra=FORM, dependencies=accepting)
async def read_picture(request: Request, caller: Caller, parts: PartsDep) -> PictureTextResponseV1:
    """Read a picture and answer with its lines."""
    data, _ = await form_picture(request)
    check_document(data, parts.config.limits)
    options = checked_options(OcrRequestV2(), parts)
    document, _ = await unless_gone(request, tasks.read_now(parts, data, options))
    lines = [line.text for page in document.pages for line in page.lines]
    return PictureTextResponseV1(results=lines, original=document.text)


@router.post(
    "/img-echo/",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}, "description": "The picture."}},
    openapi_extra=FORM,
    dependencies=accepting,
)
async def echo_picture(request: Request, caller: Caller, parts: PartsDep) -> Response:
    """Send a picture back in its own format, encoded again and without metadata."""
    if not parts.config.echo.active:
        raise NotFound("this route is switched off; echo.active is its setting")
    data, _ = await form_picture(request)
    check_document(data, parts.config.limits)
    outcome = await unless_gone(request, tasks.echo_now(parts, data))
    picture, media_type = outcome.value
    return Response(picture, media_type=media_type)


@router.get("/", include_in_schema=False)
async def show_docs(parts: PartsDep) -> Response:
    """Lead a browser to the documentation."""
    if not parts.config.docs.active:
        raise NotFound("there is no page here; the documentation is switched off")
    return RedirectResponse("docs")
