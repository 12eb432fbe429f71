"""Figures of classification, by hand."""

import pytest

from readstone.classifying import Verdict
from readstone.engine.nlp.base import Judgement, Label, Task
from readstone.engine.nlp.language import Language
from readstone.evaluation.text_scores import (
    NO_ANSWER,
    Answer,
    moderation_answer,
    result,
    sentiment_answer,
)

ENGLISH = Language("en", 0.9, frozenset({"en"}))
SILENT = Verdict(Language("de", 0.9, frozenset({"de"})), None)


def verdict(task: Task, *labels: Label) -> Verdict:
    """Return a verdict with these labels."""
    return Verdict(ENGLISH, Judgement({task: labels}))


def test_a_mood_is_ranked_between_bad_and_good() -> None:
    """The neutral share says nothing about which of the two it is."""
    labels = Label("neutral", 0.6), Label("positive", 0.3), Label("negative", 0.1)
    answer = sentiment_answer("positive", "so so", verdict(Task.SENTIMENT, *labels))
    assert (answer.label, answer.confidence, answer.is_right) == ("neutral", 0.6, False)
    assert answer.ranked == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("truth", "score", "expected"),
    [
        ("toxic", 0.9, ("toxic", "toxic", 0.9)),
        ("toxic", 0.3, ("toxic", "not toxic", 0.7)),
        ("not_toxic", 0.3, ("not toxic", "not toxic", 0.7)),
        ("hate", 0.9, ("not toxic", "toxic", 0.9)),
    ],
)
def test_moderation_asks_for_one_label(
    truth: str, score: float, expected: tuple[str, str, float]
) -> None:
    """Whatever else a text is called, it is one without this label."""
    said = verdict(Task.MODERATION, Label("toxic", score, score > 0.5), Label("hate", 0.99, True))
    answer = moderation_answer(truth, "hey", said, "toxic")
    assert (answer.truth, answer.label, answer.confidence) == expected
    assert answer.ranked == score


def test_no_answer_is_a_wrong_one() -> None:
    """A text that could not be judged counts against the model."""
    told = (
        sentiment_answer("positive", "gut", SILENT),
        moderation_answer("x", "gut", SILENT, "hate"),
    )
    assert [each.label for each in told] == [NO_ANSWER, NO_ANSWER]
    assert not any(each.is_right for each in told)
    row = result("one", told[:1], "positive")
    assert (row.unanswered, row.accuracy, row.macro_f1, row.calibration_error) == (1, 0, 0, None)


def test_figures_are_those_of_the_confusion() -> None:
    """Accuracy, macro-F1, AUC and calibration of six answers."""
    answers = [
        Answer(truth, "text", label, confidence, ranked)
        for truth, label, confidence, ranked in [
            ("yes", "yes", 0.9, 0.9),
            ("yes", "yes", 0.8, 0.8),
            ("yes", "no", 0.7, 0.3),
            ("no", "no", 0.6, 0.4),
            ("no", "no", 0.9, 0.1),
            ("no", "yes", 0.6, 0.6),
        ]
    ]
    row = result("six", answers, "yes")
    assert row.surely_wrong == 0
    assert row.labels == ("no", "yes")
    assert row.accuracy == pytest.approx(4 / 6)
    assert row.macro_f1 == pytest.approx(2 / 3)
    assert row.auc == pytest.approx(7 / 9)
    assert row.confusion == {
        ("yes", "yes"): 2,
        ("yes", "no"): 1,
        ("no", "no"): 2,
        ("no", "yes"): 1,
    }
    assert row.calibration_error == pytest.approx((2 * 0.1 + 0.2 + 0.7 + 2 * 0.1) / 6)


def test_answers_that_are_sure_and_wrong_are_counted() -> None:
    """No answer is not a sure one."""
    answers = [
        Answer("a", "text", label, confidence, 0.5)
        for label, confidence in [("b", 0.95), ("b", 0.85), ("a", 0.99), (NO_ANSWER, 0.0)]
    ]
    assert result("four", answers, "a").surely_wrong == 1


def test_three_labels_have_no_auc() -> None:
    """It compares those with a label with those without."""
    answers = [Answer(label, "text", label, 0.9, 0.5) for label in ("a", "b", "c")]
    assert result("three", answers, "a").auc is None
