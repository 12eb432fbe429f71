"""Whether the lines of a page run up and down, told without reading it."""

import numpy as np

from readstone.engine.base import GrayImage
from readstone.engine.prepare.ink import Edges, edges, is_tiny

STEP = 32
STRIPS = 8
LAG = 10  # pixels of the shrunk page: about half the distance of two lines

# Of 262 upright pages of all kinds the worst has -0.08, half have more than 0.9; turned by a
# quarter they have the same with the other sign.
SIDEWAYS = -0.3


def lies_on_its_side(small: GrayImage) -> bool:
    """Return whether the lines of a shrunk page clearly run up and down; never of a tiny one."""
    return not is_tiny(small) and levelness(small) < SIDEWAYS


def levelness(small: GrayImage) -> float:
    """Return how much more print comes and goes from row to row than from column to column.

    It is the logarithm of a ratio: above 0 where the lines are level, below where they stand.
    Source: projection profiles, taken in strips so that columns and slight skew do not matter.
    """
    is_edge = edges(small, step=STEP)
    down, across = _unevenness(is_edge), _unevenness(is_edge.T)
    return float(np.log((down + 1e-6) / (across + 1e-6)) / 2)


def _unevenness(is_edge: Edges) -> float:
    """Return how much the share of edges in each row of a strip differs from that some rows on."""
    height, width = is_edge.shape
    strip = min(width, max(height, width) // STRIPS)
    whole = width - width % strip
    parted = is_edge[:, :whole].reshape(height, -1, strip)
    shares = parted.view(np.uint8).sum(axis=2, dtype=np.uint16) / strip  # a third of mean's time
    return float(np.square(shares[LAG:] - shares[:-LAG]).sum())
