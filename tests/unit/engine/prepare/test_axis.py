"""Tests of engine/prepare/axis.py: which way lines run, told without reading them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.base import GrayImage
from readstone.engine.prepare.axis import SIDEWAYS, levelness, lies_on_its_side
from readstone.engine.prepare.ink import shrunk

TESTDATA = Path(__file__).parents[4] / "testdata"
PAGES = ["page/letter.png", "page/receipt.png", "distorted/noise.jpg"]


def page(name: str) -> GrayImage:
    """Return a shrunk page of testdata."""
    with Image.open(TESTDATA / name) as image:
        return shrunk(np.asarray(image.convert("L")))


@pytest.mark.parametrize("name", PAGES)
def test_level_lines_are_told_from_standing_ones(name: str) -> None:
    """The measure changes its sign with a quarter turn, and is far from zero."""
    level = levelness(page(name))
    assert level > abs(SIDEWAYS)
    assert levelness(np.rot90(page(name))) == pytest.approx(-level, abs=0.1)


@pytest.mark.parametrize("turns", range(4))
def test_letter_lies_on_its_side_after_every_other_turn(turns: int) -> None:
    """Upside down is not told from upright."""
    assert lies_on_its_side(np.rot90(page("page/letter.png"), turns)) == (turns % 2 == 1)


def test_one_line_is_never_said_to_lie_on_its_side() -> None:
    """So little print is as uneven one way as the other."""
    assert not lies_on_its_side(np.rot90(page("line/line.png")))


def test_page_without_lines_does_not_lie_on_its_side() -> None:
    """Neither an empty page does, nor one of noise."""
    noise = np.random.default_rng(1).integers(0, 256, (400, 300)).astype(np.uint8)
    assert not lies_on_its_side(np.full((400, 300), 255, np.uint8))
    assert not lies_on_its_side(noise)
    assert not lies_on_its_side(noise.T)
