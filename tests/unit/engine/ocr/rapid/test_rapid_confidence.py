"""Tests of engine/ocr/rapid/confidence.py."""

import pytest

from readstone.engine.ocr.rapid.confidence import CERTAIN, Curve, curve, log_odds


def test_curve_rises_within_0_and_1() -> None:
    """More confidence is never worth less, and nothing is certain."""
    worths = [curve().worth(confidence) for confidence in (0.0, 0.1, 0.5, 0.9, 0.99, 1.0)]
    assert worths == sorted(worths)
    assert 0 < worths[0] < worths[-1] < 1


def test_line_of_slope_1_changes_nothing() -> None:
    """But certainty, which is bounded."""
    same = Curve(1.0, 0.0)
    assert same.worth(0.3) == pytest.approx(0.3)
    assert same.worth(1.0) == pytest.approx(CERTAIN)
    assert log_odds(0.5) == 0


def test_two_curves_make_one() -> None:
    """What one does and then the other."""
    first, second = Curve(0.6, -0.8), Curve(1.4, 0.3)
    both = second.after(first)
    assert both.worth(0.8) == pytest.approx(second.worth(first.worth(0.8)))
