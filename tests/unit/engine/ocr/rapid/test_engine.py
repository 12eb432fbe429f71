"""Tests of engine/ocr/rapid/engine.py beyond the contract of all engines."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.base import OcrOptions, PageImage, PictureLimits
from readstone.engine.ocr.rapid.engine import RapidEngine
from readstone.engine.pages import decode_picture
from tests.contract.pages import written

LIMITS = PictureLimits(10_000_000, 10_000)
TESTDATA = Path(__file__).parents[5] / "testdata"
WITH_ACCENTS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
COLUMN = "The first column of a page\nis read from its top to\nits end before the other"
OTHER = "The second one has lines\nthat stand between those\nof its neighbour"


@pytest.fixture(scope="module")
def engine() -> RapidEngine:
    """The engine, with its models loaded once."""
    return RapidEngine(Path())


def read(engine: RapidEngine, gray: np.ndarray, lang: str = "eng") -> str:
    """Return the text of a page, each paragraph break as a line break."""
    return engine.read(PageImage(gray, None), OcrOptions(lang=lang)).text.replace("\n\n", "\n")


@pytest.mark.parametrize("name", ["letter", "receipt"])
def test_page_is_read_as_it_stands(engine: RapidEngine, name: str) -> None:
    """All words of a letter and of a receipt, row by row."""
    image = decode_picture((TESTDATA / f"page/{name}.png").read_bytes(), LIMITS)
    truth = (TESTDATA / f"page/{name}.txt").read_text().split()
    assert read(engine, image.gray).split() == truth


def test_columns_are_read_one_after_the_other(engine: RapidEngine) -> None:
    """Lines of neighbouring columns are not joined."""
    left, right = written(COLUMN), written(OTHER)
    page = np.full((max(len(left), len(right)) + 30, left.shape[1] + right.shape[1]), 255, np.uint8)
    page[: len(left), : left.shape[1]] = left
    page[30 : 30 + len(right), left.shape[1] :] = right
    assert read(engine, page) == f"{COLUMN}\n{OTHER}"


def test_accents_are_read(engine: RapidEngine) -> None:
    """Letters with accents are those of the language."""
    text = "Où êtes-vous, garçon ? À Noël."
    assert read(engine, written(text, font_file=WITH_ACCENTS), "fra") == text


@pytest.mark.parametrize("quarters", [1, 3])
def test_line_that_stands_on_end_is_read(engine: RapidEngine, quarters: int) -> None:
    """A note in the margin comes last, whichever way it runs, with a box that stands on end too."""
    margin = np.rot90(written("Copy for the customer"), quarters)
    page = np.full((len(margin) + 100, 900), 255, np.uint8)
    page[: len(margin), : margin.shape[1]] = margin
    line = written("Order 4711")
    page[: len(line), 300 : 300 + line.shape[1]] = line
    found = engine.read(PageImage(page, None), OcrOptions())
    assert [line.text for line in found.lines] == ["Order 4711", "Copy for the customer"]
    x1, y1, x2, y2 = found.lines[-1].box
    assert y2 - y1 > 5 * (x2 - x1)


def test_page_that_slopes_is_read_in_rows(engine: RapidEngine) -> None:
    """A table of wide gaps keeps its rows although it is askew by two degrees."""
    rows = [f"Item {item}        {price}.50" for item, price in enumerate(range(22, 28), 11)]
    level = Image.fromarray(written("\n".join(rows), size_px=24))
    askew = np.asarray(level.rotate(2, Image.Resampling.BICUBIC, expand=True, fillcolor=255))
    assert read(engine, askew).split("\n") == [" ".join(row.split()) for row in rows]
