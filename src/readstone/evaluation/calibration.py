"""Whether confidences mean what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """What has nearly the same confidence: how much, its mean, and the share that is right."""

    count: int
    confidence: float
    right: float


def reliability(confidences: Sequence[float], is_right: Sequence[bool]) -> list[Bin]:
    """Return ten bins of equal width, without those in which nothing lies."""
    values, truths = np.array(confidences), np.array(is_right, dtype=float)
    places = np.minimum((values * BINS).astype(int), BINS - 1)
    members = (np.flatnonzero(places == number) for number in range(BINS))
    return [
        Bin(len(each), float(values[each].mean()), float(truths[each].mean()))
        for each in members
        if len(each)
    ]


def expected_error(bins: Sequence[Bin]) -> float | None:
    """Return by how much confidence is off on average; None where there is nothing.

    Source: Naeini, Cooper, Hauskrecht 2015.
    """
    total = sum(each.count for each in bins)
    if not total:
        return None
    return sum(each.count * abs(each.right - each.confidence) for each in bins) / total


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Spearman's coefficient; None where one side is the same throughout."""
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return float(np.corrcoef(_ranks(np.array(one)), _ranks(np.array(other)))[0, 1])


def area_under_curve(scores: Sequence[float], is_true: Sequence[bool]) -> float:
    """Return how often what is true scores higher than what is not; both have to be there."""
    truths = np.array(is_true)
    true, false = np.sum(truths), np.sum(~truths)
    above = _ranks(np.array(scores))[truths].sum() - true * (true + 1) / 2
    return float(above / (true * false))


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value; equal ones share theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2)[places]
    return ranks
