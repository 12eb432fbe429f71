"""What stands in the place of personal data: a mark, a code, or a name that stays the same."""

import hmac
from base64 import b32encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from readstone.findings import PiiKind, PiiSpan

Mode = Literal["detect", "mask", "hash", "pseudonym"]
HASH_CHARACTERS = 16
PSEUDONYM_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Key:
    """What hashes are made with, since telephone numbers can be guessed from a hash without one.

    Attributes:
        is_lasting: it is the one that is configured, and not one of this process alone.
    """

    secret: bytes = field(repr=False)
    is_lasting: bool


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is looked for, and what is to stand in its place."""

    kinds: tuple[PiiKind, ...]
    mode: Mode
    key: Key

    @property
    def consistent_within(self) -> Literal["text", "process", "key"] | None:
        """Where the same value has the same stand-in; None where nothing tells values apart."""
        if self.mode in ("detect", "mask"):
            return None
        if self.key.is_lasting:
            return "key"
        return "process" if self.mode == "hash" else "text"


def replace_spans(
    text: str, spans: Sequence[PiiSpan], redaction: Redaction
) -> tuple[str, list[PiiSpan]]:
    """Return the text with stand-ins, and where they stand; nothing of what was there is left.

    Args:
        spans: in their order; none overlaps another.
    """
    if redaction.mode == "detect":
        return text, list(spans)
    stand_ins = _StandIns(redaction)
    parts: list[str] = []
    placed: list[PiiSpan] = []
    end = length = 0
    for span in spans:
        stand_in = stand_ins.of(span)
        start = length + span.start - end
        parts += [text[end : span.start], stand_in]
        end, length = span.end, start + len(stand_in)
        placed.append(replace(span, start=start, end=length, text=stand_in, value=stand_in))
    return "".join([*parts, text[end:]]), placed


class _StandIns:
    """Stand-ins for the values of one text."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction
        self._numbers: dict[tuple[PiiKind, str], int] = {}
        self._counts: Counter[PiiKind] = Counter()

    def of(self, span: PiiSpan) -> str:
        """Return what stands in the place of a span."""
        kind = span.kind.upper()
        if self._redaction.mode == "mask":
            return f"[{kind}]"
        if self._redaction.mode == "hash":
            return f"[{kind}:{self._digest(span).hex()[:HASH_CHARACTERS]}]"
        if self._redaction.key.is_lasting:
            return f"{kind}_{b32encode(self._digest(span)).decode()[:PSEUDONYM_CHARACTERS]}"
        return f"{kind}_{self._number(span)}"

    def _digest(self, span: PiiSpan) -> bytes:
        message = f"{span.kind}\0{span.value}".encode()
        return hmac.digest(self._redaction.key.secret, message, sha256)

    def _number(self, span: PiiSpan) -> int:
        """Return the number of a value: the first of its kind in the text has 1."""
        key = span.kind, span.value
        if key not in self._numbers:
            self._counts[span.kind] += 1
            self._numbers[key] = self._counts[span.kind]
        return self._numbers[key]
