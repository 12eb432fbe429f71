"""Tests of evaluation/calibration.py: whether confidences mean what they say."""

import pytest

from readstone.evaluation.calibration import (
    Bin,
    area_under_curve,
    expected_error,
    rank_correlation,
    reliability,
)


def test_words_of_like_confidence_are_counted_together() -> None:
    """Ten bins, the last one with 1 in it; those without words are left out."""
    bins = reliability([0.0, 0.05, 0.92, 0.98, 1.0], [False, True, True, False, True])
    assert bins == [
        Bin(2, pytest.approx(0.025), 0.5),
        Bin(3, pytest.approx(2.9 / 3), pytest.approx(2 / 3)),
    ]
    assert reliability([], []) == []


def test_error_is_weighted_by_words() -> None:
    """A bin of many words that is off counts more than one of few."""
    assert expected_error([Bin(3, 0.9, 0.8), Bin(1, 0.5, 1.0)]) == pytest.approx(0.2)
    assert expected_error([]) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([0.1, 0.2, 0.9], [1, 2, 3], 1.0),
        ([0.1, 0.2, 0.9], [3, 2, 1], -1.0),
        ([1, 2, 2, 3], [1, 3, 2, 4], 0.9486833),
        ([1, 1, 1], [1, 2, 3], None),
        ([1], [1], None),
    ],
)
def test_ranks_are_compared(one: list[float], other: list[float], expected: float | None) -> None:
    """Only the order counts, ties share their rank, and without an order nothing can be told."""
    assert rank_correlation(one, other) == (expected and pytest.approx(expected))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([0.1, 0.2, 0.8, 0.9], 1.0), ([0.9, 0.2, 0.8, 0.1], 0.25), ([0.5, 0.5, 0.5, 0.5], 0.5)],
)
def test_area_is_the_share_of_pairs_in_order(scores: list[float], expected: float) -> None:
    """Of all pairs of a false and a true one, those in which the true one scores higher."""
    assert area_under_curve(scores, [False, False, True, True]) == expected
