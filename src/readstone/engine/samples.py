"""Lines of a page, cut out to be read once more."""

import numpy as np

from readstone.document import Box, Line, Page
from readstone.engine.base import PageImage

BLOCK_MODE = 6  # Tesseract's page segmentation mode for a picture of one block of text
MARGIN_EM, MARGIN_PX = 0.25, 2


def longest_lines(page: Page, count: int) -> list[Line]:
    """Return the lines with the most letters."""
    return sorted(page.lines, key=lambda line: len(line.text), reverse=True)[:count]


def cut(image: PageImage, box: Box) -> PageImage:
    """Return a box of a page, with paper around it instead of its neighbours."""
    gray = image.gray[box.y1 : box.y2, box.x1 : box.x2]
    paper = int(np.median(gray))
    return PageImage(np.pad(gray, _margin(box), constant_values=paper), image.dpi)


def widened(box: Box) -> Box:
    """Return a box with a margin, not beyond the left and the upper edge."""
    margin = _margin(box)
    x1, y1 = max(0, box.x1 - margin), max(0, box.y1 - margin)
    return Box(x1, y1, box.x2 + margin, box.y2 + margin)


def _margin(box: Box) -> int:
    return max(MARGIN_PX, round(MARGIN_EM * min(box.x2 - box.x1, box.y2 - box.y1)))
