"""What a page that was recognised says beyond the text that its PDF shows already."""

from dataclasses import replace

import numpy as np
from numpy.linalg import inv

from readstone.document import Box, Page, Word
from readstone.engine.pdf import PdfPage
from readstone.engine.pdf_objects import Matrix
from readstone.engine.pdf_text import read_words
from readstone.engine.text_layer import makes_sense


def without_shown_text(read: Page, to_pixels: Matrix, page: PdfPage) -> Page:
    """Return a page without the words that can be selected at their place anyway.

    Args:
        to_pixels: maps points of the page to pixels of the image as which it was read.
        page: the same page; its text counts where it is seen and makes sense.
    """
    shown = [word for word in read_words(page) if not word.is_hidden]
    if not shown or not makes_sense("".join(word.text for word in shown)):
        return read
    areas = np.array([word.box for word in shown])
    to_page_image = inv(to_pixels) @ page.to_image

    def is_new(word: Word) -> bool:
        x, y, _ = (*_middle(word.box), 1.0) @ to_page_image
        x1, y1, x2, y2 = areas.T
        return not np.any((x1 <= x) & (x <= x2) & (y1 <= y) & (y <= y2))

    kept = (replace(line, words=tuple(filter(is_new, line.words))) for line in read.lines)
    return replace(read, lines=tuple(line for line in kept if line.words))


def _middle(box: Box) -> tuple[float, float]:
    return (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
