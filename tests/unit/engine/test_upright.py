"""Tests of engine/upright.py, with Tesseract and pages that lie in every way."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.document import Page, PageWarning
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.engine.upright import SAMPLES, read_upright
from tests.contract.pages import written

TESTDATA = Path(__file__).parents[3] / "testdata"
QUARTERS = [0, 90, 180, 270]
PAGES = ["page/letter.png", "page/receipt.png", "line/line.png", "distorted/noise.jpg"]
BLANK = [(1, 1), (1, 2000), (2000, 1), (300, 400)]


class CountingEngine(TesseractEngine):
    """Remembers how often it was asked."""

    asked = 0

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        self.asked += 1
        return super().read(image, options, number=number)


@pytest.fixture(scope="module")
def warm() -> CountingEngine:
    """One engine for all tests."""
    return CountingEngine(find_tessdata())


@pytest.fixture
def engine(warm: CountingEngine) -> CountingEngine:
    """The engine, not yet asked."""
    warm.asked = 0
    return warm


def stored(name: str, *, clockwise: int = 0) -> PageImage:
    """Return a picture of testdata, turned."""
    with Image.open(TESTDATA / name) as image:
        return turned(np.asarray(image.convert("L")), clockwise)


def turned(gray: np.ndarray, clockwise: int) -> PageImage:
    """Return a page as a scanner may give it."""
    return PageImage(np.ascontiguousarray(np.rot90(gray, -clockwise // 90)), None)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("clockwise", QUARTERS)
def test_page_is_read_as_if_it_had_been_upright(
    engine: CountingEngine, name: str, clockwise: int
) -> None:
    """Text and boxes are those of the upright page; the rotation says how it was turned."""
    upright = engine.read(stored(name), OcrOptions())
    page = read_upright(engine, stored(name, clockwise=clockwise), OcrOptions())
    assert page.rotation == (360 - clockwise) % 360
    assert (page.text, page.lines) == (upright.text, upright.lines)
    assert (page.width, page.height) == (upright.width, upright.height)


@pytest.mark.parametrize("name", PAGES)
def test_upright_page_costs_one_reading(engine: CountingEngine, name: str) -> None:
    """A page that is read well is not looked at again."""
    read_upright(engine, stored(name), OcrOptions())
    assert engine.asked == 1


@pytest.mark.parametrize("text", ["Order 4711", "SELANGOR", "26-04-18"])
@pytest.mark.parametrize("clockwise", QUARTERS)
def test_a_word_cut_close_is_read(engine: CountingEngine, text: str, clockwise: int) -> None:
    """A picture without a margin, in which no page is found, is read as one block."""
    word = written(text)[34:-34, 34:-34]
    page = read_upright(engine, turned(word, clockwise), OcrOptions())
    assert (page.text, page.rotation) == (text, (360 - clockwise) % 360)


@pytest.mark.parametrize("psm", [4, 6, 11])
def test_turned_page_is_found_in_every_mode(engine: CountingEngine, psm: int) -> None:
    """The mode that a request asks for holds for the page, not for what is tried on it."""
    image = stored("page/letter.png", clockwise=90)
    page = read_upright(engine, image, OcrOptions(psm=psm))
    assert page.rotation == 270
    assert "Yours sincerely" in page.text


def test_page_stays_as_it_is_when_that_is_asked_for(engine: CountingEngine) -> None:
    """Without orientation a page is read once, as it lies."""
    image = stored("page/letter.png", clockwise=180)
    page = read_upright(engine, image, OcrOptions(orientation="none"))
    assert (page.rotation, engine.asked) == (0, 1)
    assert "Yours sincerely" not in page.text


def test_rotation_adds_to_that_of_the_file(engine: CountingEngine) -> None:
    """A page that the file has turned already, and not far enough, is turned on."""
    lying = stored("page/letter.png", clockwise=180)
    page = read_upright(engine, PageImage(lying.gray, 125, 270), OcrOptions(), number=3)
    assert (page.rotation, page.number, page.dpi) == (90, 3, 125)


def test_scrawl_stays_as_it_lies(engine: CountingEngine) -> None:
    """What cannot be read either way is not turned, and looking costs some lines."""
    noise = np.random.default_rng(5).normal(0, 120, (600, 500)).cumsum(axis=1) % 256
    page = read_upright(engine, PageImage(noise.astype(np.uint8), None), OcrOptions())
    assert page.rotation == 0
    assert engine.asked <= 1 + 3 * SAMPLES


@pytest.mark.parametrize("shape", BLANK)
@pytest.mark.parametrize("shade", [0, 255])
def test_blank_page_is_not_read_and_says_so(
    engine: CountingEngine, shape: tuple[int, int], shade: int
) -> None:
    """Nothing is looked for where nothing can be seen."""
    page = read_upright(engine, PageImage(np.full(shape, shade, np.uint8), 300), OcrOptions())
    assert (page.text, page.lines, engine.asked) == ("", (), 0)
    assert (page.height, page.width, page.dpi) == (*shape, 300)
    assert page.warnings == (PageWarning("blank_page", 1),)
