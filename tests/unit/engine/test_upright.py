"""Tests of engine/upright.py, with an engine that says how well it reads what lies how."""

import numpy as np
import pytest

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.upright import needed_turn

LINE = Box(100, 100, 500, 140)
TEXT = "scrawl that nobody reads"


def page_with(confidence: float, image: PageImage) -> Page:
    """Return a page with one line that is read with this confidence."""
    found = [FoundWord(TEXT, LINE, confidence, 0, 0)]
    return build_page(found, image, language="eng", number=1)


class ByTurn:
    """Reads a picture with the confidence that is given for how it was turned."""

    name = "by turn"

    def __init__(self, confidences: dict[int, float]) -> None:
        self._confidences = confidences

    def check(self) -> str:
        """Return a version."""
        return "1"

    def languages(self) -> tuple[str, ...]:
        """Return the only language."""
        return ("eng",)

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        """Return a line."""
        return page_with(self._confidences[image.rotation], image)


@pytest.mark.parametrize(
    ("as_page", "as_it_lies", "turned", "turn"),
    [
        (0.2, 0.2, 0.9, 180),
        (0.2, 0.4, 0.3, 0),  # cut out of the page the line is read better either way
        (0.4, 0.2, 0.3, 0),
        (0.8, 0.2, 0.9, 0),  # clear
    ],
)
def test_page_is_turned_if_its_lines_read_better_than_they_do_now(
    as_page: float, as_it_lies: float, turned: float, turn: int
) -> None:
    """Better than on the page, and better than the same lines cut out of it."""
    image = PageImage(np.full((1000, 800), 255, np.uint8), None)
    page = page_with(as_page, image)
    engine = ByTurn({0: as_it_lies, 180: turned})
    assert needed_turn(engine, image, page, OcrOptions()) == turn
