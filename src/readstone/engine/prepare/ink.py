"""Where dark and light meet on a page: the trace that print leaves, whatever its colours are."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from readstone.engine.base import GrayImage

Edges = npt.NDArray[np.bool_]

SHRUNK_SIDE = 1000

# Paper that was scanned, and shrunk, keeps its grain below this step; faint pencil is above it.
FAINT_STEP = 16
# One digit of small print has more of them, a speck of dust fewer.
BLANK_EDGES = 20


def shrunk(gray: GrayImage) -> GrayImage:
    """Return a page whose longer side has at most some 1,500 pixels; each is the mean of a square.

    At that size lines of print are still apart, and grain is gone.
    """
    factor = round(max(gray.shape) / SHRUNK_SIDE)
    return np.asarray(Image.fromarray(gray).reduce(factor)) if factor > 1 else gray


def edges(gray: GrayImage, *, step: int) -> Edges:
    """Return where a pixel differs from the next one, across or down, by more than a step."""
    levels = gray.astype(np.int16)
    across, down = np.abs(np.diff(levels, axis=1)), np.abs(np.diff(levels, axis=0))
    is_edge: Edges = (across[:-1] > step) | (down[:, :-1] > step)
    return is_edge


def is_blank(small: GrayImage) -> bool:
    """Return whether nothing at all can be seen on a shrunk page, but for a speck or two."""
    return int(edges(small, step=FAINT_STEP).sum()) < BLANK_EDGES
