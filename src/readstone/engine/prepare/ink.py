"""Where dark and light meet on a page: the trace that print leaves, whatever its colours are."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from readstone.engine.base import GrayImage

Edges = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.uint8]

SHRUNK_SIDE = 1000

# Paper that was scanned, and shrunk, keeps its grain below this step; faint pencil is above it.
FAINT_STEP = 16
# One digit of small print has more of them, a speck of dust fewer.
BLANK_EDGES = 20


# One line of print is as uneven across as it is down, and takes less time to read than to measure.
TINY_SIDE = 200


def is_tiny(gray: GrayImage) -> bool:
    """Return whether a picture is that of a line or a word rather than of a page."""
    return bool(min(gray.shape) < TINY_SIDE)


def shrunk(gray: GrayImage) -> GrayImage:
    """Return a page whose longer side has at most some 1,500 pixels; each is the mean of a square.

    At that size lines of print are still apart, and grain is gone.
    """
    factor = round(max(gray.shape) / SHRUNK_SIDE)
    return np.asarray(Image.fromarray(gray).reduce(factor)) if factor > 1 else gray


def edges(gray: GrayImage, *, step: int) -> Edges:
    """Return where a pixel differs from the next one, across or down, by more than a step."""
    corner, right, below = gray[:-1, :-1], gray[:-1, 1:], gray[1:, :-1]
    is_edge: Edges = np.maximum(_difference(corner, right), _difference(corner, below)) > step
    return is_edge


def edges_in_strips(is_edge: Edges, width: int) -> Counts:
    """Return the number of edges in each row of each strip; what is no whole strip is left out.

    Args:
        width: of a strip; 8, 16, 32 or 64 pixels, which are the bits of one number.
    """
    whole = is_edge.shape[1] - is_edge.shape[1] % width
    packed = np.packbits(is_edge[:, :whole], axis=1)
    counts: Counts = np.bitwise_count(packed.view(f"u{width // 8}"))
    return counts


def is_blank(small: GrayImage) -> bool:
    """Return whether nothing at all can be seen on a shrunk page, but for a speck or two."""
    return int(np.count_nonzero(edges(small, step=FAINT_STEP))) < BLANK_EDGES


def _difference(one: GrayImage, other: GrayImage) -> GrayImage:
    """Return by how much two images differ, without leaving their eight bits, which is fast."""
    return np.maximum(one, other) - np.minimum(one, other)
