"""Tests of evaluation/previews.py: pages as small pictures, upright."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from readstone.document import Page
from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.recognise import Reader
from readstone.evaluation.previews import LONGER_SIDE, page_preview
from tests.fakes import FakeEngine, picture

READER = Reader(FakeEngine(), PictureLimits(50_000_000, 30_000))
PAGE = Page(1, 1, 1, None, 0, "eng", "", 0.0, ())
TESTDATA = Path(__file__).parents[3] / "testdata"


@pytest.mark.parametrize(
    ("rotation", "size"), [(0, (40, 30)), (90, (30, 40)), (180, (40, 30)), (270, (30, 40))]
)
def test_picture_is_turned_as_it_was_read(rotation: int, size: tuple[int, int]) -> None:
    """A page that was found on its side is shown upright."""
    shown = page_preview(READER, picture(), OcrOptions(), replace(PAGE, rotation=rotation))
    assert Image.open(BytesIO(shown)).size == size


def test_turn_that_the_file_states_is_made_once() -> None:
    """What decoding has turned already is not turned again."""
    data = (TESTDATA / "exif" / "orientation_6.jpg").read_bytes()
    shown = Image.open(
        BytesIO(page_preview(READER, data, OcrOptions(), replace(PAGE, rotation=90)))
    )
    assert shown.width > shown.height


def test_large_page_of_a_pdf_is_shown_small() -> None:
    """A PDF page is rendered, and reduced."""
    data = (TESTDATA / "pdf" / "line.pdf").read_bytes()
    assert (
        max(Image.open(BytesIO(page_preview(READER, data, OcrOptions(), PAGE))).size) == LONGER_SIDE
    )
