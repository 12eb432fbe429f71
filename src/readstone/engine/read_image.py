"""Reads the image of one page: the right way up, prepared as far as it needs, without noise."""

from dataclasses import replace
from functools import partial

from readstone.document import Page, PageWarning
from readstone.engine.base import OcrEngine, OcrOptions, PageFacts, PageImage
from readstone.engine.noise import without_noise
from readstone.engine.ocr.found import build_page
from readstone.engine.page_language import likely_language
from readstone.engine.prepare.axis import lies_on_its_side
from readstone.engine.prepare.ink import is_blank, is_tiny, shrunk
from readstone.engine.prepare.prepared import Prepared, prepare
from readstone.engine.samples import BLOCK_MODE
from readstone.engine.upright import needed_turn

PAGE_MODE = 3  # Tesseract's page segmentation mode in which it looks for everything

# So much higher than wide, more than any office paper, a picture is a receipt or a strip: its lines
# go across all of it, though there may be wide gaps in them. F1 of such receipts is 0.01 to 0.04
# higher when that is said.
STRIP = 1.7


def read_image(
    engine: OcrEngine,
    image: PageImage,
    options: OcrOptions,
    *,
    number: int = 1,
    facts: PageFacts | None = None,
) -> Page:
    """Return what stands on a page; places are those of its image after quarter turns.

    Args:
        facts: what was found out when another engine read the page.
    """
    ready = partial(prepare, steps=options.preprocess, dpi=options.dpi)
    if facts:
        prepared = ready(image.turned(facts.rotation - image.rotation), skew=facts.skew)
        return _placed(_read(engine, prepared, options, number), prepared, options)
    small = shrunk(image.gray)
    if is_blank(small):
        blank = build_page((), image, language=options.lang, number=number)
        return replace(blank, warnings=(PageWarning("blank_page", number),))
    is_turning = options.orientation == "auto"
    prepared = ready(image.turned(90) if is_turning and lies_on_its_side(small) else image)
    page, options = _read_in_its_language(engine, prepared, options, number)
    if is_turning and (turn := needed_turn(engine, prepared.image, page, options)):
        prepared = ready(prepared.page.turned(turn))
        page, options = _read_in_its_language(engine, prepared, options, number)
    return _placed(page, prepared, options)


def _read_in_its_language(
    engine: OcrEngine, prepared: Prepared, options: OcrOptions, number: int
) -> tuple[Page, OcrOptions]:
    """Return what stands on a page, and options with the language in which that was read."""
    page = _read(engine, prepared, options, number)
    for _ in range(2 if options.finds_language else 0):  # its script, then its language
        if (code := likely_language(engine, prepared.image, page, options)) is None:
            break
        other = replace(options, lang=code)
        again = _read(engine, prepared, other, number)
        if again.confidence <= page.confidence:
            break
        page, options = again, other
    return page, options


def _placed(page: Page, prepared: Prepared, options: OcrOptions) -> Page:
    return prepared.on_page(page if options.keep_noise else without_noise(page))


def _read(engine: OcrEngine, prepared: Prepared, options: OcrOptions, number: int) -> Page:
    """Return what stands on a prepared page, in the mode that its shape calls for."""
    gray, is_any = prepared.image.gray, options.psm == PAGE_MODE
    options = replace(options, dpi=prepared.image.dpi)
    if is_any and not is_tiny(gray) and gray.shape[0] > STRIP * gray.shape[1]:
        options = replace(options, psm=BLOCK_MODE)
    page = engine.read(prepared.image, options, number=number)
    if page.lines or not (is_any and is_tiny(gray)):
        return page
    # In a picture that is cut close around a line, no page is found.
    return engine.read(prepared.image, replace(options, psm=BLOCK_MODE), number=number)
