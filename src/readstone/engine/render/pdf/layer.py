"""The text of a page as a content stream that draws it invisibly, exactly over its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.linalg import inv

from readstone.document import Line, Page, Word
from readstone.engine.pdf_objects import Matrix
from readstone.engine.render.characters import is_right_to_left, printable
from readstone.engine.render.layout import (
    ASCENT,
    DESCENT,
    Baseline,
    baselines,
    blank_between,
    is_vertical,
)
from readstone.engine.render.pdf.font import WIDTH, GlyphlessFont

INVISIBLE = 3  # of the modes in which text is drawn
EM = 1000
LEAST_BLANK, LAST_BLANK = 0.08, 0.25  # as shares of the letter size
LEAST_WORD = 0.3  # of the way to the next one, which may begin before a word ends


@dataclass(frozen=True, slots=True)
class Frame:
    """What the words of a line stand on, in pixels of the page.

    Attributes:
        x, y: where the line begins.
        cos, sin: of the angle, clockwise, by which it is turned from level.
        letter_size: how high its font is.
    """

    x: float
    y: float
    cos: float
    sin: float
    letter_size: float

    def extent(self, word: Word) -> tuple[float, float]:
        """Return where a word begins and ends, as distances from the beginning of the line."""
        x1, y1, x2, y2 = word.box
        if self.cos == 0:
            return y1 - self.y, y2 - self.y
        # The upper ends of tilted letters lie to the right or to the left of their feet.
        lean = self.sin * ASCENT * self.letter_size
        left, right = x1 - min(0.0, lean), x2 - max(0.0, lean)
        return (left - self.x) / self.cos, (max(left + 1, right) - self.x) / self.cos


class Flow(NamedTuple):
    """Where a word begins and ends on its line, as distances in its own direction.

    The direction is 1, or -1 for scripts that run leftwards: their letters, too, then follow each
    other as they are read.
    """

    direction: int
    start: float
    stop: float

    def follows(self, before: "Flow") -> bool:
        """Return whether the pen, going on from the word before, gets to this one."""
        return self.direction == before.direction and self.start > before.start


@dataclass(slots=True)
class Run:
    """Texts that follow each other without a gap, each with its length in pixels."""

    start: float
    direction: int
    texts: list[tuple[str, float]]


def text_layer(page: Page, to_pixels: Matrix, font: GlyphlessFont) -> bytes:
    """Return the content stream; it leaves the graphics state as it was.

    Args:
        to_pixels: maps points of the PDF page to pixels of the image as which it was read.
    """
    to_points = inv(to_pixels).astype(np.float64)
    matrix = " ".join(_number(value, digits=6) for value in to_points[:, :2].ravel().tolist())
    parts = [f"q {matrix} cm BT {INVISIBLE} Tr".encode()]
    for line, baseline in zip(page.lines, baselines(page), strict=True):
        frame = _frame(line, baseline)
        size = max(1.0, round(frame.letter_size, 1))
        parts.append(f"{font.name} {_number(size)} Tf".encode())
        for run in _runs(line.words, frame):
            parts.append(_place(frame, run))
            parts += (_show(text, length, size, font) for text, length in run.texts)
    return b"\n".join([*parts, b"ET Q"]) + b"\n"


def _frame(line: Line, baseline: Baseline) -> Frame:
    x1, y1, x2, _ = line.box
    if is_vertical(line):
        letter_size = (x2 - x1) / (ASCENT + DESCENT)
        return Frame(x1 + DESCENT * letter_size, y1, 0.0, 1.0, letter_size)
    length = hypot(1, baseline.slope)
    return Frame(x1, baseline.y, 1 / length, baseline.slope / length, baseline.letter_size)


def _runs(words: Sequence[Word], frame: Frame) -> Iterator[Run]:
    """Yield the words of a line and the blanks between them, in the order of reading."""
    run: Run | None = None
    for word, following in zip_longest(words, words[1:]):
        flow = _flow(word, frame)
        run = run or Run(flow.start, flow.direction, [])
        next_flow = _flow(following, frame) if following else None
        if next_flow and next_flow.follows(flow):
            blank = blank_between(word, following)
            run.texts += _stretched(word, blank, flow, next_flow.start, frame.letter_size)
        else:
            run.texts.append((printable(word.text), flow.stop - flow.start))
            if following:
                run.texts.append((" ", LAST_BLANK * frame.letter_size))
            yield run
            run = None


def _flow(word: Word, frame: Frame) -> Flow:
    start, stop = frame.extent(word)
    return Flow(-1, -stop, -start) if is_right_to_left(word.text) else Flow(1, start, stop)


def _stretched(
    word: Word, blank: str, flow: Flow, next_start: float, letter_size: float
) -> list[tuple[str, float]]:
    """Return a word, and the blank behind it, that end where the next word begins."""
    stop = next_start
    if blank:
        stop = min(flow.stop, next_start - LEAST_BLANK * letter_size)
        stop = max(stop, flow.start + LEAST_WORD * (next_start - flow.start))
    texts = [(printable(word.text), stop - flow.start)]
    return [*texts, (blank, next_start - stop)] if blank else texts


def _place(frame: Frame, run: Run) -> bytes:
    """Return the operator that sets where a run begins, and how it is turned."""
    cos, sin, along = frame.cos, frame.sin, run.direction
    distance = run.start * along
    x, y = frame.x + distance * cos, frame.y + distance * sin
    turn = (_number(each, digits=4) for each in (along * cos, along * sin, sin, -cos))
    return f"{' '.join(turn)} {_number(x)} {_number(y)} Tm".encode()


def _show(text: str, length: float, size: float, font: GlyphlessFont) -> bytes:
    natural = max(1, len(text)) * size * WIDTH / EM
    return f"{_number(100 * length / natural)} Tz".encode() + font.encode(text) + b"Tj"


def _number(value: float, *, digits: int = 1) -> str:
    """Return a number as PDF has it, without an exponent."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in ("-0", "") else text
