"""What a page's boxes say about its layout: paragraphs, blanks, letter size and baseline."""

from collections.abc import Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from readstone.document import Box, Line, Page, Word
from readstone.engine.render.characters import is_ideograph

# How far letters reach above and below the baseline, as shares of the letter size: medians of
# common book types.
X_HEIGHT, ASCENT, DESCENT = 0.48, 0.70, 0.22
SHORT_LETTERS = frozenset("acegmnopqrsuvwxyzıαγεηικμνοπρςστυχωавгежзиклмнопрстучшщъыьэюя")  # noqa: RUF001
LOW_CHARACTERS = frozenset("gjpqyQJβγζημξρςφχψрудфцщ,;()[]{}|/§@")  # noqa: RUF001

# Ideographs are read as words with gaps of up to 0.8 of their height between them; a blank that
# is printed leaves more than the whole.
WIDE_GAP = 1.0

# A line counts as level while it drifts by less than this share of its letter size.
LEVEL_DRIFT = 0.15
LONG_IN_WORDS, LONG_SHARE = 6, 0.3  # lines that tell their own slope


class Reach(NamedTuple):
    """How far a text reaches above and below its baseline, as shares of the letter size."""

    ascent: float
    descent: float


IDEOGRAPH_REACH = Reach(0.82, 0.10)


class Baseline(NamedTuple):
    """What a line stands on: y at its left end, and by how much y grows with x."""

    y: float
    slope: float
    letter_size: float

    def at(self, distance: float) -> float:
        """Return y at a distance from the left end of the line."""
        return self.y + self.slope * distance


class Foot(NamedTuple):
    """Where the middle of a word stands, and the size of its letters."""

    x: float
    y: float
    letter_size: float


def paragraphs(page: Page) -> list[tuple[Line, ...]]:
    """Return the lines of a page, parted where its text has an empty line."""
    groups: list[list[Line]] = []
    end = 0
    for line in page.lines:
        begin = line.words[0].start if line.words else end
        if not groups or "\n\n" in page.text[end:begin]:
            groups.append([])
        groups[-1].append(line)
        end = line.words[-1].end if line.words else end
    return [tuple(group) for group in groups]


def hull(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around one or more boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def blank_between(word: Word, following: Word) -> str:
    """Return what parts two words of a line: a blank, or nothing between close ideographs."""
    if not (is_ideograph(word.text[-1:]) and is_ideograph(following.text[:1])):
        return " "
    height = max(word.box.y2 - word.box.y1, following.box.y2 - following.box.y1)
    return " " if following.box.x1 - word.box.x2 > WIDE_GAP * height else ""


def is_vertical(line: Line) -> bool:
    """Tell whether a line runs from top to bottom."""
    width, height = line.box.x2 - line.box.x1, line.box.y2 - line.box.y1
    return len(line.text) > 2 and height > 2 * width


def baselines(page: Page) -> list[Baseline]:
    """Return the baseline of every line; short lines are as tilted as the long ones of the page."""
    own = [_slope(line) if _is_long(line, page) else None for line in page.lines]
    known = [slope for slope in own if slope is not None]
    tilt = median(known) if known else 0.0
    return [
        _baseline(line, slope=tilt if slope is None else slope)
        for line, slope in zip(page.lines, own, strict=True)
    ]


def _is_long(line: Line, page: Page) -> bool:
    return len(line.words) >= LONG_IN_WORDS and line.box.x2 - line.box.x1 >= page.width * LONG_SHARE


def _baseline(line: Line, *, slope: float) -> Baseline:
    feet = _feet(line, slope=slope)
    letter_size = median(foot.letter_size for foot in feet)
    if slope and abs(slope) * (line.box.x2 - line.box.x1) < LEVEL_DRIFT * letter_size:
        return _baseline(line, slope=0.0)
    y = median(foot.y - slope * (foot.x - line.box.x1) for foot in feet)
    return Baseline(y, slope, letter_size)


def _slope(line: Line) -> float:
    """Return the median slope from each word of the first half to its partner in the second."""
    feet = _feet(line)
    partners = zip(feet, feet[(len(feet) + 1) // 2 :], strict=False)
    slopes = [(b.y - a.y) / (b.x - a.x) for a, b in partners if b.x != a.x]
    return median(slopes) if slopes else 0.0


def _feet(line: Line, *, slope: float = 0.0) -> list[Foot]:
    lettered = [word for word in line.words if any(map(str.isalnum, word.text))]
    return [_foot(word, slope=slope) for word in lettered or line.words]


def _foot(word: Word, *, slope: float) -> Foot:
    left, top, right, bottom = word.box
    rise = abs(slope) * (right - left)  # a tilted word has a higher box
    reaches = [_reach(character) for character in word.text]
    ascent = max((reach.ascent for reach in reaches), default=0.0) or ASCENT
    descent = max((reach.descent for reach in reaches), default=0.0)
    letter_size = max(1.0, (bottom - top - rise) / (ascent + descent))
    return Foot((left + right) / 2, bottom - rise / 2 - descent * letter_size, letter_size)


@lru_cache(maxsize=4096)
def _reach(character: str) -> Reach:
    if is_ideograph(character):
        return IDEOGRAPH_REACH
    descent = DESCENT if character in LOW_CHARACTERS else 0.0
    if not character.isalnum():
        return Reach(0.0, descent)
    return Reach(X_HEIGHT if character in SHORT_LETTERS else ASCENT, descent)
