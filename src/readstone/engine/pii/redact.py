"""Redacts a text in a worker, where a text that takes long ends with the worker."""

from dataclasses import dataclass

from readstone.document import Document
from readstone.engine.pii.places import Place
from readstone.engine.pii.replace import Redaction, replace_spans
from readstone.engine.recognise import Reader
from readstone.findings import PiiSpan


@dataclass(frozen=True, slots=True)
class RedactedText:
    """A text with stand-ins for personal data.

    Attributes:
        spans: where they stand in it.
        found: what they stand for, and where that stood.
    """

    text: str
    spans: tuple[PiiSpan, ...]
    found: tuple[PiiSpan, ...]


@dataclass(frozen=True, slots=True)
class RedactedDocument:
    """The text of a document with stand-ins.

    Attributes:
        places: for each span, where on the pages of the document stands what was found.
    """

    document: Document
    text: RedactedText
    places: list[list[Place]]


def redact_text(reader: Reader, text: str, redaction: Redaction) -> RedactedText:
    """Return a text without the personal data of the wanted kinds."""
    # The numbering plans take 0.1 s to load: they are loaded by workers, and when first needed.
    from readstone.engine.pii.find import find_personal_data

    found = find_personal_data(text, redaction.kinds)
    redacted, spans = replace_spans(text, found, redaction)
    return RedactedText(redacted, tuple(spans), tuple(found))
