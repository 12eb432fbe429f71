"""Tests of engine/prepare/prepared.py: what is done to a page, and only where it is called for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.base import STEPS, PageImage, Step
from readstone.engine.prepare.letters import letter_height
from readstone.engine.prepare.prepared import ENLARGED_PRINT, SMALL_PRINT, prepare

TESTDATA = Path(__file__).parents[4] / "testdata"


def stored(name: str) -> PageImage:
    """Return a page of testdata."""
    with Image.open(TESTDATA / name) as image:
        return PageImage(np.asarray(image.convert("L")), None)


@pytest.mark.parametrize("name", ["page/receipt.png", "line/line.png", "distorted/noise.jpg"])
def test_good_page_is_read_as_it_is(name: str) -> None:
    """Its pixels are not touched."""
    page = stored(name)
    prepared = prepare(page, STEPS)
    assert prepared.image.gray is page.gray
    assert (prepared.view, prepared.skew) == (None, 0.0)


NEEDED: list[tuple[str, Step]] = [
    ("poor/skewed.png", "deskew"),
    ("poor/shadowed.jpg", "background"),
    ("poor/small.png", "upscale"),
]


@pytest.mark.parametrize(("name", "step"), NEEDED)
def test_page_is_changed_by_the_step_that_it_needs(name: str, step: Step) -> None:
    """The other steps leave it alone."""
    page = stored(name)
    assert prepare(page, [step]).image.gray is not page.gray
    assert prepare(page, set(STEPS) - {step}).image.gray is page.gray
    assert prepare(page, ()).image.gray is page.gray


def test_skewed_page_is_levelled() -> None:
    """What is left of the skew is nothing that counts."""
    prepared = prepare(stored("poor/skewed.png"), STEPS)
    assert prepared.skew == pytest.approx(3.0, abs=0.1)
    assert abs(prepare(prepared.image, STEPS).skew) <= 0.1


def test_small_print_is_enlarged() -> None:
    """Letters have the height at which they are read best, and the resolution grows alike."""
    page = stored("poor/small.png")
    gray = prepare(page, STEPS, dpi=60).image.gray
    assert letter_height(page.gray) < SMALL_PRINT
    assert letter_height(gray) == pytest.approx(ENLARGED_PRINT, rel=0.15)
    assert prepare(page, STEPS, dpi=60).image.dpi == round(60 * gray.shape[1] / page.gray.shape[1])


def test_resolution_is_that_of_who_knows_it_or_else_of_the_letters() -> None:
    """What the file says counts where there is no print; scanners often say nonsense."""
    gray = stored("page/receipt.png").gray
    by_letters = prepare(PageImage(gray, 72), STEPS).image.dpi
    assert by_letters and 100 < by_letters < 400
    assert prepare(PageImage(gray, 72), STEPS, dpi=150).image.dpi == 150
    assert prepare(PageImage(gray, 72), ()).image.dpi == 72
    assert prepare(PageImage(np.full((900, 700), 255, np.uint8), 72), STEPS).image.dpi == 72
