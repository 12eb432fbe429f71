"""Characters of a strip become words with boxes around their ink."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from readstone.document import Box
from readstone.engine.base import GrayImage
from readstone.engine.ocr.rapid.confidence import curve
from readstone.engine.ocr.rapid.recognizer import Character

# What the network holds for a blank with this share is one. Were it to be the likeliest, one blank
# in 17 would be lost; so, one in 60 is, and one in 90 of those found is none.
BLANK = 0.08

Ink = npt.NDArray[np.bool_]


def split_words(characters: Sequence[Character]) -> list[list[Character]]:
    """Return the words that the characters make."""
    words: list[list[Character]] = []
    for character in characters:
        if not words or character.after_blank > BLANK:
            words.append([])
        words[-1].append(character)
    return words


def word_confidence(characters: Sequence[Character]) -> float:
    """Return how likely a word is right, 0 to 1, told by its least sure character."""
    return curve().worth(min(character.confidence for character in characters))


def word_boxes(words: Sequence[Sequence[Character]], strip: GrayImage) -> list[Box]:
    """Return a box around the ink of each word, in pixels of the strip."""
    ink = _ink(strip)
    columns = ink.sum(axis=0)
    width = len(columns)
    cuts = [
        _whitest(columns, round(left[-1].x * width), round(right[0].x * width))
        for left, right in pairwise(words)
    ]
    return [_trimmed(ink, left, right) for left, right in pairwise([0, *cuts, width])]


def _ink(gray: GrayImage) -> Ink:
    """Return which pixels are more like the ink than like the paper, also of white print."""
    contrast = np.abs(gray.astype(np.int16) - int(np.median(gray)))
    ink: Ink = contrast > contrast.max() / 2
    return ink


def _whitest(columns: npt.NDArray[np.intp], left: int, right: int) -> int:
    """Return the column with the least ink between two, the nearest to their middle."""
    candidates = np.arange(left, max(left, right) + 1).clip(0, len(columns) - 1)
    order = np.lexsort((np.abs(candidates - (left + right) / 2), columns[candidates]))
    return int(candidates[order[0]])


def _trimmed(ink: Ink, left: int, right: int) -> Box:
    """Return the rectangle around the ink between two columns; all of it where there is none."""
    part = ink[:, left:right]
    down = _own_rows(part)
    if not len(down):
        return Box(left, 0, max(right, left + 1), len(ink))
    top, bottom = int(down[0]), int(down[-1]) + 1
    across = np.flatnonzero(part[top:bottom].any(axis=0))
    return Box(left + int(across[0]), top, left + int(across[-1]) + 1, bottom)


def _own_rows(ink: Ink) -> npt.NDArray[np.intp]:
    """Return the rows with ink, without what comes in over an edge from the lines beside."""
    rows, last = np.flatnonzero(ink.any(axis=1)), len(ink) - 1
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
    own = [run for run in runs if 0 < run[0] <= run[-1] < last or run[0] <= last / 2 <= run[-1]]
    return np.concatenate(own) if own else rows
