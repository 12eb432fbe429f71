"""Tests of engine/prepare/geometry.py: images of a page, and the way back to it."""

import numpy as np
import pytest

from readstone.document import Box
from readstone.engine.prepare.geometry import View, whole

PAGE = (700, 900)
SPOT = Box(500, 100, 520, 112)


def page_with_spot() -> np.ndarray:
    """Return a white page with one black spot."""
    gray = np.full(PAGE[::-1], 255, np.uint8)
    gray[SPOT.y1 : SPOT.y2, SPOT.x1 : SPOT.x2] = 0
    return gray


def spot_in(gray: np.ndarray) -> Box:
    """Return the box of what is dark."""
    rows, columns = np.nonzero(gray < 128)
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    return Box(*map(int, box))


VIEWS = {
    "larger": whole(page_with_spot()).scaled(2.3),
    "levelled": whole(page_with_spot()).levelled(4.0),
    "levelled the other way": whole(page_with_spot()).levelled(-11.0),
    "both": whole(page_with_spot()).levelled(-3.0).scaled(1.7),
}


def test_whole_page_is_the_page_itself() -> None:
    """Nothing is copied where nothing is to be done."""
    gray = page_with_spot()
    assert whole(gray).image_of(gray) is gray


@pytest.mark.parametrize("name", VIEWS)
def test_what_is_found_on_the_image_is_found_again_on_the_page(name: str) -> None:
    """The box is that of the page, and wider by no more than a turned box has to be."""
    view: View = VIEWS[name]
    image = view.image_of(page_with_spot())
    assert image.shape == view.size[::-1]
    found = view.box_on_page(spot_in(image), PAGE)
    assert found.x1 <= SPOT.x1 + 1 and found.x2 >= SPOT.x2 - 1
    assert found.y1 <= SPOT.y1 + 1 and found.y2 >= SPOT.y2 - 1
    assert np.abs(np.subtract(found, SPOT)).max() <= 6


@pytest.mark.parametrize("name", VIEWS)
def test_box_never_leaves_the_page(name: str) -> None:
    """What lies beside the page is cut away, and something of a box is always left."""
    view: View = VIEWS[name]
    for box in (Box(0, 0, *view.size), Box(0, 0, 1, 1), Box(-9, -9, -5, -5)):
        x1, y1, x2, y2 = view.box_on_page(box, PAGE)
        assert 0 <= x1 < x2 <= PAGE[0]
        assert 0 <= y1 < y2 <= PAGE[1]


def test_paper_is_put_beside_a_page_that_is_levelled() -> None:
    """No black corners come into being that would look like ink."""
    gray = np.full((300, 200), 230, np.uint8)
    assert whole(gray).levelled(7.0).image_of(gray).min() >= 229
