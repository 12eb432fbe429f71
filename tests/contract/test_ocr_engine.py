"""What every OCR engine keeps: the same pages, the same claims."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from readstone.document import Page
from readstone.engine.base import OcrEngine, OcrOptions, PageImage
from readstone.engine.ocr.rapid.engine import RapidEngine
from readstone.engine.ocr.tessdata import find_tessdata, installed_languages
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.engine.ocr.tesseract_cli import TesseractCliEngine
from readstone.errors import InvalidRequest
from tests.contract.pages import MARGIN, written

ENGINES: dict[str, Callable[[], OcrEngine]] = {
    "tesserocr": lambda: TesseractEngine(find_tessdata()),
    "pytesseract": lambda: TesseractCliEngine(find_tessdata()),
    "rapidocr": lambda: RapidEngine(find_tessdata()),
}
TESSERACT = ["tesserocr", "pytesseract"]
LETTER = "Dear Ms. Okafor,\nthe price is 418.60 EUR\n\n\nYours sincerely"
BLANK = {
    "white": np.full((200, 300), 255, np.uint8),
    "black": np.zeros((200, 300), np.uint8),
    "one pixel": np.full((1, 1), 255, np.uint8),
    "one row": np.full((1, 2000), 255, np.uint8),
    "one column": np.full((2000, 1), 255, np.uint8),
}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    """Each engine in turn."""
    return ENGINES[request.param]()


@pytest.fixture(scope="module", params=TESSERACT)
def tesseract(request: pytest.FixtureRequest) -> OcrEngine:
    """Each engine that is Tesseract."""
    return ENGINES[request.param]()


@pytest.fixture(scope="module")
def letter(engine: OcrEngine) -> Page:
    """The letter as the engine read it."""
    return engine.read(PageImage(written(LETTER), 300, 90), OcrOptions(), number=4)


def test_engine_says_its_name_and_version(engine: OcrEngine) -> None:
    """The version is a number, whatever else the engine prints."""
    assert engine.name
    assert re.match(r"\d+\.\d+", engine.check())


def test_languages_can_all_be_asked_for(engine: OcrEngine) -> None:
    """They are sorted, and English is among them."""
    assert list(engine.languages()) == sorted(engine.languages())
    assert "eng" in engine.languages()


def test_languages_of_tesseract_are_those_that_are_installed(tesseract: OcrEngine) -> None:
    """Each has its data in the folder."""
    assert tesseract.languages() == installed_languages(find_tessdata())


def test_text_is_read_in_lines_and_paragraphs(letter: Page) -> None:
    """Lines and paragraphs are those of the page."""
    assert letter.text == "Dear Ms. Okafor,\nthe price is 418.60 EUR\n\nYours sincerely"
    assert [line.text for line in letter.lines] == list(filter(None, letter.text.split("\n")))


def test_page_says_of_what_it_is(letter: Page) -> None:
    """Number, size, resolution, rotation and language come with the page."""
    height, width = written(LETTER).shape
    assert (letter.number, letter.width, letter.height) == (4, width, height)
    assert (letter.dpi, letter.rotation, letter.language) == (300, 90, "eng")


def test_words_lie_on_their_ink(letter: Page) -> None:
    """A box holds dark pixels, lies on the page and within that of its line."""
    gray = written(LETTER)
    for line in letter.lines:
        for word in line.words:
            x1, y1, x2, y2 = word.box
            assert gray[y1:y2, x1:x2].min() < 64
            assert line.box.x1 <= x1 < x2 <= line.box.x2 <= letter.width - MARGIN + 4
            assert line.box.y1 <= y1 < y2 <= line.box.y2 <= letter.height - MARGIN + 4


def test_spans_are_places_in_the_text(letter: Page) -> None:
    """A word can be found in the text of its page."""
    for line in letter.lines:
        for word in line.words:
            assert letter.text[word.start : word.end] == word.text


def test_confidence_is_a_share(letter: Page) -> None:
    """Clear print is read with confidence, and nothing with more than that."""
    words = [word for line in letter.lines for word in line.words]
    assert all(0 <= word.confidence <= 1 for word in words)
    assert all(0 <= line.confidence <= 1 for line in letter.lines)
    assert 0.8 < letter.confidence <= 1


@pytest.mark.parametrize("name", BLANK)
def test_page_without_text_has_no_lines(engine: OcrEngine, name: str) -> None:
    """A page of any shape may be empty, and that is no failure."""
    page = engine.read(PageImage(BLANK[name], None), OcrOptions())
    assert (page.text, page.lines, page.confidence) == ("", (), 0.0)
    assert (page.height, page.width) == BLANK[name].shape


def test_next_page_knows_nothing_of_the_last(engine: OcrEngine) -> None:
    """Two readings of a page are the same, whatever was read between."""
    line = PageImage(written("Order 4711"), None)
    first = engine.read(line, OcrOptions(psm=7))
    engine.read(PageImage(BLANK["white"], 72), OcrOptions(psm=11, dpi=70))
    assert engine.read(line, OcrOptions(psm=7)) == first
    assert first.text == "Order 4711"


@pytest.mark.parametrize("psm", [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
def test_every_segmentation_mode_is_taken(engine: OcrEngine, psm: int) -> None:
    """No mode that a request may ask for ends in a failure."""
    assert isinstance(engine.read(PageImage(written("Order 4711"), 300), OcrOptions(psm=psm)), Page)


def test_parameters_are_heeded(tesseract: OcrEngine) -> None:
    """A list of allowed characters allows no other."""
    options = OcrOptions(psm=7, parameters={"tessedit_char_whitelist": "0123456789 "})
    page = tesseract.read(PageImage(written("Order 4711"), 300), options)
    assert re.fullmatch(r"[0-9 ]*4711", page.text)


def test_unknown_parameter_is_refused(tesseract: OcrEngine) -> None:
    """What the engine does not know is the sender's mistake, and is named."""
    options = OcrOptions(parameters={"no_such_thing": "1"})
    with pytest.raises(InvalidRequest, match="no_such_thing"):
        tesseract.read(PageImage(written("Order 4711"), 300), options)


def test_value_of_a_parameter_may_hold_anything(tesseract: OcrEngine) -> None:
    """Blanks, quotes and dashes are part of a value, and of nothing else."""
    options = OcrOptions(psm=7, parameters={"tessedit_char_whitelist": "Order 4711 -c \"';$#"})
    assert tesseract.read(PageImage(written("Order 4711"), 300), options).text == "Order 4711"


def test_two_languages_are_read_at_once(engine: OcrEngine) -> None:
    """Codes may be joined by a plus sign."""
    options = OcrOptions(lang="eng+eng", psm=7)
    page = engine.read(PageImage(written("Order 4711"), 300), options)
    assert (page.text, page.language) == ("Order 4711", "eng+eng")


def test_resolution_of_the_request_beats_that_of_the_file(engine: OcrEngine) -> None:
    """A page says what its file said; the reading is done with what was asked for."""
    page = engine.read(PageImage(written("Order 4711"), 72), OcrOptions(psm=7, dpi=300))
    assert (page.text, page.dpi) == ("Order 4711", 72)
