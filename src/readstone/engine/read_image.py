"""Reads the image of one page: the right way up, prepared as far as it needs, without noise."""

from dataclasses import replace
from functools import partial

from readstone.document import Page, PageWarning, expected_share
from readstone.engine.base import OcrEngine, OcrOptions, PageImage
from readstone.engine.bullets import with_bullets
from readstone.engine.doubts import words_of
from readstone.engine.noise import without_noise
from readstone.engine.ocr.found import build_page
from readstone.engine.page_language import likely_language
from readstone.engine.page_regions import read_regions
from readstone.engine.prepare.axis import lies_on_its_side
from readstone.engine.prepare.ink import is_blank, is_tiny, shrunk
from readstone.engine.prepare.prepared import Prepared, prepare
from readstone.engine.samples import BLOCK_MODE
from readstone.engine.upright import is_clear, needed_turn

PAGE_MODE = 3  # Tesseract's page segmentation mode in which it looks for everything

# So much higher than wide, more than any office paper, a picture is a receipt or a strip: its lines
# go across all of it, though there may be wide gaps in them. F1 of such receipts is 0.01 to 0.04
# higher when that is said.
STRIP = 1.7

# Read in its own language a page may have as much less confidence than in another: of 55 pages in
# English none is told to be in another one.
SURE = 0.05


def read_image(
    engine: OcrEngine,
    image: PageImage,
    options: OcrOptions,
    *,
    number: int = 1,
) -> Page:
    """Return what stands on a page; places are those of its image after quarter turns."""
    ready = partial(prepare, steps=options.preprocess, dpi=options.dpi)
    small = shrunk(image.gray)
    if is_blank(small):
        blank = build_page((), image, language=options.lang, number=number)
        return replace(blank, warnings=(PageWarning("blank_page", number),))
    is_turning = options.orientation == "auto"
    is_lying = is_turning and lies_on_its_side(small)
    prepared = ready(image.turned(90)) if is_lying else ready(image, small=small)
    page, options = _read_in_its_language(engine, prepared, options, number)
    if is_turning and (turn := _turn(engine, prepared, page, options)):
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
        if again.confidence < page.confidence - SURE:
            break
        page, options = again, other
    return page, options


def _turn(engine: OcrEngine, prepared: Prepared, page: Page, options: OcrOptions) -> int:
    """Return by how much to turn a page; the whole of it tells where its regions do not."""
    if options.regions and not is_clear(page):
        page = _read(engine, prepared, replace(options, regions=()), page.number)
    return needed_turn(engine, prepared.image, page, options)


def _placed(page: Page, prepared: Prepared, options: OcrOptions) -> Page:
    page = with_bullets(page, prepared.image.gray)
    page = page if options.keep_noise else without_noise(page)
    return prepared.on_page(replace(page, confidence=expected_share([*words_of(page)])))


def _read(engine: OcrEngine, prepared: Prepared, options: OcrOptions, number: int) -> Page:
    """Return what stands on a prepared page, or in the regions of it that are wanted."""
    read = partial(_read_piece, engine, options=options, number=number)
    if options.regions:
        return read_regions(read, prepared, options, number)
    return read(prepared.image)


def _read_piece(engine: OcrEngine, image: PageImage, options: OcrOptions, number: int) -> Page:
    """Return what stands on a page or a part of it, in the mode that its shape calls for."""
    height, width = image.gray.shape
    is_any, is_line = options.psm == PAGE_MODE, is_tiny(image.gray)
    is_tall = height > STRIP * width
    as_block = replace(options, psm=BLOCK_MODE, dpi=image.dpi)
    # Of 540 lines that were cut out of pages 271 are read without a fault as a block, and 254 where
    # a page is looked for, which takes a millisecond more; but a line that stands shows only there.
    if is_any and is_line != is_tall:
        return engine.read(image, as_block, number=number)
    page = engine.read(image, replace(options, dpi=image.dpi), number=number)
    # In a picture that is cut close around a line that stands, no page is found.
    is_missed = is_any and is_line and not page.lines
    return engine.read(image, as_block, number=number) if is_missed else page
