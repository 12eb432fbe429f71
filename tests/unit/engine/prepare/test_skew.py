"""Tests of engine/prepare/skew.py: by how much lines are off level."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.prepare.ink import shrunk
from readstone.engine.prepare.skew import skew_angle

TESTDATA = Path(__file__).parents[4] / "testdata"


def page(name: str, rotated: float = 0.0) -> np.ndarray:
    """Return a shrunk page of testdata, rotated counter-clockwise."""
    with Image.open(TESTDATA / name) as image:
        gray = image.convert("L").rotate(rotated, Image.Resampling.BICUBIC, fillcolor=255)
        return shrunk(np.asarray(gray))


@pytest.mark.parametrize("name", ["page/letter.png", "page/receipt.png"])
@pytest.mark.parametrize("angle", [-14.0, -4.2, -0.5, 0.0, 0.3, 1.0, 2.7, 10.0])
def test_angle_is_found(name: str, angle: float) -> None:
    """It is right within a fifth of a degree, either way."""
    assert skew_angle(page(name, angle)) == pytest.approx(angle, abs=0.2)


def test_page_without_lines_has_no_skew() -> None:
    """Noise, a white page and a photo's soft shades have no lines to be levelled."""
    noise = np.random.default_rng(1).integers(0, 256, (400, 300)).astype(np.uint8)
    shades = np.tile(np.linspace(255, 60, 700), (900, 1)).astype(np.uint8)
    for gray in (noise, shades, np.full((400, 300), 255, np.uint8)):
        assert skew_angle(gray) == 0.0
