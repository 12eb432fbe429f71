"""Why a field was missed: its value was not read, or it was read and something else was chosen."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz

from readstone.document import Document
from readstone.engine.invoice.values import currencies_in, days_in, decimal_mark, numbers_in
from readstone.findings import Finding

NAME_PERCENT = 90
NAMES = frozenset(("invoice_number", "vendor", "vendor_vat", "buyer"))


class Miss(StrEnum):
    """Where the right value of a field is that was missed."""

    ALTERNATIVE = "alternative"
    IN_TEXT = "in the text"
    NOT_READ = "not read"


def miss_of(
    name: str,
    wanted: Sequence[str],
    found: Finding[Any],
    document: Document | None,
    is_same: Callable[[str, object], bool],
) -> Miss:
    """Return where the value of a field is, of which each of the wanted ones is right."""

    def is_among(values: Iterable[object]) -> bool:
        return any(is_same(each, value) for value in values for each in wanted)

    lines = [line.text for page in document.pages for line in page.lines] if document else []
    if is_among(each.value for each in found.alternatives):
        return Miss.ALTERNATIVE
    if name in NAMES:
        is_read = any(_is_name_in(each, lines) for each in wanted)
    else:
        is_read = is_among(_values_in(lines))
    return Miss.IN_TEXT if is_read else Miss.NOT_READ


def _values_in(lines: Sequence[str]) -> Iterator[object]:
    """Yield every amount, currency and day that is read, whether days or months come first."""
    mark = decimal_mark(lines)
    for line in lines:
        yield from (number.value for number in numbers_in(line, mark))
        yield from (code for code, _, _ in currencies_in(line, mark))
        for day_first in (True, False):
            yield from (str(day.value) for day in days_in(line, day_first=day_first))


def _is_name_in(wanted: str, lines: Sequence[str]) -> bool:
    """Return whether a name or a number stands in a line, but for signs and a few letters."""
    name, texts = plain(wanted), map(plain, lines)
    return any(
        fuzz.partial_ratio(name, text) >= NAME_PERCENT for text in texts if len(text) >= len(name)
    )


def plain(text: str) -> str:
    """Return letters and digits alone, in lower case."""
    return re.sub(r"[\W_]", "", text).casefold()
