"""Answers that a client has already (RFC 9110, If-None-Match)."""

from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response

from readstone.cache import content_key

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The client has it already, as `If-None-Match` says."}
}
IfNoneMatch = Annotated[str, Header(description="the ETag of what the client has")]


def entity_tag(*facts: object) -> str:
    """Return the tag of whatever these facts decide about."""
    return f'"{content_key(b"", *facts)[:32]}"'


def is_known(tag: str, if_none_match: str) -> bool:
    """Whether what has this tag is among what a client has."""
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return bool(known & {tag, "*"})


def not_modified(tag: str) -> Response:
    """Return the answer to a client that has it already."""
    return Response(status_code=304, headers={"ETag": tag})
