"""Requests and answers of the route that redacts; the class name carries the version."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic.dataclasses import dataclass

from readstone.document import Box, Page
from readstone.engine.pii.places import Place
from readstone.engine.pii.redact import RedactedDocument, RedactedText
from readstone.engine.pii.replace import Key, Mode, Redaction
from readstone.findings import PiiKind, PiiSpan
from readstone.models.ocr import EXAMPLE_PICTURE, Lang, OcrRequestV2, Wait

EXAMPLE_TEXT = "Dear Ms. Okafor, please call +44 20 7946 0958."


def _split(value: object) -> object:
    """Return the names of a comma-separated string, as forms and queries have them."""
    return value.split(",") if isinstance(value, str) else value


@dataclass(config=ConfigDict(extra="forbid"))
class RedactRequestV2:
    """What is looked for and what becomes of it; how a document is read, as for /v2/ocr."""

    entities: Annotated[
        list[PiiKind], BeforeValidator(_split), Field(min_length=1, max_length=len(PiiKind))
    ] = field(default_factory=lambda: list(PiiKind))
    mode: Mode = "mask"
    format: Literal["json", "document"] | None = None
    lang: Lang | None = None
    psm: Annotated[int, Field(ge=1, le=13)] | None = None
    dpi: Annotated[int, Field(ge=70, le=2400)] | None = None
    pages: Annotated[str, Field(max_length=1000)] = ""
    password: SecretStr | None = None
    wait: Wait = None

    def to_redaction(self, key: Key) -> Redaction:
        """Return what is looked for, and what is to stand in its place."""
        return Redaction(tuple(self.entities), self.mode, key)

    def to_reading(self) -> OcrRequestV2:
        """Return how a document is to be read."""
        return OcrRequestV2(
            lang=self.lang, psm=self.psm, dpi=self.dpi, pages=self.pages, password=self.password
        )


@dataclass(
    config=ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"text": EXAMPLE_TEXT, "mode": "pseudonym"},
                {"data": EXAMPLE_PICTURE, "mode": "detect", "entities": ["person", "email"]},
            ]
        },
    )
)
class RedactJsonRequestV2(RedactRequestV2):
    """A text, or a document in base64; one of them."""

    text: str | None = field(default=None, kw_only=True)
    data: str | None = field(default=None, kw_only=True)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.text is None) == (self.data is None):
            raise ValueError("send either `text` or `data`")
        return self


@dataclass
class PlaceV2:
    """A place on a page, in pixels of its upright picture."""

    page: int
    bbox: Box


@dataclass
class EntityV2:
    """Personal data: `text[span[0]:span[1]]` of the answer is its `text`.

    In mode `detect` that is what was found, in the others what stands in its place.
    """

    kind: PiiKind
    text: str
    span: tuple[int, int]
    confidence: float
    rule: str
    places: list[PlaceV2]

    @classmethod
    def from_span(cls, span: PiiSpan, places: Sequence[Place]) -> Self:
        """Return a span of a text and the places where it stands on pages."""
        return cls(
            kind=span.kind,
            text=span.text,
            span=(span.start, span.end),
            confidence=round(span.confidence, 4),
            rule=span.rule,
            places=[PlaceV2(place.page, place.box) for place in places],
        )


@dataclass
class RedactedPageV2:
    """The size of a page in pixels, and by how many degrees clockwise it was turned."""

    page: int
    width: int
    height: int
    rotation: int


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
                    "mode": "pseudonym",
                    "consistent_within": "text",
                    "text": "Dear Ms. PERSON_1, please call PHONE_1.",
                    "entities": [
                        {
                            "kind": "person",
                            "text": "PERSON_1",
                            "span": [9, 17],
                            "confidence": 0.9,
                            "rule": "title",
                            "places": [],
                        },
                        {
                            "kind": "phone",
                            "text": "PHONE_1",
                            "span": [31, 38],
                            "confidence": 0.95,
                            "rule": "phone_international",
                            "places": [],
                        },
                    ],
                    "counts": {"person": 1, "phone": 1},
                    "pages": [],
                }
            ]
        }
    )
)
class RedactResponseV2:
    """A text and the personal data in it; a form feed stands between the pages of a document.

    `consistent_within` says where the same value has the same stand-in: in this `text`, as long as
    this `process` lives, or for ever, with the `key` that is configured.
    """

    id: str
    mode: Mode
    consistent_within: Literal["text", "process", "key"] | None
    text: str
    entities: list[EntityV2]
    counts: dict[PiiKind, int]
    pages: list[RedactedPageV2]

    @classmethod
    def of_text(cls, redacted: RedactedText, redaction: Redaction, *, request_id: str) -> Self:
        """Return the answer for a text."""
        places: list[list[Place]] = [[] for _ in redacted.spans]
        return cls._of(redacted, places, (), redaction, request_id)

    @classmethod
    def of_document(
        cls, redacted: RedactedDocument, redaction: Redaction, *, request_id: str
    ) -> Self:
        """Return the answer for the text of a document."""
        pages = redacted.document.pages
        return cls._of(redacted.text, redacted.places, pages, redaction, request_id)

    @classmethod
    def _of(
        cls,
        redacted: RedactedText,
        places: Sequence[Sequence[Place]],
        pages: Sequence[Page],
        redaction: Redaction,
        request_id: str,
    ) -> Self:
        return cls(
            id=request_id,
            mode=redaction.mode,
            consistent_within=redaction.consistent_within,
            text=redacted.text,
            entities=[
                EntityV2.from_span(span, its_places)
                for span, its_places in zip(redacted.spans, places, strict=True)
            ],
            counts=dict(Counter(span.kind for span in redacted.spans)),
            pages=[RedactedPageV2(p.number, p.width, p.height, p.rotation) for p in pages],
        )
