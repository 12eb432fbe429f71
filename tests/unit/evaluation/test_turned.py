"""Tests of evaluation/turned.py: pictures as a scanner may give them."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.evaluation.turned import turned

TESTDATA = Path(__file__).parents[3] / "testdata"


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_picture_is_turned_clockwise(clockwise: int) -> None:
    """By quarters nothing is lost."""
    data = (TESTDATA / "page" / "receipt.png").read_bytes()
    before = np.asarray(Image.open(BytesIO(data)))
    after = np.asarray(Image.open(BytesIO(turned(data, clockwise))))
    assert np.array_equal(after, np.rot90(before, -clockwise // 90))


def test_turn_starts_from_what_a_viewer_shows() -> None:
    """A picture that its file turns already is turned on."""
    upright = (TESTDATA / "exif" / "orientation_1.jpg").read_bytes()
    lying = (TESTDATA / "exif" / "orientation_6.jpg").read_bytes()
    sizes = [Image.open(BytesIO(turned(data, 90))).size for data in (upright, lying)]
    assert sizes[0] == sizes[1]
