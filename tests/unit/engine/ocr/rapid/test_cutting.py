"""Tests of engine/ocr/rapid/cutting.py."""

import numpy as np
import pytest
from PIL import Image

from readstone.document import Box
from readstone.engine.ocr.rapid.cutting import cut
from readstone.engine.ocr.rapid.regions import Strip


def dotted_page() -> Image.Image:
    """Return a white page with one dark rectangle at (30, 50, 34, 52)."""
    page = np.full((100, 80), 255, np.uint8)
    page[50:52, 30:34] = 0
    return Image.fromarray(page)


@pytest.mark.parametrize("quarters", [0, 1, 3])
def test_what_is_found_is_put_back(quarters: int) -> None:
    """A box of the strip, turned or not, is that of the page."""
    cutting = cut(dotted_page(), Strip(20, 40, 50, 65))
    turned = cutting.turned(quarters) if quarters else cutting
    rows, columns = np.nonzero(turned.gray < 128)
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    assert turned.place(box) == (30, 50, 34, 52)


def test_sloping_strip_is_cut_level() -> None:
    """What falls on the page is level in the strip, and its place falls with it."""
    page = np.full((100, 300), 255, np.uint8)
    for x in range(300):
        page[40 + x // 10 : 44 + x // 10, x] = 0
    cutting = cut(Image.fromarray(page), Strip(0, 30, 300, 54, slope=0.1))
    dark = cutting.gray < 128
    assert dark[10:13].mean() > 0.9
    assert dark[:8].sum() == dark[16:].sum() == 0
    left, right = cutting.place(Box(0, 10, 20, 14)), cutting.place(Box(280, 10, 300, 14))
    assert (left.y1, right.y1) == (41, 69)


def test_strip_may_reach_beyond_the_page() -> None:
    """There is paper beyond."""
    cutting = cut(dotted_page(), Strip(-10, -5, 20, 10))
    assert cutting.gray.shape == (15, 30)
    assert cutting.gray.min() == 255
