"""Evaluates classifying: files of labelled texts in; a table and a report out."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from readstone.classifying import TextClassifier, Verdict, build_classifier
from readstone.engine.nlp.base import Task
from readstone.errors import InvalidRequest
from readstone.evaluation.text_report import write_text_report
from readstone.evaluation.text_scores import (
    Result,
    moderation_answer,
    result,
    sentiment_answer,
)
from readstone.settings import AppConfig

MOODS = frozenset({"negative", "neutral", "positive"})
TOGETHER = 64
HEAD = f"{'':32}  texts  no answer  accuracy  macro-F1    AUC    ECE  sure and wrong"
LEGEND = """\
no answer: the model cannot read the language; counted as wrong. AUC: how often a text with the
label scores higher than one without. ECE: by how much the confidence is off, on average.
sure and wrong: texts with a wrong answer and a confidence of 0.9 or more."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its true label."""

    label: str
    text: str


def evaluate_texts(
    config: AppConfig, files: Sequence[Path], renamed: Mapping[str, str], report: Path | None
) -> str:
    """Classify the texts of all files; return a table, and write a report if one is wanted.

    Args:
        renamed: what labels of the files are called by the model.
    Raises:
        ReadstoneError: a file cannot be used, or the service cannot start.
    """
    sets = {file: list(read_texts(file, renamed)) for file in files}
    classifier = build_classifier(config.text, max_characters=config.limits.text_characters)
    results = asyncio.run(_results(classifier, sets))
    if report:
        write_text_report(report, classifier.model(Task.SENTIMENT), results)
    return "\n".join([HEAD, *map(_line, results), LEGEND])


def read_texts(file: Path, renamed: Mapping[str, str]) -> Iterator[Labelled]:
    """Yield the texts of a file with lines `label<TAB>text`.

    Raises:
        InvalidRequest: there is no such file, or a line is not like that.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{file} cannot be read as text in UTF-8") from error
    for number, line in enumerate(lines, start=1):
        label, tab, text = line.partition("\t")
        if not (tab and text.strip()):
            raise InvalidRequest(f"{file}, line {number}: write a label, a tab and a text")
        yield Labelled(renamed.get(label, label), text)
    if not lines:
        raise InvalidRequest(f"{file} is empty")


async def _results(
    classifier: TextClassifier, sets: Mapping[Path, Sequence[Labelled]]
) -> list[Result]:
    found: list[Result] = []
    for file, texts in sets.items():
        task = Task.SENTIMENT if {each.label for each in texts} <= MOODS else Task.MODERATION
        verdicts: list[Verdict] = []
        for start in range(0, len(texts), TOGETHER):
            some = texts[start : start + TOGETHER]
            verdicts += await asyncio.gather(*(classifier.classify(t.text, task) for t in some))
        rows = _moods if task is Task.SENTIMENT else _offences
        found += rows(file.stem, texts, verdicts)
    return found


def _moods(name: str, texts: Sequence[Labelled], verdicts: Sequence[Verdict]) -> Iterator[Result]:
    answers = [
        sentiment_answer(each.label, each.text, said)
        for each, said in zip(texts, verdicts, strict=True)
    ]
    yield result(name, answers, "positive")


def _offences(
    name: str, texts: Sequence[Labelled], verdicts: Sequence[Verdict]
) -> Iterator[Result]:
    for label in _asked({each.label for each in texts}, verdicts):
        answers = [
            moderation_answer(each.label, each.text, said, label)
            for each, said in zip(texts, verdicts, strict=True)
        ]
        yield result(f"{name}: {label}", answers, label)


def _asked(labels: set[str], verdicts: Sequence[Verdict]) -> list[str]:
    """Return the labels that the model has as well as the file.

    Raises:
        InvalidRequest: there are none.
    """
    known = {label.name for verdict in verdicts for label in verdict.labels(Task.MODERATION)}
    if not known & labels:
        raise InvalidRequest(
            f"none of the labels {', '.join(sorted(labels))} is one of the model's, which are "
            f"{', '.join(sorted(known))}; say which is which with --label theirs=ours"
        )
    return sorted(known & labels)


def _line(row: Result) -> str:
    figures = (row.accuracy, row.macro_f1, row.auc, row.calibration_error)
    accuracy, macro_f1, auc, error = ("-" if f is None else f"{f:.3f}" for f in figures)
    return (
        f"{row.name[:32]:32}{len(row.answers):7}{row.unanswered:11}"
        f"{accuracy:>10}{macro_f1:>10}{auc:>7}{error:>7}{row.surely_wrong:16}"
    )
