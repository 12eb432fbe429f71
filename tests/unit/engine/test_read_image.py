"""Tests of engine/read_image.py, with Tesseract and pages that lie in every way."""

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from readstone.document import Page, PageWarning, Word
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.engine.read_image import read_image
from readstone.engine.upright import SAMPLES
from tests.contract.pages import written

TESTDATA = Path(__file__).parents[3] / "testdata"
QUARTERS = [0, 90, 180, 270]
PAGES = ["page/letter.png", "page/receipt.png", "line/line.png", "distorted/noise.jpg"]
BLANK = [(1, 1), (1, 2000), (2000, 1), (300, 400)]


class CountingEngine(TesseractEngine):
    """Remembers how often it was asked, and in which modes."""

    modes: ClassVar[list[int]] = []

    @property
    def asked(self) -> int:
        """How often it was asked."""
        return len(self.modes)

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        self.modes.append(options.psm)
        return super().read(image, options, number=number)


@pytest.fixture(scope="module")
def warm() -> CountingEngine:
    """One engine for all tests."""
    return CountingEngine(find_tessdata())


@pytest.fixture
def engine(warm: CountingEngine) -> CountingEngine:
    """The engine, not yet asked."""
    warm.modes.clear()
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
    upright = read_image(engine, stored(name), OcrOptions(orientation="none"))
    page = read_image(engine, stored(name, clockwise=clockwise), OcrOptions())
    assert page.rotation == (360 - clockwise) % 360
    assert (page.text, page.lines) == (upright.text, upright.lines)
    assert (page.width, page.height) == (upright.width, upright.height)


@pytest.mark.parametrize("name", PAGES)
def test_upright_page_costs_one_reading(engine: CountingEngine, name: str) -> None:
    """A page that is read well is not looked at again."""
    read_image(engine, stored(name), OcrOptions())
    assert engine.asked == 1


@pytest.mark.parametrize("text", ["Order 4711", "SELANGOR", "26-04-18"])
@pytest.mark.parametrize("clockwise", QUARTERS)
def test_a_word_cut_close_is_read(engine: CountingEngine, text: str, clockwise: int) -> None:
    """A picture without a margin, in which no page is found, is read as one block."""
    word = written(text)[34:-34, 34:-34]
    page = read_image(engine, turned(word, clockwise), OcrOptions())
    assert (page.text, page.rotation) == (text, (360 - clockwise) % 360)


@pytest.mark.parametrize("psm", [4, 6, 11])
def test_turned_page_is_found_in_every_mode(engine: CountingEngine, psm: int) -> None:
    """The mode that a request asks for holds for the page, not for what is tried on it."""
    image = stored("page/letter.png", clockwise=90)
    page = read_image(engine, image, OcrOptions(psm=psm))
    assert page.rotation == 270
    assert "Yours sincerely" in page.text


def test_page_stays_as_it_is_when_that_is_asked_for(engine: CountingEngine) -> None:
    """Without orientation a page is read once, as it lies."""
    image = stored("page/letter.png", clockwise=180)
    page = read_image(engine, image, OcrOptions(orientation="none"))
    assert (page.rotation, engine.asked) == (0, 1)
    assert "Yours sincerely" not in page.text


def test_rotation_adds_to_that_of_the_file(engine: CountingEngine) -> None:
    """A page that the file has turned already, and not far enough, is turned on."""
    lying = stored("page/letter.png", clockwise=180)
    page = read_image(engine, PageImage(lying.gray, 125, 270), OcrOptions(), number=3)
    assert (page.rotation, page.number, page.dpi) == (90, 3, 125)


def test_scrawl_stays_as_it_lies(engine: CountingEngine) -> None:
    """What cannot be read either way is not turned, and looking costs some lines."""
    noise = np.random.default_rng(5).normal(0, 120, (600, 500)).cumsum(axis=1) % 256
    page = read_image(engine, PageImage(noise.astype(np.uint8), None), OcrOptions())
    assert page.rotation == 0
    assert engine.asked <= 1 + 3 * SAMPLES


@pytest.mark.parametrize("shape", BLANK)
@pytest.mark.parametrize("shade", [0, 255])
def test_blank_page_is_not_read_and_says_so(
    engine: CountingEngine, shape: tuple[int, int], shade: int
) -> None:
    """Nothing is looked for where nothing can be seen."""
    page = read_image(engine, PageImage(np.full(shape, shade, np.uint8), 300), OcrOptions())
    assert (page.text, page.lines, engine.asked) == ("", (), 0)
    assert (page.height, page.width, page.dpi) == (*shape, 300)
    assert page.warnings == (PageWarning("blank_page", 1),)


@pytest.mark.parametrize("name", ["skewed.png", "small.png", "shadowed.jpg"])
def test_poor_page_is_read_as_well_as_a_good_one(engine: CountingEngine, name: str) -> None:
    """Nearly all words of the letter are found, and words lie where they were seen."""
    words = (TESTDATA / "page/letter.txt").read_text(encoding="utf-8").split()
    image = stored(f"poor/{name}")
    page = read_image(engine, image, OcrOptions())
    read = page.text.split()
    assert len([word for word in words if word in read]) >= 0.97 * len(words)
    assert (page.height, page.width) == image.gray.shape
    assert all(ink_share(image, word) > 0.05 for line in page.lines for word in line.words)


def test_skew_is_said_and_boxes_are_those_of_the_page(engine: CountingEngine) -> None:
    """Words of a line that rises stand the higher the further right they are."""
    page = read_image(engine, stored("poor/skewed.png"), OcrOptions())
    assert page.skew == pytest.approx(3.0, abs=0.1)
    line = max(page.lines, key=lambda each: len(each.text))
    first, last = line.words[0].box, line.words[-1].box
    rise = (first.y2 - last.y2) / (last.x1 - first.x1)
    assert np.degrees(np.arctan(rise)) == pytest.approx(3.0, abs=0.6)


def test_page_is_read_as_it_is_when_no_step_is_allowed(engine: CountingEngine) -> None:
    """Of a skewed page no skew is measured then."""
    page = read_image(engine, stored("poor/skewed.png"), OcrOptions(preprocess=()))
    assert page.skew == 0.0


@pytest.mark.parametrize(
    ("name", "asked", "mode"),
    [("receipt", 3, 6), ("letter", 3, 3), ("receipt", 4, 4)],
    ids=["a receipt is one block", "a letter is a page", "what was asked for counts"],
)
def test_mode_goes_by_the_shape_of_the_page(
    engine: CountingEngine, name: str, asked: int, mode: int
) -> None:
    """Lines of a receipt go across all of it, unless a request says otherwise."""
    read_image(engine, stored(f"page/{name}.png"), OcrOptions(psm=asked))
    assert engine.modes == [mode]


def ink_share(image: PageImage, word: Word) -> float:
    """Return how much of the box of a word is darker than half of its paper."""
    box = word.box
    gray = image.gray[box.y1 : box.y2, box.x1 : box.x2]
    return float((gray < np.percentile(gray, 95) * 0.7).mean())
