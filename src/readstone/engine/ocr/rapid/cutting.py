"""Strips of a page are cut out of it, level, and what is found on them is put back in its place."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from readstone.document import Box
from readstone.engine.base import GrayImage
from readstone.engine.ocr.rapid.regions import Strip

PAPER = 255


@dataclass(frozen=True, slots=True)
class Cutting:
    """A strip of a page, level.

    Attributes:
        gray: its pixels, as large as they are on the page.
        quarters: by so many quarters, counter-clockwise, it was turned to be level.
    """

    gray: GrayImage
    strip: Strip
    quarters: int = 0

    def turned(self, quarters: int) -> "Cutting":
        """Return the strip turned further."""
        return Cutting(np.rot90(self.gray, quarters), self.strip, self.quarters + quarters)

    def place(self, box: Box) -> Box:
        """Return where on the page a box of the strip lies."""
        height, width = self.gray.shape
        left, top, right, bottom = box
        if self.quarters == 1:
            left, top, right, bottom = height - bottom, left, height - top, right
        elif self.quarters == 3:
            left, top, right, bottom = top, width - right, bottom, width - left
        x, y = self.strip.x1, self.strip.y1 + self.strip.slope * (left + right) / 2
        return Box(round(x + left), round(y + top), round(x + right), round(y + bottom))


def cut(page: Image.Image, strip: Strip) -> Cutting:
    """Return a strip of a page."""
    size = max(1, round(strip.width)), max(1, round(strip.height))
    across_and_down = (1.0, 0.0, strip.x1, strip.slope, 1.0, strip.y1)
    level = page.transform(
        size,
        Image.Transform.AFFINE,
        across_and_down,
        Image.Resampling.BILINEAR,
        fillcolor=PAPER,
    )
    return Cutting(np.asarray(level), strip)
