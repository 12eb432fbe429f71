"""Learns how much evidence makes how sure: the weights of engine/invoice/confidence.json.

A logistic regression for each kind of field, on documents whose fields are known; tried on folds of
documents that were not learned from. A little evidence is left out of every promise, since other
documents are never quite like those that were learned from.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from readstone.document import Document
from readstone.engine.invoice.confidence import Evidence
from readstone.engine.invoice.draft import draft_of
from readstone.evaluation.calibration import Floats
from readstone.evaluation.invoices.cases import Case
from readstone.evaluation.invoices.judged import FIELDS
from readstone.evaluation.invoices.table import SURE, share
from readstone.evaluation.regression import logistic, regression

PICKS = {"date": "issue_date", "buyer": "customer"}  # where the names differ
FOLDS = 5
CAUTION = 0.5
# What speaks for a value may not speak against it, however few documents say so.
SIGNS = np.array([0, 1, 1, 1, -1, 0])
HEAD = f"{'':12}{'picks':>7}{'right':>8}{'sure':>8}{'of these right':>16}{'ECE':>8}"


@dataclass(frozen=True, slots=True)
class Sample:
    """The evidence for a value that was picked, and whether it is right."""

    document: int
    evidence: Evidence
    is_right: bool


def samples_of(read: Iterable[tuple[Case, Document | None]]) -> Iterator[Sample]:
    """Yield a sample for every field that is known and was found."""
    for number, (case, document) in enumerate(read):
        draft = draft_of(document) if document else None
        for name, (_, is_same) in FIELDS.items() if draft else ():
            pick = draft.picks.get(PICKS.get(name, name)) if draft else None
            if name in case.fields and pick is not None:
                is_right = any(is_same(wanted, pick.value) for wanted in case.fields[name])
                yield Sample(number, pick.evidence, is_right)


def learn(samples: Iterable[Sample]) -> tuple[dict[str, list[float]], str]:
    """Return the weights for each kind, and a table of how well they do on other documents."""
    by_kind: dict[str, list[Sample]] = defaultdict(list)
    for each in samples:
        by_kind[each.evidence.kind].append(each)
    weights, rows = {}, [HEAD]
    for kind, members in sorted(by_kind.items()):
        if len({each.is_right for each in members}) < 2:  # nothing to learn from
            continue
        features = np.array([each.evidence.features for each in members])
        truths = np.array([float(each.is_right) for each in members])
        documents = np.array([each.document for each in members])
        weights[kind] = [round(float(weight), 3) for weight in _fitted(features, truths)]
        rows.append(_row(kind, _tried(features, truths, documents), truths))
    return weights, "\n".join(rows)


def as_json(weights: dict[str, Any], others: dict[str, Any]) -> str:
    """Return all weights as the file has them; kinds that were not learned stay as they are."""
    rows = (
        f"  {json.dumps(kind)}: {json.dumps(each)}" for kind, each in (others | weights).items()
    )
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _fitted(features: Floats, truths: Floats) -> Floats:
    """Return weights by Newton's method; a weight with the wrong sign becomes zero."""
    free = np.ones(features.shape[1], dtype=bool)
    while True:
        found = np.zeros(features.shape[1])
        found[free] = regression(features[:, free], truths)
        wrong = found * SIGNS < 0
        if not wrong.any():
            found[0] -= CAUTION
            return found
        free &= ~wrong


def _tried(features: Floats, truths: Floats, documents: npt.NDArray[np.intp]) -> Floats:
    """Return the probability of each sample by weights that were learned without its document."""
    p = np.zeros(len(truths))
    for fold in range(FOLDS):
        held = documents % FOLDS == fold
        p[held] = logistic(features[held] @ _fitted(features[~held], truths[~held]))
    return p


def _row(kind: str, p: Floats, truths: Floats) -> str:
    sure = p >= SURE
    bins = np.minimum((p * 10).astype(int), 9)
    gaps = [abs(float((truths - p)[bins == each].sum())) for each in range(10)]
    right = share(int(truths[sure].sum()), int(sure.sum()))
    return (
        f"{kind:12}{len(truths):7}{truths.mean():8.2f}{share(int(sure.sum()), len(truths)):>8}"
        f"{right:>16}{sum(gaps) / len(truths):8.3f}"
    )
