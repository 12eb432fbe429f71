"""Documents as a typewriter leaves them: every letter takes the same place."""

import re

import numpy as np

from readstone.document import Box, Document
from readstone.engine.base import PageImage
from readstone.engine.ocr.found import FoundWord, build_page

LETTER_PX, LINE_PX, HEIGHT_PX = 12, 30, 20


def typed(*pages: str, confidence: float = 1.0) -> Document:
    """Return a document with the lines of each text; two blanks are a wide gap."""
    made = []
    for number, text in enumerate(pages, start=1):
        lines = text.strip("\n").split("\n")
        width = LETTER_PX * max(map(len, lines), default=1)
        paper = np.broadcast_to(np.uint8(255), (LINE_PX * len(lines), max(1, width)))
        found = [
            FoundWord(match[0], _box(row, match), confidence, (row, 1), row)
            for row, line in enumerate(lines)
            for match in re.finditer(r"\S+", line)
        ]
        page = build_page(found, PageImage(paper, None), language="eng", number=number)
        made.append(page)
    return Document(tuple(made), "typewriter", "1")


def _box(row: int, match: re.Match[str]) -> Box:
    top = row * LINE_PX
    return Box(match.start() * LETTER_PX, top, match.end() * LETTER_PX, top + HEIGHT_PX)
