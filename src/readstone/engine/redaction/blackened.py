"""A page that was painted over, read with a block sign wherever it is black.

Without them a word behind a hidden name would stand beside its title, and look like the name.
"""

from collections.abc import Iterable
from dataclasses import replace

from readstone.document import Box, Line, Page, Word

BLOCK = "\N{FULL BLOCK}"


def with_blocks(page: Page, painted: Iterable[Box]) -> Page:
    """Return the page with a word for each painted box: in the line in which it lies, or its own.

    A line of its own stands above the first line that lies deeper.
    """
    lines = [list(line.words) for line in page.lines]
    for box in painted:
        block = Word(BLOCK, box, 1.0, 0, 0)
        words = next((words for words in lines if _is_level(words, box)), None)
        if words is None:
            below = (n for n, words in enumerate(lines) if words[0].box.y1 > box.y1)
            lines.insert(next(below, len(lines)), [block])
        else:
            behind = (n for n, word in enumerate(words) if word.box.x1 > box.x1)
            words.insert(next(behind, len(words)), block)
    return _page(page, lines)


def _is_level(words: list[Word], box: Box) -> bool:
    """Return whether the middle of a box is as high as the words nearest to it."""
    nearest = min(words, key=lambda word: abs(word.box.x1 - box.x1))
    return nearest.box.y1 <= (box.y1 + box.y2) / 2 <= nearest.box.y2


def _page(page: Page, lines: list[list[Word]]) -> Page:
    """Return the page with these lines and the text that they make."""
    texts, placed, offset = [], [], 0
    for words in lines:
        moved = []
        for word in words:
            moved.append(word._replace(start=offset, end=offset + len(word.text)))
            offset += len(word.text) + 1
        texts.append(" ".join(word.text for word in words))
        placed.append(Line(texts[-1], words[0].box, 1.0, tuple(moved)))
    return replace(page, text="\n".join(texts), lines=tuple(placed))
