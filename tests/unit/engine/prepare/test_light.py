"""Tests of engine/prepare/light.py: shadows, and pages without them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.base import GrayImage
from readstone.engine.prepare.ink import shrunk
from readstone.engine.prepare.light import without_shadow

TESTDATA = Path(__file__).parents[4] / "testdata"


def stored(name: str) -> GrayImage:
    """Return a page of testdata."""
    with Image.open(TESTDATA / name) as image:
        return np.asarray(image.convert("L"))


def lit_evenly(gray: GrayImage) -> GrayImage:
    """Return a page as it is read."""
    return without_shadow(gray, shrunk(gray))


def test_shadow_is_taken_away() -> None:
    """Paper is equally bright all over the page afterwards, and print stays dark."""
    lit = lit_evenly(stored("poor/shadowed.jpg"))
    corners = [np.percentile(lit[rows, columns], 90) for rows in HALVES for columns in HALVES]
    assert min(corners) > 215
    assert np.percentile(lit, 1) < 100


HALVES = (slice(0, 300), slice(-300, None))
EVEN = {
    "a scan": stored("page/letter.png"),
    "a scan with grain": stored("distorted/noise.jpg"),
    "white on black": stored("distorted/white_on_black.png"),
    "one shade": np.full((900, 700), 90, np.uint8),
    "a black panel beside paper": np.repeat(np.uint8([[20, 255, 255]]), 250, 1).repeat(900, 0),
    "a grey panel beside paper": np.repeat(np.uint8([[110, 255, 255]]), 250, 1).repeat(900, 0),
}


@pytest.mark.parametrize("name", EVEN)
def test_page_without_a_shadow_stays_as_it_is(name: str) -> None:
    """Nothing is changed, and nothing copied."""
    assert lit_evenly(EVEN[name]) is EVEN[name]
