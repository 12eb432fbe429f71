"""Tests of evaluation/regression.py."""

import numpy as np
import pytest

from readstone.evaluation.regression import logistic, regression


def test_weights_are_those_that_made_the_samples() -> None:
    """One feature speaks for the truth, one against it, and one says nothing."""
    chance = np.random.default_rng(3)
    features = chance.uniform(-2, 2, (20_000, 3))
    truths = (chance.random(20_000) < logistic(features @ [1.5, -0.7, 0.0])).astype(float)
    assert regression(features, truths) == pytest.approx([1.5, -0.7, 0.0], abs=0.08)


def test_certain_samples_have_finite_weights() -> None:
    """Where nothing is ever wrong the weights stay small."""
    assert 0 < regression(np.ones((10, 1)), np.ones(10))[0] < 5
