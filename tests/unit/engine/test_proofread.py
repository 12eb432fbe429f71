"""Tests of engine/proofread.py, with Tesseract and the scan of a letter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from readstone.document import Page
from readstone.engine.base import OcrOptions, PageImage, PictureLimits
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.engine.pdf import open_page, open_pdf, render_page
from readstone.engine.proofread import agreement_with, confirm, ink_covered
from readstone.engine.text_layer import read_text_layer

PDFS = Path(__file__).parents[3] / "testdata" / "pdf"
LIMITS = PictureLimits(max_pixels=50_000_000, max_side=32_767)
OPTIONS = OcrOptions()


@pytest.fixture(scope="module")
def engine() -> Iterator[TesseractEngine]:
    """Return a warm engine."""
    yield TesseractEngine(find_tessdata("auto"))


def hidden_text(name: str) -> tuple[Page, PageImage]:
    """Return the text under a scan, and the scan."""
    with open_pdf(PDFS / name) as pdf, open_page(pdf, 1, LIMITS) as page:
        return read_text_layer(page, language="eng").page, render_page(page)


@pytest.mark.parametrize("name", ["scan_with_text.pdf", "scan_over_text.pdf"])
def test_text_that_says_what_the_scan_says_is_confirmed(name: str, engine: TesseractEngine) -> None:
    """Its words have the confidence that a comparison of some lines gives them."""
    text, scan = hidden_text(name)
    confirmed = confirm(text, scan, engine, OPTIONS)
    assert confirmed is not None
    assert confirmed.text == text.text
    words = [word for line in confirmed.lines for word in line.words]
    assert {word.confidence for word in words} == {confirmed.confidence}
    assert 0.9 <= confirmed.confidence <= 1


@pytest.mark.parametrize("name", ["scan_with_wrong_text.pdf", "scan_with_half_the_text.pdf"])
def test_text_that_says_something_else_or_too_little_is_not_confirmed(
    name: str, engine: TesseractEngine
) -> None:
    """What the scan says counts, and all of it."""
    text, scan = hidden_text(name)
    assert confirm(text, scan, engine, OPTIONS) is None


def test_agreement_falls_with_every_wrong_letter(engine: TesseractEngine) -> None:
    """A text in which letters are mistaken agrees less."""
    text, scan = hidden_text("scan_with_text.pdf")
    mistaken = replace(
        text,
        lines=tuple(replace(line, text=line.text.replace("e", "c")) for line in text.lines),
    )
    right, wrong = (agreement_with(page, scan, engine, OPTIONS) for page in (text, mistaken))
    assert right > 0.95 > wrong > 0.5


def test_ink_is_covered_as_far_as_there_are_words() -> None:
    """All of it by the whole text, and half of it by half of the text."""
    text, scan = hidden_text("scan_with_text.pdf")
    half, _ = hidden_text("scan_with_half_the_text.pdf")
    assert ink_covered(text, scan.gray) > 0.98
    assert 0.3 < ink_covered(half, scan.gray) < 0.6
    assert ink_covered(replace(text, lines=()), scan.gray) == 0
