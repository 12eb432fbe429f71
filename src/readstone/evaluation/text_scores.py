"""How well texts are classified whose labels are known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from readstone.classifying import Verdict
from readstone.engine.nlp.base import Task
from readstone.evaluation.calibration import Bin, area_under_curve, expected_error, reliability

NO_ANSWER = "no answer"
# Whoever acts on answers by themselves acts on those that are this sure.
SURE = 0.9


class Answer(NamedTuple):
    """What was said of a text: the label, how sure that is, and by what AUC ranks the text."""

    truth: str
    text: str
    label: str
    confidence: float
    ranked: float

    @property
    def is_right(self) -> bool:
        """Whether that is the true label."""
        return self.label == self.truth


@dataclass(frozen=True, slots=True)
class Result:
    """One question about the texts of one file, and how well it was answered.

    A text in a language that the model cannot read has no answer, and counts as a wrong one.

    Attributes:
        labels: those of the question, in the order in which they are shown.
        auc: how often a text with the label scores higher than one without; None if more are asked.
    """

    name: str
    labels: tuple[str, ...]
    answers: tuple[Answer, ...]
    accuracy: float
    macro_f1: float
    auc: float | None
    calibration_error: float | None
    bins: tuple[Bin, ...]

    @property
    def unanswered(self) -> int:
        """Number of texts without an answer."""
        return sum(each.label == NO_ANSWER for each in self.answers)

    @property
    def surely_wrong(self) -> int:
        """Number of texts whose answer is wrong, and sure."""
        return sum(each.confidence >= SURE and not each.is_right for each in self.answers)

    @property
    def confusion(self) -> Counter[tuple[str, str]]:
        """Number of texts by their true label and the one that was said."""
        return Counter((each.truth, each.label) for each in self.answers)


def sentiment_answer(truth: str, text: str, verdict: Verdict) -> Answer:
    """Return what was said of the mood of a text."""
    labels = verdict.labels(Task.SENTIMENT)
    if not labels:
        return Answer(truth, text, NO_ANSWER, 0.0, 0.0)
    scores = {label.name: label.score for label in labels}
    ranked = scores.get("positive", 0.0) - scores.get("negative", 0.0)
    return Answer(truth, text, labels[0].name, labels[0].score, ranked)


def moderation_answer(truth: str, text: str, verdict: Verdict, label: str) -> Answer:
    """Return whether a text was found to be what the label says."""
    found = {each.name: each for each in verdict.labels(Task.MODERATION)}
    said = truth if truth == label else other(label)
    if label not in found:
        return Answer(said, text, NO_ANSWER, 0.0, 0.5)
    score = found[label].score
    if found[label].is_flagged:
        return Answer(said, text, label, score, score)
    return Answer(said, text, other(label), 1 - score, score)


def other(label: str) -> str:
    """Return what a text is called that is not what a label says."""
    return f"not {label}"


def result(name: str, answers: Sequence[Answer], positive: str) -> Result:
    """Return how well a question was answered; there is at least one answer."""
    truths = sorted({each.truth for each in answers})
    told = [each for each in answers if each.label != NO_ANSWER]
    bins = reliability([each.confidence for each in told], [each.is_right for each in told])
    ranked = [each.ranked for each in answers]
    is_positive = [each.truth == positive for each in answers]
    return Result(
        name=name,
        labels=tuple(truths),
        answers=tuple(answers),
        accuracy=fmean(each.is_right for each in answers),
        macro_f1=fmean(_f1(answers, label) for label in truths),
        auc=area_under_curve(ranked, is_positive) if len(truths) == 2 else None,
        calibration_error=expected_error(bins),
        bins=tuple(bins),
    )


def _f1(answers: Sequence[Answer], label: str) -> float:
    """Return the F1 of one label, which occurs among the true ones."""
    right = sum(each.is_right and each.label == label for each in answers)
    return 2 * right / sum((each.truth == label) + (each.label == label) for each in answers)
