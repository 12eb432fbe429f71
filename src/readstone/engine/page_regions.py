"""Parts of a page that alone are read, each by itself and in the order in which they are named."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.found import FoundWord, build_page, with_words
from readstone.engine.prepare.prepared import Prepared


def read_regions(
    read: Callable[[PageImage], Page], prepared: Prepared, options: OcrOptions, number: int
) -> Page:
    """Return what stands in the regions of a page; places are those of the prepared image."""
    found: list[FoundWord] = []
    for nth, region in enumerate(options.regions):
        x1, y1, x2, y2 = prepared.box_on_image(region)
        piece = np.ascontiguousarray(prepared.image.gray[y1:y2, x1:x2])
        for word in _words(read(replace(prepared.image, gray=piece)), nth):
            left, top, right, bottom = word.box
            box = Box(left + x1, top + y1, right + x1, bottom + y1)
            if _is_within(prepared.box_on_page(box), region):
                found.append(word._replace(box=box))
    return build_page(found, prepared.image, language=options.lang, number=number)


def within(page: Page, regions: Sequence[Box]) -> Page:
    """Return a page without the words that are in none of the regions, if there are any."""
    if not regions:
        return page
    return with_words(
        page, lambda _, word: word if any(_is_within(word.box, each) for each in regions) else None
    )


def _words(page: Page, region: int) -> Iterator[FoundWord]:
    """Yield the words of a region as parts of paragraphs that no other region has."""
    for number, line in enumerate(page.lines):
        paragraph = page.text.count("\n\n", 0, line.words[0].start)
        for word in line.words:
            yield FoundWord(word.text, word.box, word.confidence, (region, paragraph), number)


def _is_within(box: Box, region: Box) -> bool:
    """Return whether the middle of a box lies in a region."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    return region.x1 <= x < region.x2 and region.y1 <= y < region.y2
