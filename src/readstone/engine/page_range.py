"""Which pages of a document are wanted: `1-3,7`."""

import re

from readstone.errors import InvalidRequest

RANGES = re.compile(r"\d{1,6}(-\d{0,6})?(,\d{1,6}(-\d{0,6})?)*")


def chosen_pages(text: str, count: int) -> tuple[int, ...]:
    """Return the wanted page numbers, from 1, in ascending order.

    Args:
        text: numbers and ranges joined by commas, `5-` to the end; empty for all pages.
        count: pages of the document.
    Raises:
        InvalidRequest: it cannot be understood, or names a page that is not there.
    """
    if not text:
        return tuple(range(1, count + 1))
    if not RANGES.fullmatch(text):
        raise InvalidRequest("pages: write numbers and ranges, as 1-3,7 or 5-")
    chosen: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin, end = int(first), int(last or count) if dash else int(first)
        if not 1 <= begin <= end <= count:
            raise InvalidRequest(f"pages: {part} is not within 1 to {count}", pages=count)
        chosen.update(range(begin, end + 1))
    return tuple(sorted(chosen))
