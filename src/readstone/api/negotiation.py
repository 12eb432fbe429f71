"""Which format an answer takes: what the Accept header prefers of those that there are."""

from readstone.engine.pages import PDF_MEDIA_TYPE
from readstone.engine.render import FORMATS

JSON, PDF = "json", "pdf"
BY_MEDIA_TYPE = {
    "application/json": JSON,
    "*/*": JSON,
    "application/*": JSON,
    PDF_MEDIA_TYPE: PDF,
    "text/*": "text",
    **{each.media_type: name for name, each in FORMATS.items()},
}


def accepted_format(accept: str) -> str:
    """Return the name of the format that an Accept header prefers; JSON when it knows none."""
    wanted = sorted(map(_weighted, accept.split(",")), key=lambda pair: -pair[0])
    for weight, media_type in wanted:
        if weight > 0 and media_type in BY_MEDIA_TYPE:
            return BY_MEDIA_TYPE[media_type]
    return JSON


def _weighted(part: str) -> tuple[float, str]:
    """Return the quality, 0 to 1, and the media type of one member of an Accept header."""
    media_type, *parameters = (each.strip().lower() for each in part.split(";"))
    for name, _, value in (each.partition("=") for each in parameters):
        if name == "q":
            return _quality(value), media_type
    return 1.0, media_type


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
