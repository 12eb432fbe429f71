"""Tests of engine/page_regions.py, with Tesseract: parts of a page that alone are read."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.document import Box
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.engine.page_regions import within
from readstone.engine.read_image import read_image

TESTDATA = Path(__file__).parents[3] / "testdata"
# How far the box of a word may be off, in pixels, after a page was levelled.
NEAR_PX = 6


@pytest.fixture(scope="module")
def engine() -> TesseractEngine:
    """One engine for all tests."""
    return TesseractEngine(find_tessdata())


def stored(name: str) -> PageImage:
    """Return a page of testdata."""
    with Image.open(TESTDATA / name) as image:
        return PageImage(np.asarray(image.convert("L")), None)


def around(box: Box) -> Box:
    """Return a box with a little paper around it."""
    return Box(max(0, box.x1 - 6), max(0, box.y1 - 6), box.x2 + 6, box.y2 + 6)


@pytest.mark.parametrize("name", ["page/letter.png", "poor/skewed.png", "poor/small.png"])
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_only_the_regions_are_read(engine: TesseractEngine, name: str, turns: int) -> None:
    """Words and their places are those of the whole page, in the order of the regions."""
    image = stored(name).turned(90 * turns)
    whole = read_image(engine, image, OcrOptions())
    lines = whole.lines[-1], whole.lines[len(whole.lines) // 2], whole.lines[0]
    page = read_image(engine, image, OcrOptions(regions=tuple(around(each.box) for each in lines)))
    assert (page.width, page.height, page.rotation) == (whole.width, whole.height, whole.rotation)
    found = [word for line in page.lines for word in line.words]
    starts = [
        word.start
        for line in lines
        for word in found
        if word.text == line.words[0].text and apart(word.box, line.words[0].box) <= NEAR_PX
    ]
    assert len(starts) == len(lines)
    assert starts == sorted(starts)
    assert len(page.text) < len(whole.text) / 2


def apart(one: Box, other: Box) -> int:
    """Return by how many pixels two boxes differ at most."""
    return int(np.abs(np.subtract(one, other)).max())


@pytest.mark.parametrize("region", [Box(0, 0, 9, 9), Box(5_000, 5_000, 6_000, 6_000)])
def test_nothing_is_read_where_nothing_is(engine: TesseractEngine, region: Box) -> None:
    """A region may be empty, or lie beside the page."""
    page = read_image(engine, stored("page/letter.png"), OcrOptions(regions=(region,)))
    assert (page.text, page.lines) == ("", ())


def test_words_are_chosen_by_their_middle(engine: TesseractEngine) -> None:
    """Of a page that was read already, those within a region stay; without regions all do."""
    page = read_image(engine, stored("page/letter.png"), OcrOptions())
    first = page.lines[0]
    assert within(page, ()) is page
    assert within(page, [first.box, Box(0, 0, 1, 1)]).text == first.text
