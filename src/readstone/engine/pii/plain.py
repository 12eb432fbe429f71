"""Text as the rules read it, character for character beside the text as it was sent."""

from typing import NamedTuple

from readstone.findings import PiiKind

# Signs that say the same: wide ones of Chinese print, and what typesetting makes of plain ones.
_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)}
_BLANKS = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000), " ")
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_DASHES = dict.fromkeys((0xAD, *range(0x2010, 0x2016), 0x2212), "-")
_SIGNS = {0x2018: "'", 0x2019: "'", 0x02BC: "'", 0x60: "'", 0xB4: "'", 0x2024: "."}
_PLAIN = _WIDE | _BLANKS | _BREAKS | _DASHES | _SIGNS


class Candidate(NamedTuple):
    """Where something may stand that is personal data.

    Attributes:
        kind: None for what looks like personal data and is known to be none.
        value: the same for every way of writing the same thing; empty when the text says it.
    """

    kind: PiiKind | None
    start: int
    end: int
    confidence: float
    rule: str
    value: str = ""


def plain_text(text: str) -> str:
    """Return the text with simple signs, every character in its place."""
    return text.translate(_PLAIN)


def lower_text(text: str) -> str:
    """Return the text in lower case, every character in its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
