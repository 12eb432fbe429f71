"""Tables that the gaps between their cells tell plainly."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from readstone.document import Line, Word

CELL_GAP = 1.5  # in letter sizes; the blanks of justified text stay below
ROW_STEP = 4  # in letter sizes, from one row to the next at most
FEWEST_ROWS = 3
FEWEST_COLUMNS = 2
MOST_WORDS_PER_CELL = 6  # on the average of a column; more is prose

Words = tuple[Word, ...]


class Span(NamedTuple):
    """What a cell or a column covers from left to right, in pixels."""

    left: int
    right: int


class Table(NamedTuple):
    """The lines of a page from `start` up to `stop`, as rows with a cell for each column."""

    start: int
    stop: int
    rows: list[list[Words]]

    @property
    def numbers(self) -> range:
        """The places of its lines on the page."""
        return range(self.start, self.stop)


def find_tables(lines: Sequence[Line], letter_sizes: Sequence[float]) -> Iterator[Table]:
    """Yield the tables among the lines of a page, from top to bottom."""
    rows = [cells_of(line, size) for line, size in zip(lines, letter_sizes, strict=True)]
    start = 0
    while start < len(lines):
        stop, columns = start + 1, _spans(rows[start])
        while stop < len(lines) and _is_next_row(lines[stop - 1 : stop + 1], letter_sizes[stop]):
            widened = _widened(columns, _spans(rows[stop]))
            if not widened:
                break
            stop, columns = stop + 1, widened
        if stop - start < FEWEST_ROWS:
            start += 1
            continue
        aligned = _headed([_aligned(row, columns) for row in rows[start:stop]])
        if _is_terse(aligned):
            yield Table(start, stop, aligned)
        start = stop


def cells_of(line: Line, letter_size: float) -> list[Words]:
    """Return the words of a line, parted at wide gaps; all as one when they go to and fro."""
    cells = [[line.words[0]]]
    for word, following in pairwise(line.words):
        if following.box.x1 < word.box.x1:
            return [line.words]
        if following.box.x1 - word.box.x2 > CELL_GAP * letter_size:
            cells.append([])
        cells[-1].append(following)
    return [tuple(cell) for cell in cells]


def _spans(row: Sequence[Words]) -> list[Span]:
    lefts = [cell[0].box.x1 for cell in row]
    rights = [max(word.box.x2 for word in cell) for cell in row]
    return [Span(left, max(left + 1, right)) for left, right in zip(lefts, rights, strict=True)]


def _is_next_row(lines: Sequence[Line], letter_size: float) -> bool:
    """Tell whether the second of two lines stands closely below the first."""
    return 0 < lines[1].box.y2 - lines[0].box.y2 < ROW_STEP * letter_size


def _widened(columns: Sequence[Span], row: Sequence[Span]) -> list[Span]:
    """Return the columns with room for one more row, none when it does not align with them."""
    new = [cell for cell in row if not any(_meet(cell, column) for column in columns)]
    if len(row) - len(new) < FEWEST_COLUMNS:
        return []
    widened = list(new)
    for column in columns:
        inside = [cell for cell in row if _meet(cell, column)]
        if len(inside) > 1:
            return []
        left, right = zip(column, *inside, strict=True)
        widened.append(Span(min(left), max(right)))
    widened.sort()
    return [] if any(_meet(*neighbours) for neighbours in pairwise(widened)) else widened


def _meet(one: Span, other: Span) -> bool:
    return one.left < other.right and other.left < one.right


def _is_terse(rows: Sequence[Sequence[Words]]) -> bool:
    """Tell whether no column of aligned rows is prose."""
    columns = [[cell for cell in column if cell] for column in zip(*rows, strict=True)]
    return all(sum(map(len, cells)) <= MOST_WORDS_PER_CELL * len(cells) for cells in columns)


def _aligned(row: Sequence[Words], columns: Sequence[Span]) -> list[Words]:
    """Return a cell for each column, empty where the row has none."""
    spans = list(zip(_spans(row), row, strict=True))
    return [next((cell for span, cell in spans if _meet(span, column)), ()) for column in columns]


def _headed(rows: Sequence[Sequence[Words]]) -> list[list[Words]]:
    """Return rows in which a heading that stands beside its column stands over it."""
    columns: list[Sequence[Words]] = []
    for column in zip(*rows, strict=True):
        if columns and _are_one(columns[-1], column):
            columns[-1] = [a or b for a, b in zip(columns[-1], column, strict=True)]
        else:
            columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)]


def _are_one(left: Sequence[Words], right: Sequence[Words]) -> bool:
    """Tell whether one column is a heading over nothing, and the other one has none."""
    pairs = ((left, right), (right, left))
    return any(one[0] and not any(one[1:]) and not other[0] for one, other in pairs)
