"""Requests and answers of the routes that read pictures; the class name carries the version."""

from dataclasses import field
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.dataclasses import dataclass

from readstone.document import Box, Document, Line, Page
from readstone.engine.base import STEPS, EngineChoice, OcrOptions, Step
from readstone.engine.nlp.base import Task
from readstone.models.text import ClassificationV2
from readstone.settings import OcrConfig

EXAMPLE_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAtA6m9wAAAABJRU5ErkJggg=="
)
EXAMPLE_TEXT = "Hello, Readstone!"
EXAMPLE_ANSWER: dict[str, Any] = {
    "id": "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
    "status": "succeeded",
    "text": "Hello",
    "confidence": 0.96,
    "pages": [
        {
            "page": 1,
            "status": "succeeded",
            "width": 600,
            "height": 60,
            "dpi": None,
            "rotation": 0,
            "skew": 0.0,
            "language": "eng",
            "text": "Hello",
            "confidence": 0.96,
            "source": "ocr",
            "engines": ["tesseract"],
            "error": None,
            "lines": [
                {
                    "text": "Hello",
                    "bbox": [14, 17, 96, 38],
                    "confidence": 0.96,
                    "words": [
                        {
                            "text": "Hello",
                            "bbox": [14, 17, 96, 38],
                            "confidence": 0.96,
                            "span": [0, 5],
                        }
                    ],
                }
            ],
        }
    ],
    "engine": {"name": "tesseract", "version": "5.5.4", "languages": ["eng"]},
    "usage": {"pages": 1, "bytes": 1843, "queue_ms": 0.1, "ocr_ms": 14.2, "cached": False},
    "warnings": [],
}
TASKS_PATTERN = rf"^(({'|'.join(Task)})(,({'|'.join(Task)}))*)?$"
LANGUAGE_PATTERN = r"^[A-Za-z][A-Za-z0-9_/]*(\+[A-Za-z][A-Za-z0-9_/]*){0,7}$"

AUTO = "auto"
MAX_REGIONS = 100
Lang = Annotated[str, Field(pattern=LANGUAGE_PATTERN, max_length=100)]
Wait = Annotated[float, Field(ge=0, le=300)] | None
Detail = Literal["none", "page", "line", "word"]


def first_language(lang: str | None, config: OcrConfig) -> str:
    """Return the language in which pages are read at first; `auto` goes on from the usual one."""
    return config.language if lang in (None, AUTO) else lang


def _listed(value: object) -> object:
    """Return the names of a comma-separated list, as a form or a query has it."""
    is_list = isinstance(value, str) and value not in ("auto", "none")
    return str(value).split(",") if is_list else value


Preprocess = Annotated[
    Literal["auto", "none"] | list[Step], Field(max_length=10), BeforeValidator(_listed)
]


def _boxes(value: object) -> object:
    """Return the numbers of boxes that are parted by semicolons, as a form or a query has them."""
    return [box.split(",") for box in value.split(";")] if isinstance(value, str) else value


def _proper(box: Box) -> Box:
    if not (0 <= box.x1 < box.x2 and 0 <= box.y1 < box.y2):
        raise ValueError("a box is x1, y1, x2, y2 in pixels, x1 below x2 and y1 below y2")
    return box


Region = Annotated[Box, AfterValidator(_proper)]
Regions = Annotated[list[Region], Field(max_length=MAX_REGIONS), BeforeValidator(_boxes)]


def steps(preprocess: Literal["auto", "none"] | list[Step]) -> tuple[Step, ...]:
    """Return the steps that may be taken before a page is read."""
    if preprocess == "auto":
        return STEPS
    return () if preprocess == "none" else tuple(preprocess)


@dataclass(config=ConfigDict(extra="forbid"))
class OcrRequestV2:
    """How a picture is to be read; what is left out is as the service is configured."""

    lang: Lang | None = None
    psm: Annotated[int, Field(ge=1, le=13)] | None = None
    dpi: Annotated[int, Field(ge=70, le=2400)] | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    pages: Annotated[str, Field(max_length=1000)] = ""
    regions: Regions = field(default_factory=list)
    orientation: Literal["auto", "none"] = "auto"
    preprocess: Preprocess = "auto"
    text_layer: Literal["auto", "never", "only"] = "auto"
    password: SecretStr | None = None
    engine: EngineChoice = "auto"
    detail: Detail = "word"
    format: Literal["json", "text", "hocr", "alto", "tsv", "markdown", "pdf"] | None = None
    classify: Annotated[str, Field(pattern=TASKS_PATTERN)] = ""
    wait: Wait = None

    def to_options(self, config: OcrConfig) -> OcrOptions:
        """Return the options for the engine."""
        return OcrOptions(
            lang=first_language(self.lang, config),
            finds_language=self.lang == AUTO,
            psm=self.psm or config.psm,
            dpi=self.dpi,
            parameters=self.parameters,
            pages=self.pages,
            regions=tuple(self.regions),
            orientation=self.orientation,
            preprocess=steps(self.preprocess),
            text_layer=self.text_layer,
            password=self.password.get_secret_value() if self.password else None,
            engine=self.engine,
        )


@dataclass(
    config=ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"data": EXAMPLE_PICTURE, "lang": "eng", "psm": 3}]},
    )
)
class OcrJsonRequestV2(OcrRequestV2):
    """A picture in base64 and how it is to be read."""

    data: str = field(kw_only=True)


@dataclass
class WordV2:
    """A word; `span` is its place in the text of the page, as [start, end)."""

    text: str
    bbox: Box
    confidence: float
    span: tuple[int, int]


@dataclass
class LineV2:
    """A line of text, in reading order."""

    text: str
    bbox: Box
    confidence: float
    words: list[WordV2] | None

    @classmethod
    def from_line(cls, line: Line, *, detail: Detail) -> Self:
        """Return the line with as much detail as was asked for."""
        words = [
            WordV2(word.text, word.box, _rounded(word.confidence), (word.start, word.end))
            for word in line.words
        ]
        return cls(
            line.text, line.box, _rounded(line.confidence), words if detail == "word" else None
        )


@dataclass
class PageV2:
    """A page; boxes are [x1, y1, x2, y2] in its pixels.

    It was turned by `rotation` degrees clockwise, and its lines rise by `skew` degrees to the
    right. The text of a `failed` page is empty, and `error` is the code of the reason.
    """

    page: int
    status: Literal["succeeded", "failed"]
    width: int
    height: int
    dpi: int | None
    rotation: int
    skew: float
    language: str
    text: str
    confidence: float
    source: str
    engines: list[str]
    error: str | None
    lines: list[LineV2] | None

    @classmethod
    def from_page(cls, page: Page, *, detail: Detail) -> Self:
        """Return the page with as much detail as was asked for."""
        lines = [LineV2.from_line(line, detail=detail) for line in page.lines]
        return cls(
            page=page.number,
            status="failed" if page.error else "succeeded",
            width=page.width,
            height=page.height,
            dpi=page.dpi,
            rotation=page.rotation,
            skew=page.skew,
            language=page.language,
            text=page.text,
            confidence=_rounded(page.confidence),
            source=page.source,
            engines=list(page.engines),
            error=page.error,
            lines=lines if detail in ("line", "word") else None,
        )


@dataclass
class EngineV2:
    """What read the picture."""

    name: str
    version: str
    languages: list[str]


@dataclass
class UsageV2:
    """What the request took."""

    pages: int
    bytes: int
    queue_ms: float
    ocr_ms: float
    cached: bool


@dataclass
class WarningV2:
    """What a reader of the result should know."""

    code: str
    page: int


@dataclass(config=ConfigDict(json_schema_extra={"examples": [EXAMPLE_ANSWER]}))
class OcrResponseV2:
    """What was read; the confidence, 0 to 1, is that of its words on average."""

    id: str
    status: Literal["succeeded", "partial"]
    text: str
    confidence: float
    pages: list[PageV2]
    engine: EngineV2
    usage: UsageV2
    warnings: list[WarningV2]
    classifications: dict[Task, ClassificationV2] = field(default_factory=dict)

    @classmethod
    def from_document(
        cls, document: Document, *, request_id: str, usage: UsageV2, detail: Detail
    ) -> Self:
        """Return the document with as much detail as was asked for."""
        pages = [PageV2.from_page(page, detail=detail) for page in document.pages]
        languages = sorted({code for page in document.pages for code in page.language.split("+")})
        return cls(
            id=request_id,
            status="partial" if document.is_partial else "succeeded",
            text=document.text,
            confidence=_rounded(document.confidence),
            pages=[] if detail == "none" else pages,
            engine=EngineV2(document.engine, document.engine_version, languages),
            usage=usage,
            warnings=[WarningV2(each.code, each.page) for each in document.warnings],
        )


def _rounded(confidence: float) -> float:
    return round(confidence, 4)
