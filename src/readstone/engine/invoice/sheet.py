"""A document as a person looks at an invoice: rows across the page, parted into cells.

Lines of a document end at columns; on an invoice the label on the left and the amount on the far
right belong together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import radians, tan
from statistics import median

from readstone.document import Box, Document, Page, Word, mean_confidence

# In em, the median height of the words of a line.
CELL_GAP_EM = 1.0
SAME_ROW_EM = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Words of one row without a wide gap between them.

    Attributes:
        row: number of its row, counted over all pages.
        starts: where each of the words begins in the text.
    """

    text: str
    box: Box
    page: int
    row: int
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    @property
    def confidence(self) -> float:
        """Mean confidence of its words, weighted by their length."""
        return mean_confidence(self.words)

    def box_of(self, start: int, end: int) -> Box:
        """Return the box of the words that a part of the text touches."""
        touched = [
            word.box
            for word, at in zip(self.words, self.starts, strict=True)
            if at < end and at + len(word.text) > start
        ]
        return around(touched or [self.box])

    def confidence_of(self, start: int, end: int) -> float:
        """Return the lowest confidence of the words that a part of the text touches."""
        return min(
            (
                word.confidence
                for word, at in zip(self.words, self.starts, strict=True)
                if at < end and at + len(word.text) > start
            ),
            default=0.0,
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a document, from its first page to its last, each from left to right.

    Attributes:
        em: the usual height of a word on each page, in pixels.
        widths: of the pages, in pixels.
    """

    rows: tuple[tuple[Cell, ...], ...]
    em: dict[int, float] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)

    @property
    def cells(self) -> Iterator[Cell]:
        """All cells, row by row."""
        return (cell for row in self.rows for cell in row)


def lay_out(document: Document) -> Sheet:
    """Return the rows of all pages that could be read."""
    rows: list[tuple[Cell, ...]] = []
    em: dict[int, float] = {}
    for page in document.pages:
        heights = [_height(word.box) for line in page.lines for word in line.words]
        em[page.number] = float(median(heights)) if heights else 1.0
        for pieces in _rows(page):
            rows.append(tuple(_cell(words, page.number, len(rows)) for words in _cells(pieces)))
    return Sheet(tuple(rows), em, {page.number: page.width for page in document.pages})


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def overlap(one: Box, other: Box) -> int:
    """Return how many pixels wide the part is that two boxes share from left to right."""
    return min(one.x2, other.x2) - max(one.x1, other.x1)


def _height(box: Box) -> int:
    return box.y2 - box.y1


def _rows(page: Page) -> list[list[Word]]:
    """Return the words of each row, from left to right; rows from top to bottom."""
    slope = tan(radians(page.skew))
    pieces = [piece for line in page.lines for piece in _pieces(line.words)]
    pieces.sort(key=lambda piece: _middle(around(word.box for word in piece), slope))
    rows: list[list[Word]] = []
    for piece in pieces:
        box = around(word.box for word in piece)
        if rows and _is_level(rows[-1], box, slope):
            rows[-1] += piece
        else:
            rows.append(piece)
    return [sorted(row, key=lambda word: word.box.x1) for row in rows]


def _is_level(row: Sequence[Word], box: Box, slope: float) -> bool:
    """Return whether a box stands on a row, told by the word of the row nearest to it."""
    nearest = min(row, key=lambda word: -overlap(word.box, box)).box
    reach = SAME_ROW_EM * min(_height(nearest), _height(box))
    return (
        abs(_middle(nearest, slope) - _middle(box, slope)) < reach and overlap(nearest, box) < reach
    )


def _middle(box: Box, slope: float) -> float:
    """Return how low a box stands on the page once that is levelled."""
    return (box.y1 + box.y2 + slope * (box.x1 + box.x2)) / 2


def _pieces(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of a line, parted at wide gaps."""
    em = median(_height(word.box) for word in words) if words else 0.0
    piece: list[Word] = list(words[:1])
    for before, word in pairwise(words):
        if word.box.x1 - before.box.x2 > CELL_GAP_EM * em or word.box.x2 < before.box.x1:
            yield piece
            piece = []
        piece.append(word)
    if piece:
        yield piece


def _cells(row: Sequence[Word]) -> Iterator[list[Word]]:
    yield from _pieces(row)


def _cell(words: Sequence[Word], page: int, row: int) -> Cell:
    text, starts = "", []
    for word in words:
        text += " " if text else ""
        starts.append(len(text))
        text += word.text
    return Cell(text, around(w.box for w in words), page, row, tuple(words), tuple(starts))
