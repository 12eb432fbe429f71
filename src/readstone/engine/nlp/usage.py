"""How a model that somebody else made is used: such a model does not say so itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from readstone.engine.nlp.base import Task
from readstone.engine.nlp.windows import Head

FLAGGED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Usage:
    """For which task, and what the operator knows of the model.

    Attributes:
        flags: the labels of a moderation model that flag a text; all of them when empty.
        languages: that it can read; any when empty.
        max_windows: of one text.
    """

    task: Task
    flags: Sequence[str]
    languages: Sequence[str]
    max_windows: int

    def reads(self, language: str) -> bool:
        """Say whether the model can read a language."""
        return not self.languages or language in self.languages

    def head(self, labels: Sequence[str]) -> Head:
        """Return what the model's labels mean."""
        if self.task is Task.SENTIMENT:
            return Head(self.task, tuple(labels))
        return Head(self.task, tuple(labels), dict.fromkeys(self.flags or labels, FLAGGED_FROM))
