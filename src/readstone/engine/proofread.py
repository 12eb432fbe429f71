"""The hidden text of a scan is compared with its picture before it is believed."""

from dataclasses import replace
from difflib import SequenceMatcher
from math import ceil

import numpy as np

from readstone.document import Page
from readstone.engine.base import GrayImage, OcrEngine, OcrOptions, PageImage
from readstone.engine.samples import cut, widened

LINE_MODE = 7  # Tesseract's page segmentation mode for a picture of one line
PROBES = 4
PROBE_LETTERS = 12

# Text with a tenth of its letters wrong reaches this about every other time, that of another page
# not a third of it.
AGREEMENT = 0.9
# The whole text of a page covers more than this of its ink, also beside pictures; half of it, less.
COVERAGE = 0.7


def confirm(page: Page, image: PageImage, engine: OcrEngine, options: OcrOptions) -> Page | None:
    """Return a hidden text with the confidence that it earns; None when it is not to be believed.

    Args:
        image: the picture that the text is meant to say.
    """
    if ink_covered(page, image.gray) < COVERAGE:
        return None
    agreement = agreement_with(page, image, engine, options)
    return _with_confidence(page, agreement) if agreement >= AGREEMENT else None


def agreement_with(page: Page, image: PageImage, engine: OcrEngine, options: OcrOptions) -> float:
    """Return how alike a text and its picture are, 0 to 1, told by some lines that are read."""
    lines = [line for line in page.lines if len(line.text) >= PROBE_LETTERS] or page.lines
    one_line = replace(options, psm=LINE_MODE)
    step = ceil(len(lines) / PROBES)
    alike = [
        _likeness(line.text, engine.read(cut(image, line.box), one_line).text)
        for line in lines[step // 2 :: step]
    ]
    return float(np.mean(alike))


def ink_covered(page: Page, gray: GrayImage) -> float:
    """Return how much of what looks like letters the words cover, 0 to 1.

    Letters are where dark and light change often; a border or a shadow is dark and does not count.
    """
    tones = np.sort(gray[::8, ::8], axis=None)  # a tenth of the time of np.percentile
    is_dark = gray[::2] < (float(tones[len(tones) // 100]) + float(tones[len(tones) // 2])) / 2
    is_edge = is_dark[:, 1:] != is_dark[:, :-1]
    is_covered = np.zeros_like(is_edge)
    for line in page.lines:
        for word in line.words:
            x1, y1, x2, y2 = widened(word.box)
            is_covered[y1 // 2 : y2 // 2 + 1, x1:x2] = True
    # Sums and masks of truth values take ten times as long.
    found, known = (int(np.count_nonzero(each)) for each in (is_edge, is_edge & is_covered))
    return known / max(1, found)


def _likeness(one: str, other: str) -> float:
    one, other = ("".join(text.casefold().split()) for text in (one, other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _with_confidence(page: Page, confidence: float) -> Page:
    lines = tuple(
        replace(
            line,
            confidence=confidence,
            words=tuple(word._replace(confidence=confidence) for word in line.words),
        )
        for line in page.lines
    )
    return replace(page, confidence=confidence, lines=lines)
