"""Connected regions of a map, each as the straight strip that encloses it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from readstone.document import Box
from readstone.engine.ocr.rapid.models import Floats

Indices = npt.NDArray[np.intp]

LONG = 3.0  # so many times as wide as high, and a strip may slope


@dataclass(frozen=True, slots=True)
class Strip:
    """A parallelogram with upright ends.

    Attributes:
        x1, x2: its ends; y1, y2: top and bottom at its left end.
        slope: by how much it falls for each pixel to the right.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    slope: float = 0.0

    @property
    def width(self) -> float:
        """From end to end."""
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        """From top to bottom, at any place."""
        return self.y2 - self.y1

    def holds(self, box: Box) -> bool:
        """Return whether the middle of a box lies in the strip."""
        x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
        return self.x1 < x < self.x2 and self.y1 < y - self.slope * (x - self.x1) < self.y2

    def between(self, left: float, right: float) -> "Strip":
        """Return the part of the strip from one place of the page to another."""
        fall = self.slope * (left - self.x1)
        return Strip(left, self.y1 + fall, right, self.y2 + fall, self.slope)

    def widened(self, margin: float) -> "Strip":
        """Return the strip with a margin on all four sides."""
        fall = margin * self.slope
        return Strip(
            self.x1 - margin,
            self.y1 - margin - fall,
            self.x2 + margin,
            self.y2 + margin - fall,
            self.slope,
        )

    def scaled(self, x_scale: float, y_scale: float) -> "Strip":
        """Return the strip on a picture of another size."""
        return Strip(
            self.x1 * x_scale,
            self.y1 * y_scale,
            self.x2 * x_scale,
            self.y2 * y_scale,
            self.slope * y_scale / x_scale,
        )


def usual_slope(strips: Sequence[Strip]) -> float:
    """Return the slope that half of the text exceeds, counted by its width."""
    text = sorted((strip.slope, strip.width) for strip in strips)
    half = sum(width for _, width in text) / 2
    return next((slope for slope, width in text if (half := half - width) <= 0), 0.0)


@dataclass(frozen=True, slots=True)
class Region:
    """A strip around pixels that touch, and their mean value."""

    strip: Strip
    mean: float


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of set pixels, row by row: `end` is just outside."""

    row: Indices
    start: Indices
    end: Indices


def find_regions(values: Floats, *, threshold: float) -> list[Region]:
    """Return the regions of values over a threshold, pixels that touch at a corner joined."""
    runs = _runs(values > threshold)
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    totals = sums[runs.row, runs.end] - sums[runs.row, runs.start]
    found = []
    for members in _joined(runs):
        row, start, end = runs.row[members], runs.start[members], runs.end[members]
        mean = float(totals[members].sum() / (end - start).sum())
        found.append(Region(_strip(row, start, end), mean))
    return found


def _runs(mask: npt.NDArray[np.bool_]) -> _Runs:
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8))
    row, start = np.nonzero(edges == 1)
    return _Runs(row, start, np.nonzero(edges == -1)[1])


def _joined(runs: _Runs) -> Iterator[Indices]:
    """Yield the indices of runs that touch each other, over any number of rows."""
    if not len(runs.row):
        return
    stride = int(runs.end.max()) + 2
    below = (runs.row + 1) * stride
    first = np.searchsorted(runs.row * stride + runs.end, below + runs.start)
    last = np.searchsorted(runs.row * stride + runs.start, below + runs.end, side="right")
    root = list(range(len(runs.row)))

    def find(run: int) -> int:
        while root[run] != run:
            root[run] = run = root[root[run]]
        return run

    for run, (begin, stop) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        for other in range(begin, stop):
            root[find(other)] = find(run)
    roots = np.array([find(run) for run in range(len(root))])
    order = np.argsort(roots, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(roots[order])) + 1)


def _strip(row: Indices, start: Indices, end: Indices) -> Strip:
    """Return the strip around runs; a long one slopes as its pixels do."""
    x1, x2, top, bottom = start.min(), end.max(), row.min(), row.max() + 1
    slope = _slope(row, start, end) if x2 - x1 >= LONG * (bottom - top) else 0.0
    falls = np.concatenate([row - slope * (start - x1), row - slope * (end - x1)])
    return Strip(float(x1), float(falls.min()), float(x2), float(falls.max() + 1), slope)


def _slope(row: Indices, start: Indices, end: Indices) -> float:
    """Return the slope of the line that fits the pixels of the runs best."""
    length, middle = end - start, (start + end - 1) / 2
    across = middle - np.average(middle, weights=length)
    down = row - np.average(row, weights=length)
    spread = np.sum(length * (across**2 + (length**2 - 1) / 12))
    return float(np.sum(length * across * down) / spread) if spread else 0.0
