"""The contract of every engine that judges text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Task(StrEnum):
    """What may be asked about a text."""

    SENTIMENT = "sentiment"
    MODERATION = "moderation"


@dataclass(frozen=True, slots=True)
class Label:
    """What a text may be called, how much speaks for it, 0 to 1, and whether that is enough.

    One label of a sentiment excludes the others; of moderation any number may be flagged.
    """

    name: str
    score: float
    is_flagged: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an engine says of a text.

    Attributes:
        labels: all labels of each task, by falling score.
        windows: a long text is looked at piece by piece; in so many pieces.
        is_truncated: whether there were more pieces than are looked at.
    """

    labels: Mapping[Task, tuple[Label, ...]]
    windows: int = 1
    is_truncated: bool = False


class TextEngine(Protocol):
    """Judges texts. Called from one thread at a time, which is not that of the event loop."""

    name: str

    def check(self) -> None:
        """Raise Unavailable, with the remedy, when it cannot work here; loads nothing heavy."""
        ...

    def reads(self, language: str) -> bool:
        """Say whether the engine can judge texts in a language, a code such as `en`."""
        ...

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """Return what there is to say of each text."""
        ...
