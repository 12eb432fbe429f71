"""Which characters may be written into a result, and what script they belong to."""

import re
import unicodedata

# XML 1.0 allows these; the C1 controls, which it allows too, are left out.
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Han, kana, bopomofo and full-width forms, written without blanks; Hangul has blanks.
_IDEOGRAPH = re.compile(
    "[\u2e80-\u303f\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)


def printable(text: str) -> str:
    """Return text on one line, without control characters and lone surrogates."""
    return " ".join(filter(None, (_UNPRINTABLE.sub("", part) for part in text.split())))


def is_ideograph(character: str) -> bool:
    """Tell whether a character belongs to a script that puts no blanks between words."""
    return _IDEOGRAPH.match(character) is not None


def is_right_to_left(text: str) -> bool:
    """Tell whether a text has letters that are written from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
