"""Bullets of lists, which Tesseract takes for other signs, are told by their shape."""

from statistics import median

import numpy as np

from readstone.document import Box, Line, Page, Word
from readstone.engine.base import GrayImage
from readstone.engine.ocr.found import with_words

BULLET = "•"
# What Tesseract makes of bullets; of 68 on four pages it read none as what it is.
TAKEN_FOR = frozenset("¢©®°*·•●eo")
SURE = 0.95

# A disc fills 0.79 of the square around it, an asterisk or a letter less than two thirds.
LEAST_FILL, MOST_FILL = 0.68, 0.9
ROUND = 1.2  # at most so many times as long as wide
LEAST_EM, MOST_EM = 0.2, 0.7  # of the usual height of words
LEAST_PX = 5


def with_bullets(page: Page, gray: GrayImage) -> Page:
    """Return a page on which discs that begin lines are read as bullets.

    Args:
        gray: the image on which the words of the page have their places.
    """
    if not any(line.words[0].text in TAKEN_FOR for line in page.lines):
        return page
    em = median(word.box.y2 - word.box.y1 for line in page.lines for word in line.words)
    paper = float(np.median(gray[::8, ::8]))

    def change(line: Line, word: Word) -> Word:
        is_first = word is line.words[0] and word.text in TAKEN_FOR
        if is_first and _is_disc(gray, word.box, em, paper):
            return Word(BULLET, word.box, max(word.confidence, SURE), word.start, word.end)
        return word

    return with_words(page, change)


def _is_disc(gray: GrayImage, box: Box, em: float, paper: float) -> bool:
    """Return whether there is a round dark spot in a box and nothing else."""
    part = gray[max(0, box.y1) : box.y2, max(0, box.x1) : box.x2]
    if not part.size:
        return False
    dark = part < (paper + float(part.min())) / 2
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        return False
    spot = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    short, long = sorted(spot.shape)
    is_of_size = short >= LEAST_PX and LEAST_EM * em <= long <= MOST_EM * em
    is_round = long <= ROUND * short and LEAST_FILL <= float(spot.mean()) <= MOST_FILL
    return is_of_size and is_round
