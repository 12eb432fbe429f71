"""What two engines read on one page becomes one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import numpy.typing as npt

from readstone.document import Box, Line, Page, Word, expected_share
from readstone.engine.base import PageImage
from readstone.engine.doubts import words_of
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.reading_order import reading_order

# Words of two engines are of the same ink when so much of the smaller box lies in the other, and so
# much of the lower one is beside the other; in narrow lines boxes reach into the next ones.
SAME_INK, SAME_LINE = 0.3, 0.5
LONG = 5.0  # a line so many times as long as high tells how the page slopes


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word, and its box as if its page were level and all words of its line as high."""

    word: Word
    level: Box


def join(first: Page, second: Page, image: PageImage, *, keep_doubtful: bool = False) -> Page:
    """Return a page of the words of the first engine that are known, and of the second one's.

    A doubtful word is right one time in eight where the other engine says something else, and one
    time in ten where it sees nothing; the other one is right three times in four.

    Args:
        image: what both have read, with the places of what is known.
        keep_doubtful: whether doubtful words stay where the other engine sees nothing.
    """
    slope = _slope([*first.lines, *second.lines])
    ours = list(_placed(first, slope))
    known = [each for each in ours if each.word.box in image.known]
    words = known + _apart(list(_placed(second, slope)), known)
    if keep_doubtful:
        words += _apart(ours, words)
    page = build_page(_ordered(words), image, language=first.language, number=first.number)
    return replace(
        page,
        confidence=expected_share([*words_of(page)]),
        skew=first.skew,
        engines=(*first.engines, *second.engines),
        warnings=first.warnings,
    )


def _apart(some: Sequence[_Placed], others: Sequence[_Placed]) -> list[_Placed]:
    """Return the words that are not of the same ink as one of others."""
    is_same = np.any(_share_ink(some, others), axis=1).tolist()
    return [each for each, same in zip(some, is_same, strict=True) if not same]


def _ordered(words: Sequence[_Placed]) -> Iterator[FoundWord]:
    for number, paragraph in enumerate(reading_order([each.level for each in words])):
        for line, members in enumerate(paragraph):
            for word in (words[index].word for index in members):
                yield FoundWord(word.text, word.box, word.confidence, number, line)


def _share_ink(some: Sequence[_Placed], others: Sequence[_Placed]) -> npt.NDArray[np.bool_]:
    """Return for each two words whether they are of the same ink."""
    one, other = (
        np.array([each.word.box for each in words], np.float64).reshape(-1, 4)
        for words in (some, others)
    )
    ends = np.minimum(one[:, None, 2:], other[:, 2:])
    starts = np.maximum(one[:, None, :2], other[:, :2])
    shared = np.maximum(ends - starts, 0)
    sizes = [boxes[:, 2:] - boxes[:, :2] for boxes in (one, other)]
    areas = np.minimum.outer(*(size.prod(axis=1) for size in sizes))
    heights = np.minimum.outer(*(size[:, 1] for size in sizes))
    is_shared: npt.NDArray[np.bool_] = (shared.prod(axis=2) > SAME_INK * areas) & (
        shared[:, :, 1] > SAME_LINE * heights
    )
    return is_shared


def _slope(lines: Sequence[Line]) -> float:
    """Return by how much lines fall for each pixel to the right: what half of the text exceeds."""
    falls = []
    for line in lines:
        (x1, y1), (x2, y2) = _middle(line.words[0].box), _middle(line.words[-1].box)
        if x2 - x1 > LONG * (line.box.y2 - line.box.y1):
            falls.append(((y2 - y1) / (x2 - x1), x2 - x1))
    half = sum(width for _, width in falls) / 2
    return next((fall for fall, width in sorted(falls) if (half := half - width) <= 0), 0.0)


def _placed(page: Page, slope: float) -> Iterator[_Placed]:
    for line in page.lines:
        boxes = [_turned_back(word.box, slope) for word in line.words]
        top, bottom = (round(median(box[side] for box in boxes)) for side in (1, 3))
        for word, box in zip(line.words, boxes, strict=True):
            yield _Placed(word, Box(box.x1, top, box.x2, bottom))


def _turned_back(box: Box, slope: float) -> Box:
    x, y = _middle(box)
    right, up = round(slope * y), round(slope * x)
    return Box(box.x1 + right, box.y1 - up, box.x2 + right, box.y2 - up)


def _middle(box: Box) -> tuple[float, float]:
    return (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
