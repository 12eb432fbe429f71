"""Export: what may be given to others, which is sums and masked texts and nothing else."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from readstone import tasks
from readstone.api.admission import AnswerRoute, CallerDep
from readstone.api.body import checked_options
from readstone.api.deps import PartsDep, unless_gone
from readstone.api.security import Caller
from readstone.api.uploads import address_of_older
from readstone.errors import NotRedacted, ReadstoneError
from readstone.models.export import ExportResponseV2
from readstone.models.redact import RedactRequestV2
from readstone.parts import Parts
from readstone.uploads.upload import Upload

router = APIRouter(prefix="/v2", tags=["files"], route_class=AnswerRoute)


@router.get("/export")
async def export_files(
    request: Request,
    caller: CallerDep,
    parts: PartsDep,
    limit: Annotated[int, Query(ge=0, le=20)] = 5,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
) -> ExportResponseV2:
    """Give out sums over the caller's files, and the texts of some without personal data.

    A file whose text cannot be masked refuses the whole export, and the problem names it as
    `file_id`: sent as `cursor`, it is passed over. `limit=0` gives the sums alone.
    """
    found = await parts.shelf.newest(caller.name, before=cursor, limit=limit + 1)
    shown = found[:limit]
    texts = await unless_gone(request, _masked(parts, caller, shown))
    return ExportResponseV2.of(
        await parts.shelf.totals(caller.name),
        list(zip(shown, texts, strict=True)),
        more=address_of_older(request, shown, limit) if shown and len(found) > limit else None,
    )


async def _masked(parts: Parts, caller: Caller, shown: list[Upload]) -> list[str]:
    """Return the masked texts of all of these files, or of none."""
    asked = RedactRequestV2()
    options = checked_options(asked.to_reading(), parts)
    redaction = asked.to_redaction(parts.redactor.key)
    texts = []
    for upload in shown:
        data = await parts.shelf.data(upload)
        try:
            text = await tasks.mask_text_now(parts, caller.queue, data, options, redaction)
        except ReadstoneError as error:
            if error.retryable:
                raise
            detail = f"a file cannot be masked, and nothing is given out: {error.detail}"
            raise NotRedacted(detail, **{**error.facts, "file_id": upload.id}) from error
        texts.append(text)
    return texts
