"""Tells pictures that look the same."""

import numpy as np
from PIL import Image

from readstone.engine.base import GrayImage

WIDTH, HEIGHT = 9, 8


def difference_hash(gray: GrayImage) -> int:
    """Return 64 bits, of which few differ between a picture and a scaled or recompressed one.

    Each bit says whether a part of the picture is lighter than the one to its left.

    Args:
        gray: shape (height, width), 0 is black.
    Source: N. Krawetz, "Kind of Like That", 2013.
    """
    small = Image.fromarray(gray).resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    parts = np.asarray(small, np.int16)
    lighter = parts[:, 1:] > parts[:, :-1]
    return int.from_bytes(np.packbits(lighter).tobytes(), "big")
