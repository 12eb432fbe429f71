"""Logistic regression: how what is seen speaks for or against what is true."""

import numpy as np

from readstone.evaluation.calibration import Floats

RIDGE = 1.0
STEPS = 50


def regression(features: Floats, truths: Floats) -> Floats:
    """Return a weight for each feature, found by Newton's method.

    Args:
        features: a row for each sample.
        truths: 1 or 0 for each sample.
    """
    weights = np.zeros(features.shape[1])
    ridge = RIDGE * np.eye(len(weights))
    for _ in range(STEPS):
        p = logistic(features @ weights)
        slope = features.T @ (truths - p) - ridge @ weights
        curve = (features * (p * (1 - p))[:, None]).T @ features + ridge
        weights += np.linalg.solve(curve, slope)
    return weights


def logistic(x: Floats) -> Floats:
    """Return the probabilities of some log-odds."""
    p: Floats = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return p
