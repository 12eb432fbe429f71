"""The small ones: a picture to lines of text, and a picture sent back without its metadata."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from readstone import tasks
from readstone.api.admission import AnswerRoute, CallerDep
from readstone.api.body import check_document, checked_options, described_form, form_picture
from readstone.api.deps import PartsDep, unless_gone
from readstone.errors import NotFound
from readstone.models.ocr import OcrRequestV2
from readstone.models.ocr_v1 import PictureTextResponseV1
from readstone.usage import Used

router = APIRouter(tags=["picture"], route_class=AnswerRoute)

FORM = described_form()


@router.post("/", openapi_extra=FORM)
async def read_picture(
    request: Request, caller: CallerDep, parts: PartsDep
) -> PictureTextResponseV1:
    """Read a picture and answer with its lines."""
    data, _ = await form_picture(request)
    check_document(data, parts)
    options = checked_options(OcrRequestV2(), parts)
    document, _ = await unless_gone(request, tasks.read_now(parts, caller.queue, data, options))
    parts.usage.note(caller.name, Used(pages=len(document.pages)))
    lines = [line.text for page in document.pages for line in page.lines]
    return PictureTextResponseV1(results=lines, original=document.text)


@router.post(
    "/img-echo/",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}, "description": "The picture."}},
    openapi_extra=FORM,
)
async def echo_picture(request: Request, caller: CallerDep, parts: PartsDep) -> Response:
    """Send a picture back in its own format, encoded again and without metadata."""
    if not parts.config.echo.active:
        raise NotFound("this route is switched off; echo.active is its setting")
    data, _ = await form_picture(request)
    check_document(data, parts)
    outcome = await unless_gone(request, tasks.echo_now(parts, caller.queue, data))
    picture, media_type = outcome.value
    return Response(picture, media_type=media_type)
