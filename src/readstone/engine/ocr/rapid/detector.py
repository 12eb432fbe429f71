"""Finds where text stands on a page, strip by strip."""

from math import sqrt

import numpy as np
from PIL import Image

from readstone.engine.base import GrayImage
from readstone.engine.ocr.rapid.models import DETECTION, Network
from readstone.engine.ocr.rapid.regions import Strip, find_regions

# Larger pages are scaled down to it. Twice as many find no more of receipts, forms and magazine
# pages; with half as many, small print runs together.
PIXELS = 700_000
STRIDE = 32  # of the network: sides are multiples of it

# As PP-OCR was trained: pixels over THRESHOLD are text, regions are shrunk text by UNCLIP.
THRESHOLD, CONFIDENT, UNCLIP = 0.3, 0.5, 1.6
SMALLEST_PX = 3


class TextDetector:
    """Finds strips of text: lines, or parts of them that stand apart."""

    def __init__(self) -> None:
        self._network = Network(DETECTION)

    def strips(self, gray: GrayImage) -> list[Strip]:
        """Return the strips of text on a page, in its pixels, in no order."""
        height, width = gray.shape
        scale = min(1.0, sqrt(PIXELS / (width * height)))
        size = _multiple(width * scale), _multiple(height * scale)
        small = Image.fromarray(gray).resize(size, Image.Resampling.BILINEAR)
        shares = self._network(np.asarray(small, np.float32) / 127.5 - 1)[0]
        return [
            _grown(region.strip).scaled(width / size[0], height / size[1])
            for region in find_regions(shares, threshold=THRESHOLD)
            if region.mean >= CONFIDENT
            and min(region.strip.width, region.strip.height) >= SMALLEST_PX
        ]


def _multiple(side: float) -> int:
    return max(1, round(side / STRIDE)) * STRIDE


def _grown(strip: Strip) -> Strip:
    """Return the strip of the text to which the network gave a shrunk one."""
    area, outline = strip.width * strip.height, 2 * (strip.width + strip.height)
    return strip.widened(UNCLIP * area / outline)
