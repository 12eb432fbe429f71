"""Tests of engine/ocr/rapid/regions.py."""

import numpy as np
import pytest

from readstone.engine.ocr.rapid.models import Floats
from readstone.engine.ocr.rapid.regions import Region, Strip, find_regions, usual_slope


def regions(*rows: str) -> list[Region]:
    """Return the regions of a map that is drawn: a digit is a value in tenths."""
    values = [[0.0 if sign == "." else int(sign) / 10 for sign in row] for row in rows]
    return find_regions(np.array(values, np.float32), threshold=0.3)


def slanting(slope: float) -> Floats:
    """Return a map with a band of ten pixels that falls with this slope."""
    values = np.zeros((100, 300), np.float32)
    for x in range(20, 280):
        top = round(40 + slope * (x - 20))
        values[top : top + 10, x] = 1
    return values


def test_pixels_that_touch_are_one_region() -> None:
    """They may touch at a corner; a gap of one pixel parts two regions."""
    found = regions(
        "55......5",
        "..5..5...",
        ".....5...",
    )
    boxes = sorted((each.strip.x1, each.strip.y1, each.strip.x2, each.strip.y2) for each in found)
    assert boxes == [(0, 0, 3, 2), (5, 1, 6, 3), (8, 0, 9, 1)]


def test_two_arms_that_meet_are_one_region() -> None:
    """A region may branch, upwards and downwards."""
    assert len(regions("9.9.9", "9.9.9", "99999", "9...9")) == 1


def test_what_is_not_over_the_threshold_is_left_out() -> None:
    """The mean is that of the pixels of the region."""
    (only,) = regions("3333", "3973", "3333")
    assert only.mean == pytest.approx(0.8)
    assert (only.strip.width, only.strip.height) == (2, 1)


def test_map_without_regions_has_none() -> None:
    """Nothing is found where there is nothing."""
    assert regions("....", "....") == []


@pytest.mark.parametrize("slope", [-0.1, -0.02, 0.0, 0.05])
def test_strip_slopes_as_its_pixels_do(slope: float) -> None:
    """However it slopes, a strip is not much higher than the band that it encloses."""
    (only,) = find_regions(slanting(slope), threshold=0.3)
    assert only.strip.slope == pytest.approx(slope, abs=0.005)
    assert 10 <= only.strip.height <= 13


def test_widened_strip_keeps_its_axis() -> None:
    """The middle of the wider strip is where it was, at both ends."""
    strip = Strip(10, 20, 110, 30, slope=0.1)
    wider = strip.widened(4)
    assert (wider.width, wider.height) == (108, 18)
    assert (wider.y1 + wider.y2) / 2 == pytest.approx(25 - 0.4)


def test_scaled_strip_covers_the_same_text() -> None:
    """A picture twice as wide and four times as high has slopes twice as steep."""
    assert Strip(1, 2, 3, 4, 0.1).scaled(2, 4) == Strip(2, 8, 6, 16, 0.2)


def test_usual_slope_is_that_of_most_text() -> None:
    """A long line counts more than many short words."""
    short = [Strip(0, 0, 20, 10, slope=0.3)] * 3
    assert usual_slope([*short, Strip(0, 0, 900, 10, slope=0.01)]) == 0.01
    assert usual_slope([]) == 0.0
