"""Learns what the confidences of the second engine are worth: engine/ocr/rapid/confidence.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from readstone.engine.ocr.rapid.confidence import Curve, log_odds
from readstone.evaluation.calibration import expected_error, reliability
from readstone.evaluation.readings import Reading
from readstone.evaluation.regression import regression

FOLDS = 5
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A word: the document in which it stands, its confidence, and whether it is right."""

    document: int
    confidence: float
    is_right: bool


def samples_of(readings: Sequence[Reading]) -> list[Sample]:
    """Return all words that were read."""
    return [
        Sample(document, word.confidence, judged.is_matched)
        for document, reading in enumerate(readings)
        for passage in reading.passages
        for word, judged in zip(passage.words, passage.score.read, strict=True)
    ]


def learn(samples: Sequence[Sample]) -> Curve:
    """Return the curve that brings confidences nearest to the truth."""
    features = np.array([[log_odds(each.confidence), 1.0] for each in samples])
    slope, shift = regression(features, np.array([float(each.is_right) for each in samples]))
    return Curve(float(slope), float(shift))


def report(samples: Sequence[Sample]) -> str:
    """Return how far off confidences are, and would be as learned from other documents."""
    then = _tried(samples)
    right = float(np.mean([each.is_right for each in samples]))
    return (
        f"{len(samples)} words, {right:.3f} of them right; their confidences are off by "
        f"{_error(samples):.4f} on average, learned from other documents by {_error(then):.4f}"
    )


def as_json(learned: Curve, now: Curve) -> str:
    """Return as its file has it the curve that was learned from what the present one made."""
    curve = asdict(learned.after(now))
    return json.dumps({name: round(value, DIGITS) for name, value in curve.items()}) + "\n"


def _tried(samples: Sequence[Sample]) -> list[Sample]:
    """Return samples with confidences that were learned from other documents."""
    curves = [learn([s for s in samples if s.document % FOLDS != fold]) for fold in range(FOLDS)]
    return [replace(s, confidence=curves[s.document % FOLDS].worth(s.confidence)) for s in samples]


def _error(samples: Sequence[Sample]) -> float:
    bins = reliability([s.confidence for s in samples], [s.is_right for s in samples])
    return expected_error(bins) or 0.0
