"""Which words of a page are doubtful, and whether there are enough of them to read it again."""

from collections.abc import Iterator

import numpy as np

from readstone.document import Box, Page, Word
from readstone.engine.base import GrayImage

# Tesseract is right about 97 in 100 words that it reads with so much confidence, and about half of
# the others. No dictionary knows numbers: of those it is as often wrong at 0.95.
SURE, SURE_OF_NUMBER = 0.9, 0.95
MARGIN_EM, MARGIN_PX = 0.18, 2

# Pages that are printed clearly have fewer letters in doubtful words, and nearly all of their ink
# within words. Of pages with more, every other one is read better by both engines together.
DOUBTFUL_SHARE = 0.02
COVERED_SHARE = 0.95


def words_of(page: Page) -> Iterator[Word]:
    """Yield all words of a page, in reading order."""
    return (word for line in page.lines for word in line.words)


def known_places(page: Page, gray: GrayImage) -> tuple[Box, ...]:
    """Return the places of words that need not be read again."""
    return tuple(
        word.box for word in words_of(page) if _is_certain(word) and _stands_free(word.box, gray)
    )


def _is_certain(word: Word) -> bool:
    is_number = any(character.isdigit() for character in word.text)
    return word.confidence >= (SURE_OF_NUMBER if is_number else SURE)


def _stands_free(box: Box, gray: GrayImage) -> bool:
    """Return whether there is paper at both ends of a word; else its box may cut a letter."""
    x1, y1, x2, y2 = box
    word, margin = gray[y1:y2, x1:x2], max(MARGIN_PX, round(MARGIN_EM * (y2 - y1)))
    ends = gray[y1:y2, max(0, x1 - margin) : x1], gray[y1:y2, x2 : x2 + margin]
    middle = (float(np.percentile(word, 90)) + float(word.min())) / 2
    return not any((end < middle).any() for end in ends)


def is_doubtful(page: Page) -> bool:
    """Return whether a page may have been read badly, or in part."""
    letters = sum(len(word.text) for word in words_of(page))
    doubtful = sum(len(word.text) for word in words_of(page) if word.confidence < SURE)
    return doubtful > DOUBTFUL_SHARE * letters or page.covered < COVERED_SHARE
