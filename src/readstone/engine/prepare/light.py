"""A shadow over a page, and the page without it."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from readstone.engine.base import GrayImage

BLOCK = 24  # pixels of a shrunk page: paper shows in each that lies on print
WHITE = 235

# The darker tenth of the light over the brighter one: a scan has 0.9 and more, a photo under a lamp
# 0.5. Less is no shadow but a dark ground, which must not be touched.
SHADOWED = (0.3, 0.6)
# How much of a page is clearly between its dark and its bright: a third and more under a shadow,
# less than 0.2 beside a dark panel, which ends abruptly.
LEAST_BETWEEN = 0.3


def without_shadow(gray: GrayImage, small: GrayImage) -> GrayImage:
    """Return a page as under even light; as it is where no strong shadow lies on it.

    The light is the paper that shows between the letters: the brightest of each block, smoothed.

    Args:
        small: the same page, shrunk.
    """
    light = _light(small)
    if not _is_shadow(np.asarray(light, np.float64)):
        return gray
    full = light.resize((gray.shape[1], gray.shape[0]), Image.Resampling.BICUBIC)
    levels = gray * (WHITE / np.maximum(np.asarray(full, np.float32), 1))
    return np.clip(levels, 0, 255).astype(np.uint8)


def _light(small: GrayImage) -> Image.Image:
    """Return a small map of how bright the paper is: the brightest pixel of each block."""
    height, width = -(-small.shape[0] // BLOCK), -(-small.shape[1] // BLOCK)
    edge = (0, height * BLOCK - small.shape[0]), (0, width * BLOCK - small.shape[1])
    blocks = np.pad(small, edge, "edge").reshape(height, BLOCK, width, BLOCK)
    brightest = Image.fromarray(blocks.max(axis=1).max(axis=2))  # at once it takes twice as long
    return brightest.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.GaussianBlur(0.7))


def _is_shadow(light: npt.NDArray[np.float64]) -> bool:
    dark, bright = np.percentile(light, (10, 90))
    share = (light - dark) / max(1.0, bright - dark)
    is_between = np.mean((share > 0.2) & (share < 0.8)) >= LEAST_BETWEEN
    return bool(SHADOWED[0] <= dark / max(1.0, bright) < SHADOWED[1] and is_between)
