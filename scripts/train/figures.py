"""How good a model is on texts that are kept aside."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from corpora import MODERATION, SENTIMENT, Example

from readstone.classifying import Verdict
from readstone.engine.nlp.base import Judgement
from readstone.engine.nlp.language import UNDETERMINED, Language
from readstone.evaluation.text_scores import (
    Result,
    moderation_answer,
    other,
    result,
    sentiment_answer,
)

Judge = Callable[[Sequence[str]], list[Judgement]]

HEAD = f"{'':26}texts  accuracy  macro-F1    AUC    ECE"


def results(judge: Judge, examples: Sequence[Example]) -> Iterator[Result]:
    """Yield a row for each corpus, and for moderation one for each label of which it tells."""
    for corpus, members in groupby(sorted(examples, key=_corpus), key=_corpus):
        group = list(members)
        judgements = judge([each.text for each in group])
        language = Language(UNDETERMINED, 0.0)
        told = [(e, Verdict(language, j)) for e, j in zip(group, judgements, strict=True)]
        if group[0].sentiment is not None:
            answers = [sentiment_answer(SENTIMENT[e.sentiment], e.text, said) for e, said in told]
            yield result(corpus, answers, "positive")
            continue
        for column, label in enumerate(MODERATION):
            names = {0: other(label), 1: label}
            known = [pair for pair in told if pair[0].moderation[column] is not None]
            if len({e.moderation[column] for e, _ in known}) == 2:
                answers = [
                    moderation_answer(names[e.moderation[column]], e.text, said, label)
                    for e, said in known
                ]
                yield result(f"{corpus}: {label}", answers, label)


def line(row: Result) -> str:
    """Return a row of the table."""
    figures = (row.accuracy, row.macro_f1, row.auc, row.calibration_error)
    accuracy, macro_f1, auc, error = ("-" if each is None else f"{each:.3f}" for each in figures)
    return f"{row.name:26}{len(row.answers):5}{accuracy:>10}{macro_f1:>10}{auc:>7}{error:>7}"


def table(judge: Judge, examples: Sequence[Example]) -> str:
    """Return all rows."""
    return "\n".join([HEAD, *map(line, results(judge, examples))])


def _corpus(example: Example) -> str:
    return example.corpus
