"""Tests of evaluation/word_calibration.py."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from readstone.document import Box, Word
from readstone.engine.base import OcrOptions
from readstone.engine.ocr.rapid.confidence import Curve
from readstone.evaluation.manifest import Case
from readstone.evaluation.readings import Passage, Reading
from readstone.evaluation.scores import score
from readstone.evaluation.word_calibration import Sample, as_json, learn, report, samples_of


def reading(truth: str, **read: float) -> Reading:
    """Return how a page was read: words with their confidences."""
    words = tuple(Word(text, Box(0, 0, 1, 1), value, 0, 0) for text, value in read.items())
    passage = Passage((), words, score(truth, words, " ".join(read), lang="eng"))
    return Reading(Case(Path("a.png"), truth, None, "", None), OcrOptions(), (passage,), 1, 1.0)


@pytest.fixture
def boastful() -> list[Sample]:
    """Words of twenty documents, fewer of which are right than is claimed."""
    chance = np.random.default_rng(7)
    claims = chance.uniform(0.05, 0.95, 4000).tolist()
    worths = map(Curve(1.0, -1.5).worth, claims)
    return [
        Sample(number // 200, claimed, bool(chance.random() < worth))
        for number, (claimed, worth) in enumerate(zip(claims, worths, strict=True))
    ]


def test_samples_are_all_words_that_were_read() -> None:
    """Each knows its document, and whether it has a partner in the true text."""
    samples = samples_of([reading("a b", a=0.9, x=0.5), reading("c", c=0.8)])
    assert samples == [Sample(0, 0.9, True), Sample(0, 0.5, False), Sample(1, 0.8, True)]


def test_curve_says_how_many_words_are_right(boastful: list[Sample]) -> None:
    """It turns what is claimed into what is true."""
    curve = learn(boastful)
    assert (curve.slope, curve.shift) == pytest.approx((1.0, -1.5), abs=0.15)


def test_report_tells_of_documents_that_were_not_learned_from(boastful: list[Sample]) -> None:
    """Confidences that promise too much come near to the truth."""
    told = report(boastful)
    assert told.startswith("4000 words, 0.")
    now, then = map(float, re.findall(r"by (\d\.\d+)", told))
    assert now > 0.2
    assert then < 0.03


def test_file_holds_what_both_curves_do() -> None:
    """Confidences of today came from the present curve, so the new one comes after it."""
    assert json.loads(as_json(Curve(0.5, 0.1), Curve(0.6, -0.8))) == {"slope": 0.3, "shift": -0.3}
