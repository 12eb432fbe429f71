"""Tab-separated values, in the columns of Tesseract."""

from collections.abc import Iterator
from itertools import chain

from readstone.document import Box, Document, Page
from readstone.engine.render.characters import printable
from readstone.engine.render.layout import hull, paragraphs

HEADER = "level page_num block_num par_num line_num word_num left top width height conf text"
PAGE, BLOCK, PARAGRAPH, LINE, WORD = range(1, 6)
NO_CONFIDENCE = "-1"


def render_tsv(document: Document) -> str:
    """Return a row for each page, block, paragraph, line and word; each block is one paragraph."""
    rows = [tuple(HEADER.split()), *chain.from_iterable(map(_page_rows, document.pages))]
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def _page_rows(page: Page) -> Iterator[tuple[object, ...]]:
    yield _row(PAGE, (page.number, 0, 0, 0, 0), Box(0, 0, page.width, page.height))
    for block, lines in enumerate(paragraphs(page), start=1):
        box = hull([line.box for line in lines])
        yield _row(BLOCK, (page.number, block, 0, 0, 0), box)
        yield _row(PARAGRAPH, (page.number, block, 1, 0, 0), box)
        for number, line in enumerate(lines, start=1):
            yield _row(LINE, (page.number, block, 1, number, 0), line.box)
            for position, word in enumerate(line.words, start=1):
                place = (page.number, block, 1, number, position)
                yield _row(WORD, place, word.box, f"{100 * word.confidence:.6f}", word.text)


def _row(
    level: int, place: tuple[int, ...], box: Box, confidence: str = NO_CONFIDENCE, text: str = ""
) -> tuple[object, ...]:
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    return (level, *place, left, top, *size, confidence, printable(text))
