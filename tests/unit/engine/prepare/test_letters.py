"""Tests of engine/prepare/letters.py: how large print is."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.prepare.letters import letter_height

TESTDATA = Path(__file__).parents[4] / "testdata"


def letter(width: int) -> np.ndarray:
    """Return the letter of testdata, so many pixels wide."""
    with Image.open(TESTDATA / "page/letter.png") as image:
        height = round(image.height * width / image.width)
        return np.asarray(image.convert("L").resize((width, height), Image.Resampling.LANCZOS))


def test_height_grows_with_the_page() -> None:
    """Print on a page that is twice as large is twice as high, also beyond what is measured."""
    heights = [letter_height(letter(width)) for width in (500, 1000, 2000, 4000)]
    assert heights == pytest.approx([heights[0] * factor for factor in (1, 2, 4, 8)], rel=0.15)


@pytest.mark.parametrize("shade", [255, 0])
def test_page_without_print_has_no_height(shade: int) -> None:
    """Where there are no lines there is nothing to be told."""
    assert letter_height(np.full((900, 700), shade, np.uint8)) == 0.0
    assert letter_height(np.full((1, 1), shade, np.uint8)) == 0.0
