"""Words come into the order in which a person reads them: columns, paragraphs, lines.

A page is cut along its white gutters. A gutter parts columns when there is prose on each side of
it, or when the lines of the two sides do not stand level with each other; else it belongs to a
table, and a table is read row by row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from readstone.document import Box

# One row (x1, y1, x2, y2) for each word.
Boxes = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Span = tuple[float, float]

# Lengths in em: the median height of the words concerned.
GUTTER_EM = 0.8  # LaTeX and HTML part columns by one size of the font, a bit less than an em
GUTTER_BLANKS = 2.0  # of the usual width; a typewriter leaves more than an em between words
WIDEST_BLANK_EM = 2.0
MARGIN_EM = 3.0  # what is narrower, as bullets and line numbers, is no column
OVERLAP_EM = 0.2  # by so much the boxes of neighbouring lines may overlap
SAME_LINE_EM = 0.4
TALL_EM = 1.5  # a word this tall or taller, as a first letter over three lines, is on one of them
LEVEL_EM, BETWEEN_EM = 0.2, 0.8
PARAGRAPH_EM = 0.4

COLUMN_LINES = 3
# Sides of so many lines may be columns without being prose, and sides of LONG_LINES although some
# of their lines are level: shorter ones are mostly those of a form, which are just off a bit.
UNEVEN_LINES, LONG_LINES = 5, 15
PROSE_WORDS = 3  # in the median line
PROSE_FILL = 0.5  # of the width, by the words of the median line
HEADING_RATIO = 1.3
GUTTERS_TRIED = 5


@dataclass(frozen=True, slots=True)
class _Gutter:
    """White from top to bottom of the bands `first` to `end`, from `left` to `right`."""

    first: int
    end: int
    left: float
    right: float
    height: float

    @property
    def x(self) -> float:
        """Its middle."""
        return (self.left + self.right) / 2


def reading_order(boxes: Sequence[Box] | Boxes) -> list[list[list[int]]]:
    """Return the indices of words as paragraphs of lines, in reading order."""
    if not len(boxes):
        return []
    page = np.asarray(boxes, dtype=np.float64)
    return [
        [line.tolist() for line in paragraph]
        for region in _regions(page, np.arange(len(page)))
        for paragraph in _paragraphs(page, region)
    ]


def _regions(page: Boxes, members: Indices) -> list[Indices]:
    """Return the parts of a page that have no columns within them, in reading order."""
    parts = _split(page[members])
    if not parts:
        return [members]
    return [region for part in parts for region in _regions(page, members[part])]


def _split(boxes: Boxes) -> list[Indices]:
    """Return what stands above the tallest columns, each of them, and what stands below."""
    bands = _bands(boxes)
    for gutter in _gutters(boxes, bands)[:GUTTERS_TRIED]:
        if columns := _columns(boxes, np.concatenate(bands[gutter.first : gutter.end]), gutter.x):
            rest = bands[: gutter.first], bands[gutter.end :]
            above, below = ([np.concatenate(part)] if part else [] for part in rest)
            return [*above, *columns, *below]
    return []


def _bands(boxes: Boxes) -> list[Indices]:
    """Return groups of words, from top to bottom, that a level white line parts."""
    order = np.argsort(boxes[:, 1], kind="stable")
    lowest = np.maximum.accumulate(boxes[order, 3])
    breaks = boxes[order[1:], 1] >= lowest[:-1] - OVERLAP_EM * _em(boxes)
    return np.split(order, np.flatnonzero(breaks) + 1)


def _gutters(boxes: Boxes, bands: list[Indices]) -> list[_Gutter]:
    """Return the gutters that have text on both sides, the tallest first."""
    em = _em(boxes)
    gaps = [_gaps(boxes[band], GUTTER_EM * em) for band in bands]
    tops = [boxes[band, 1].min() for band in bands]
    bottoms = [boxes[band, 3].max() for band in bands]
    found: dict[tuple[int, int], _Gutter] = {}  # one for the same bands is enough
    for first, end, span in _runs(gaps, GUTTER_EM * em):
        if bottoms[end - 1] - tops[first] > COLUMN_LINES * em and (first, end) not in found:
            height = _shared_height(boxes[np.concatenate(bands[first:end])], sum(span) / 2)
            if height > COLUMN_LINES * em:
                found[first, end] = _Gutter(first, end, *span, height)
    narrowest = GUTTER_BLANKS * _usual_blank(boxes) if found else 0.0
    wide = [gutter for gutter in found.values() if gutter.right - gutter.left >= narrowest]
    return sorted(wide, key=lambda gutter: -gutter.height)


def _usual_blank(boxes: Boxes) -> float:
    """Return the median width of what parts neighbouring words; 0 where there are none."""
    lines = (boxes[line] for line in _lines(boxes))
    blanks = np.concatenate([line[1:, 0] - line[:-1, 2] for line in lines])
    near = blanks[(blanks > 0) & (blanks < WIDEST_BLANK_EM * _em(boxes))]
    return float(np.median(near)) if len(near) else 0.0


def _shared_height(boxes: Boxes, x: float) -> float:
    """Return over which height there are words on both sides of x."""
    left, right = boxes[boxes[:, 2] <= x], boxes[boxes[:, 0] >= x]
    if not (len(left) and len(right)):
        return 0.0
    top = max(left[:, 1].min(), right[:, 1].min())
    return float(min(left[:, 3].max(), right[:, 3].max()) - top)


def _gaps(boxes: Boxes, width: float) -> list[Span]:
    """Return where no word stands, from left to right, the margins included."""
    gaps, end = [], -np.inf
    for left, right in sorted(boxes[:, ::2].tolist()):
        if left - end >= width:
            gaps.append((end, left))
        end = max(end, right)
    return [*gaps, (end, np.inf)]


def _runs(gaps: list[list[Span]], width: float) -> Iterable[tuple[int, int, Span]]:
    """Yield how far each gap goes down: its first band, the end of its bands, and what stays."""
    open_runs: dict[Span, int] = {}
    for band, spans in enumerate([*gaps, []]):
        still_open: dict[Span, int] = {}
        for (left, right), first in open_runs.items():
            shared = [(max(left, each[0]), min(right, each[1])) for each in spans]
            shared = [each for each in shared if each[1] - each[0] >= width]
            for each in shared:
                still_open[each] = min(first, still_open.get(each, first))
            if (left, right) not in shared:
                yield first, band, (left, right)
        open_runs = {each: band for each in spans} | still_open


def _columns(boxes: Boxes, members: Indices, x: float) -> list[Indices]:
    """Return the columns that the words make, or none when the gutter at x is one of a table."""
    columns = _strips(boxes, members)
    if len(columns) > 1 and all(_is_prose(boxes[column]) for column in columns):
        return columns
    left, right = members[boxes[members, 2] <= x], members[boxes[members, 0] >= x]
    return [] if _are_level(boxes[left], boxes[right]) else [left, right]


def _strips(boxes: Boxes, members: Indices) -> list[Indices]:
    """Return the words between gutters, narrow strips joined to the one on their right."""
    em = _em(boxes[members])
    cuts = [left for left, _ in _gaps(boxes[members], GUTTER_EM * em)[1:]]
    strip_of = np.searchsorted(cuts, boxes[members, 0], side="right")
    strips: list[Indices] = []
    is_narrow = False
    for number in range(len(cuts)):
        strip = members[strip_of == number]
        if is_narrow:
            strip = np.concatenate([strips.pop(), strip])
        strips.append(strip)
        is_narrow = np.ptp(boxes[strip][:, ::2]) < MARGIN_EM * em
    return strips


def _is_prose(boxes: Boxes) -> bool:
    """Return whether most lines have some words and fill the width."""
    lines = _lines(boxes)
    width = np.ptp(boxes[:, ::2])
    words = np.median([len(line) for line in lines])
    widths = boxes[:, 2] - boxes[:, 0]
    filled = np.median([widths[line].sum() for line in lines])
    enough = len(lines) >= COLUMN_LINES and words >= PROSE_WORDS
    return bool(enough and filled >= PROSE_FILL * width)


def _are_level(left: Boxes, right: Boxes) -> bool:
    """Return whether lines stand level with one of the other side rather than between two of it.

    Of few lines it is enough that one does, of many a third.
    """
    few, many = sorted((_middles(left), _middles(right)), key=len)
    if len(few) < UNEVEN_LINES:
        return True
    off = np.abs(few[:, None] - many).min(axis=1) / _em(np.concatenate([left, right]))
    level, between = np.sum(off < LEVEL_EM), np.sum((off >= LEVEL_EM) & (off < BETWEEN_EM))
    return bool(level >= (between / 2 if len(few) >= LONG_LINES else min(1, between)))


def _middles(boxes: Boxes) -> npt.NDArray[np.float64]:
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    return np.array([middles[line].mean() for line in _lines(boxes)])


def _lines(boxes: Boxes) -> list[Indices]:
    """Return the words of each line from left to right, the lines from top to bottom."""
    middles = ((boxes[:, 1] + boxes[:, 3]) / 2).tolist()
    heights = np.minimum(boxes[:, 3] - boxes[:, 1], TALL_EM * _em(boxes)).tolist()
    lines: list[list[int]] = []
    middle = height = -np.inf
    for word in sorted(range(len(boxes)), key=middles.__getitem__):
        if middles[word] - middle >= SAME_LINE_EM * max(heights[word], height):
            lines.append([])
            middle, height = middles[word], heights[word]
        lines[-1].append(word)
        middle += (middles[word] - middle) / len(lines[-1])
        height += (heights[word] - height) / len(lines[-1])
    lefts = boxes[:, 0].tolist()
    return [np.array(sorted(line, key=lefts.__getitem__)) for line in lines]


def _paragraphs(page: Boxes, region: Indices) -> list[list[Indices]]:
    """Return the lines of a region, parted where more white or another size begins."""
    boxes = page[region]
    lines = _lines(boxes)
    tops = np.array([boxes[line, 1].min() for line in lines])
    bottoms = np.array([boxes[line, 3].max() for line in lines])
    white = tops[1:] - bottoms[:-1]
    sizes = np.log(np.maximum(bottoms - tops, 1))
    usual = np.median(white) if len(white) else 0.0
    is_apart = white > usual + PARAGRAPH_EM * _em(boxes)
    begins = is_apart | (np.abs(np.diff(sizes)) > np.log(HEADING_RATIO))
    ends = [*(np.flatnonzero(begins) + 1).tolist(), len(lines)]
    starts = [0, *ends[:-1]]
    return [
        [region[line] for line in lines[start:end]] for start, end in zip(starts, ends, strict=True)
    ]


def _em(boxes: Boxes) -> float:
    heights = np.sort(boxes[:, 3] - boxes[:, 1])  # ten times as fast as np.median
    return float(heights[(len(heights) - 1) // 2] + heights[len(heights) // 2]) / 2
