"""Requests and answers of the routes that classify text as other projects' clients ask for it."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from readstone.classifying import Verdict
from readstone.engine.nlp.base import Task
from readstone.models.text import EXAMPLE_TEXT, MAX_TEXTS, MODEL, rounded

One = Annotated[list[str], Field(min_length=1, max_length=1)]
# Our labels by the categories of OpenAI that they speak for.
CATEGORIES = {"hate": ("hate",), "harassment": ("offensive", "toxic")}
NOT_JUDGED = (
    "harassment/threatening",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)

EXAMPLE_LABELS = [
    {"label": "positive", "score": 0.9504},
    {"label": "neutral", "score": 0.0252},
    {"label": "negative", "score": 0.0243},
]


@dataclass
class PredictParameters:
    """How many labels of each text are wanted: all if not said."""

    top_k: Annotated[int, Field(ge=1, strict=True)] | None = None


@dataclass(
    config=ConfigDict(
        json_schema_extra={"examples": [{"inputs": EXAMPLE_TEXT}, {"inputs": [["Fine"], ["Bad"]]}]}
    )
)
class PredictRequest:
    """A text, or a batch of texts that are each in a list of their own.

    With `parameters`, as Hugging Face's own client sends them, a plain list is a batch as well.
    """

    inputs: (
        str
        | Annotated[list[str], Field(min_length=1, max_length=MAX_TEXTS)]
        | Annotated[list[One], Field(min_length=1, max_length=MAX_TEXTS)]
    )
    truncate: bool = False
    raw_scores: Literal[False] = False
    parameters: PredictParameters | None = None


@dataclass
class TextPart:
    """A part of an input that is text."""

    type: Literal["text"]
    text: str


@dataclass(
    config=ConfigDict(json_schema_extra={"examples": [{"input": [EXAMPLE_TEXT, "You are vile"]}]})
)
class ModerationRequest:
    """A text, several of them, or one in parts."""

    input: (
        str
        | Annotated[list[str], Field(min_length=1, max_length=MAX_TEXTS)]
        | Annotated[list[TextPart], Field(min_length=1, max_length=MAX_TEXTS)]
    )
    model: str | None = None

    @property
    def texts(self) -> list[str]:
        """The texts, however they were sent."""
        if isinstance(self.input, str):
            return [self.input]
        texts = [each for each in self.input if isinstance(each, str)]
        parts = [each.text for each in self.input if isinstance(each, TextPart)]
        return texts or ["\n".join(parts)]


@dataclass
class ModerationResult:
    """What is said of one text; categories that are applied to no type of input are not judged."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[Literal["text"]]]
    language_supported: bool

    @classmethod
    def from_verdict(cls, verdict: Verdict) -> Self:
        """Return the moderation of a text in OpenAI's categories."""
        labels = {label.name: label for label in verdict.labels(Task.MODERATION)}
        judged = {
            category: [labels[name] for name in names if name in labels]
            for category, names in CATEGORIES.items()
        }
        all_categories = judged | {category: [] for category in NOT_JUDGED}
        return cls(
            flagged=any(label.is_flagged for label in labels.values()),
            categories={
                name: any(label.is_flagged for label in found)
                for name, found in all_categories.items()
            },
            category_scores={
                name: max((rounded(label.score) for label in found), default=0.0)
                for name, found in all_categories.items()
            },
            category_applied_input_types={
                name: ["text"] if found else [] for name, found in all_categories.items()
            },
            language_supported=verdict.judgement is not None,
        )


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "modr-5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
                    "model": MODEL,
                    "results": [
                        {
                            "flagged": True,
                            "categories": {"hate": True, "harassment": True},
                            "category_scores": {"hate": 0.4647, "harassment": 0.9564},
                            "category_applied_input_types": {
                                "hate": ["text"],
                                "harassment": ["text"],
                            },
                            "language_supported": True,
                        }
                    ],
                }
            ]
        }
    )
)
class ModerationResponse:
    """What is said of each text, in the order of the request."""

    id: str
    model: str
    results: list[ModerationResult]
