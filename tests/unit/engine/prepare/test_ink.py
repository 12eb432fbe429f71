"""Tests of engine/prepare/ink.py: what can be seen on a page at all."""

import numpy as np
import pytest

from readstone.engine.prepare.ink import edges, edges_in_strips, is_blank, shrunk
from tests.contract.pages import written

WHITE = np.full((900, 700), 255, np.uint8)


def with_spots(*spots: tuple[slice, slice], shade: int = 0) -> np.ndarray:
    """Return a white page with spots of one shade."""
    page = WHITE.copy()
    for rows, columns in spots:
        page[rows, columns] = shade
    return page


SPECK = slice(100, 102), slice(100, 102)
BLANK = {
    "white": WHITE,
    "black": np.zeros_like(WHITE),
    "one pixel": WHITE[:1, :1],
    "one row": WHITE[:1],
    "one column": WHITE[:, :1],
    "specks of dust": with_spots(SPECK, (slice(500, 501), slice(40, 42))),
    "grain": np.random.default_rng(3).normal(230, 4, (2700, 2100)).astype(np.uint8),
    "darker towards one side": np.tile(np.linspace(255, 60, 700), (900, 1)).astype(np.uint8),
}
NOT_BLANK = {
    "one digit": written("7"),
    "white on black": 255 - written("7"),
    "faint": np.maximum(written("seven"), 215),
    "one digit on a large page": np.pad(written("7"), 1500, constant_values=255),
}


@pytest.mark.parametrize("name", BLANK)
def test_page_without_anything_is_blank(name: str) -> None:
    """Specks, grain and shadows are no print, and a page may have any shape."""
    assert is_blank(shrunk(BLANK[name]))


@pytest.mark.parametrize("name", NOT_BLANK)
def test_least_print_is_seen(name: str) -> None:
    """One digit is enough, whatever its colours."""
    assert not is_blank(shrunk(NOT_BLANK[name]))


def test_large_page_is_shrunk_and_a_small_one_is_not() -> None:
    """The longer side has some 1,000 pixels, and each is a mean."""
    assert shrunk(WHITE) is WHITE
    assert shrunk(np.tile(WHITE, (3, 3))).shape == (900, 700)
    assert shrunk(np.tile(np.uint8([[0, 100]]), (2000, 1000))).max() == 50


def test_edges_are_where_dark_meets_light() -> None:
    """A square has an outline; a step that is too small is none."""
    page = with_spots((slice(10, 20), slice(30, 50)), shade=200)
    assert edges(page, step=60).sum() == 0
    rows, columns = np.nonzero(edges(page, step=50))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (9, 19, 29, 49)


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_edges_are_counted_in_whole_strips(width: int) -> None:
    """What is right of the last whole strip does not count."""
    is_edge = np.random.default_rng(5).random((7, 3 * width + 5)) < 0.3
    counts = edges_in_strips(is_edge, width)
    strips = np.split(is_edge[:, : 3 * width], 3, axis=1)
    assert counts.tolist() == np.transpose([strip.sum(axis=1) for strip in strips]).tolist()


def test_page_that_is_narrower_than_a_strip_has_none() -> None:
    """There is nothing to count."""
    assert edges_in_strips(np.ones((5, 12), bool), 16).shape == (5, 0)
