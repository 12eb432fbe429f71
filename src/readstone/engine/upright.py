"""Which way up a page is: told, once it was read, by how well some of its lines are read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter

from readstone.document import Line, Page
from readstone.engine.base import OcrEngine, OcrOptions, PageImage
from readstone.engine.prepare.ink import is_tiny
from readstone.engine.samples import BLOCK_MODE, cut, longest_lines

SAMPLES = 4

# Of 262 pages none is read with more confidence than CLEAR when it is upside down, and 96 in 100
# are when they are upright; a line or two may be, by chance.
CLEAR, CLEAR_IF_SHORT, SHORT = 0.6, 0.75, 20

# How much better some lines have to be read after a turn: upside down it is a third. Lines that
# stand are read either way by Tesseract, so after the right turn as well as before.
BETTER, AS_GOOD = 1.2, 0.6


def needed_turn(engine: OcrEngine, image: PageImage, page: Page, options: OcrOptions) -> int:
    """Return by how many degrees clockwise a page has to be turned, after it was read as it is.

    A page that was read well costs nothing; of others some lines are read again, in the ways in
    which they may lie.
    """
    is_standing = _stands(page)
    if is_clear(page) and not is_standing:
        return 0
    whole = is_tiny(image.gray)
    lines = page.lines if whole else longest_lines(page, SAMPLES)
    samples = [image] if whole else [cut(image, line.box) for line in lines]
    legible = partial(_legible_when_turned, engine, samples, replace(options, dpi=image.dpi))
    turns = (90, 270) if is_standing else (180, 90, 270) if whole else (180,)
    best, found = max(((turn, legible(turn)) for turn in turns), key=itemgetter(1))
    if is_standing:
        return best if found > AS_GOOD * _legible(lines) else 0
    # Lines of a page may be read worse than the same lines cut out of it.
    is_better = found > BETTER * _legible(lines) and found > BETTER * legible(0)
    return best if is_better else 0


def is_clear(page: Page) -> bool:
    """Return whether a page was read so well that it cannot be upside down."""
    words = sum(len(line.words) for line in page.lines)
    return page.confidence >= (CLEAR if words >= SHORT else CLEAR_IF_SHORT)


def _stands(page: Page) -> bool:
    """Return whether most words are higher than wide; Tesseract reads standing lines as well."""
    words = [word for line in page.lines for word in line.words if len(word.text) > 2]
    standing = sum(word.box.y2 - word.box.y1 > word.box.x2 - word.box.x1 for word in words)
    return standing > len(words) / 2


def _legible_when_turned(
    engine: OcrEngine, samples: Sequence[PageImage], options: OcrOptions, clockwise: int
) -> float:
    """Return how many letters of some pieces of a page can be believed after a turn."""
    again = replace(options, psm=BLOCK_MODE)
    return sum(_legible(engine.read(each.turned(clockwise), again).lines) for each in samples)


def _legible(lines: Iterable[Line]) -> float:
    """Return how many letters of some lines can be believed."""
    return sum(line.confidence * len(line.text) for line in lines)
