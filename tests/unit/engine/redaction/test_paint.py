"""Tests of redaction/paint.py: ink is gone, and what stands around it is not."""

import numpy as np
import pytest
from PIL import Image

from readstone.document import Box
from readstone.engine.redaction.paint import paint_over


def painted(mode: str, *words: Box) -> np.ndarray:
    """Return where a white picture is black once words on it are hidden."""
    image = Image.new(mode, (300, 200), "white")
    paint_over(image, [words])
    return np.asarray(image.convert("L")) == 0


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_words_and_the_gap_between_them_are_black(mode: str) -> None:
    """In pictures of every mode the whole of a place is hidden, with a margin."""
    black = painted(mode, Box(50, 50, 90, 70), Box(100, 52, 150, 70))
    assert black[46:74, 46:154].all()
    assert not black[:40].any() and not black[80:].any()
    assert not black[:, :40].any() and not black[:, 160:].any()


def test_words_on_a_slope_are_joined_along_it() -> None:
    """On a skewed line the gaps are hidden as well, and not all that stands beside the line."""
    black = painted("L", Box(20, 20, 80, 40), Box(100, 60, 160, 80), Box(180, 100, 240, 120))
    assert black[20:40, 20:80].all() and black[100:120, 180:240].all()
    assert black[50, 90] and black[90, 170]
    assert not black[30, 200] and not black[110, 40]


def test_box_may_reach_over_the_edge() -> None:
    """A word at the edge is hidden up to the edge."""
    black = painted("L", Box(-5, -5, 20, 20))
    assert black[:20, :20].all()
