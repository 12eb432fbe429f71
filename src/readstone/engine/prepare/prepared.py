"""A page made ready to be read, as far as what is measured on it calls for that."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from readstone.document import Box, Page
from readstone.engine.base import GrayImage, PageImage, Step
from readstone.engine.ocr.found import with_words
from readstone.engine.prepare.geometry import View, whole
from readstone.engine.prepare.ink import is_tiny, shrunk
from readstone.engine.prepare.letters import letter_height
from readstone.engine.prepare.light import without_shadow
from readstone.engine.prepare.skew import skew_angle

# Tesseract levels pages by itself, and yet loses words in columns that are off by no more.
LEAST_SKEW_DEG = 0.3
LEAST_SIDE = 100  # to measure a single line would take a good part of the time that reading it does
# Print that is lower than the one is enlarged to the other, in pixels.
SMALL_PRINT, ENLARGED_PRINT = 13.5, 22
# The resolution at which letters of a book are as high as those of the page: by it Tesseract tells
# columns, words and specks apart.
DPI_OF_A_PIXEL, DPI_RANGE = 12, (70, 600)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page as it is to be read, and as it came.

    Attributes:
        image: the resolution is the one to be believed when it is read.
        view: None where the image has the pixels of the page.
        skew: of the page, in degrees counter-clockwise.
    """

    image: PageImage
    page: PageImage
    view: View | None = None
    skew: float = 0.0

    def on_page(self, read: Page) -> Page:
        """Return what was read on the image, placed on the page."""
        height, width = self.page.gray.shape
        facts = replace(
            read,
            width=width,
            height=height,
            dpi=self.page.dpi,
            rotation=self.page.rotation,
            skew=self.skew,
        )
        if self.view is None:
            return facts
        return with_words(facts, lambda _, word: word._replace(box=self.box_on_page(word.box)))

    def box_on_page(self, box: Box) -> Box:
        """Return the box on the page around one of the image."""
        height, width = self.page.gray.shape
        return self.view.box_on_page(box, (width, height)) if self.view else box

    def box_on_image(self, box: Box) -> Box:
        """Return the box on the image around one of the page."""
        return (self.view or whole(self.page.gray)).box_on_image(box)


def prepare(
    page: PageImage,
    steps: Collection[Step],
    *,
    dpi: int | None = None,
    small: GrayImage | None = None,
) -> Prepared:
    """Return a page after those of the steps that it needs.

    Args:
        small: the page, shrunk, where it is at hand.
        dpi: its resolution, where somebody knows it; else it is told by the letters.
    """
    if not steps:
        return Prepared(replace(page, dpi=dpi or page.dpi), page)
    view, lit = whole(page.gray), page.gray
    small = shrunk(lit) if small is None else small
    can_tell = "deskew" in steps and min(small.shape) >= LEAST_SIDE
    skew = skew_angle(small) if can_tell else 0.0
    if abs(skew) >= LEAST_SKEW_DEG:
        view = view.levelled(skew)
    if "background" in steps and not is_tiny(small):
        lit = without_shadow(page.gray, small)
    gray = view.image_of(lit)
    height = letter_height(gray)
    dpi = dpi or _dpi(height) or page.dpi
    if "upscale" in steps and 0 < height < SMALL_PRINT:
        factor = ENLARGED_PRINT / height
        view, dpi = view.scaled(factor), dpi and round(dpi * factor)
        gray = view.image_of(lit)
    is_same = gray is lit
    return Prepared(PageImage(gray, dpi, page.rotation), page, None if is_same else view, skew)


def _dpi(letter_height_px: float) -> int | None:
    if not letter_height_px:
        return None
    least, most = DPI_RANGE
    return min(most, max(least, round(letter_height_px * DPI_OF_A_PIXEL)))
