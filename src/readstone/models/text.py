"""Requests and answers of the routes that classify text; the class name carries the version."""

from collections.abc import Iterable
from dataclasses import field
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, SecretStr
from pydantic.dataclasses import dataclass

from readstone.classifying import Verdict
from readstone.engine.nlp.base import Label, Task
from readstone.errors import ReadstoneError

EXAMPLE_TEXT = "This is a beautiful day"
MAX_TEXTS = 64
MODEL = "readstone-text-1"


def _example(**members: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [members]})


@dataclass(config=_example(text=EXAMPLE_TEXT))
class ClassifyRequestV1:
    """A text to be moderated."""

    text: str
    token: SecretStr | None = None


@dataclass(config=_example(text=EXAMPLE_TEXT))
class SentimentRequestV1(ClassifyRequestV1):
    """A text whose sentiment is wanted."""


@dataclass
class LabelV1:
    """A label with its score, 0 to 1."""

    label: str
    score: float

    @classmethod
    def all_of(cls, labels: Iterable[Label]) -> list[Self]:
        """Return labels as they are sent."""
        return [cls(each.name, rounded(each.score)) for each in labels]


@dataclass(
    config=_example(
        labels=[
            {"label": "offensive", "score": 0.0254},
            {"label": "toxic", "score": 0.0221},
            {"label": "hate", "score": 0.0215},
        ],
        flagged=False,
        model=MODEL,
        language_supported=True,
    )
)
class ClassifyResponseV1:
    """What speaks for each label; none when the model cannot judge the language of the text."""

    labels: list[LabelV1]
    flagged: bool
    model: str
    language_supported: bool

    @classmethod
    def from_verdict(cls, verdict: Verdict, model: str) -> Self:
        """Return the moderation of a text."""
        labels = verdict.labels(Task.MODERATION)
        flagged = any(label.is_flagged for label in labels)
        return cls(LabelV1.all_of(labels), flagged, model, verdict.judgement is not None)


@dataclass(
    config=_example(
        label="positive",
        score=0.9504,
        scores={"positive": 0.9504, "neutral": 0.0252, "negative": 0.0243},
        ts=1795226400,
        version="v1",
        language_supported=True,
    )
)
class SentimentResponseV1:
    """The sentiment of a text; null when the model cannot judge its language."""

    label: str | None
    score: float | None
    scores: dict[str, float]
    ts: int
    language_supported: bool
    version: Literal["v1"] = "v1"

    @classmethod
    def from_verdict(cls, verdict: Verdict, *, ts: int) -> Self:
        """Return the sentiment of a text."""
        labels = LabelV1.all_of(verdict.labels(Task.SENTIMENT))
        return cls(
            label=labels[0].label if labels else None,
            score=labels[0].score if labels else None,
            scores={each.label: each.score for each in labels},
            ts=ts,
            language_supported=verdict.judgement is not None,
        )


@dataclass(
    config=ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"inputs": [EXAMPLE_TEXT, "I had a very bad day"], "task": "sentiment"}]
        },
    )
)
class ClassifyRequestV2:
    """Texts, what is asked about them, and how many labels of each are wanted: all if not said."""

    inputs: str | Annotated[list[str], Field(min_length=1, max_length=MAX_TEXTS)]
    task: Task
    top_k: Annotated[int, Field(ge=1, strict=True)] | None = None

    @property
    def texts(self) -> list[str]:
        """The texts, however they were sent."""
        return [self.inputs] if isinstance(self.inputs, str) else self.inputs


@dataclass
class LanguageV2:
    """The likeliest language of a text, and whether the model can judge it."""

    code: str
    confidence: float
    supported: bool


@dataclass
class TextErrorV2:
    """Why one text of many could not be classified."""

    code: str
    detail: str


@dataclass
class ClassificationV2:
    """What is said of one text: nothing but an error, or nothing for a language not supported.

    `index` is its place in the request, `flagged` is null but for moderation.
    """

    index: int
    label: str | None = None
    score: float | None = None
    scores: list[LabelV1] = field(default_factory=list)
    flagged: bool | None = None
    language: LanguageV2 | None = None
    truncated: bool = False
    windows: int = 0
    error: TextErrorV2 | None = None

    @classmethod
    def from_end(
        cls, index: int, end: Verdict | ReadstoneError, task: Task, *, top_k: int | None = None
    ) -> Self:
        """Return what became of a text."""
        if isinstance(end, ReadstoneError):
            return cls(index, error=TextErrorV2(end.code, end.detail))
        language = LanguageV2(
            end.language.code, rounded(end.language.confidence), end.judgement is not None
        )
        if end.judgement is None:
            return cls(index, language=language)
        labels = end.labels(task)
        best = max(labels, key=lambda label: label.is_flagged)  # of several, that which came first
        return cls(
            index=index,
            label=best.name,
            score=rounded(best.score),
            scores=LabelV1.all_of(labels[:top_k]),
            flagged=best.is_flagged if task is Task.MODERATION else None,
            language=language,
            truncated=end.judgement.is_truncated,
            windows=end.judgement.windows,
        )


@dataclass
class TextUsageV2:
    """What the request took."""

    texts: int
    characters: int
    windows: int


@dataclass(
    config=_example(
        results=[
            {
                "index": 0,
                "label": "positive",
                "score": 0.9504,
                "scores": [
                    {"label": "positive", "score": 0.9504},
                    {"label": "neutral", "score": 0.0252},
                    {"label": "negative", "score": 0.0243},
                ],
                "flagged": None,
                "language": {"code": "en", "confidence": 0.9523, "supported": True},
                "truncated": False,
                "windows": 1,
                "error": None,
            }
        ],
        model=MODEL,
        usage={"texts": 1, "characters": 23, "windows": 1},
    )
)
class ClassifyResponseV2:
    """What is said of each text, in the order of the request."""

    results: list[ClassificationV2]
    model: str
    usage: TextUsageV2


def rounded(score: float) -> float:
    """Return a score as it is sent."""
    return round(score, 4)
