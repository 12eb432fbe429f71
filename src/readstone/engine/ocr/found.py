"""What an engine finds, word by word, becomes a page: text, lines and the place of each word."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from readstone.document import Box, Line, Page, Word, mean_confidence
from readstone.engine.base import PageImage

# Columns of Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height,
# confidence in percent, text.
WORD_LEVEL = "5"


class FoundWord(NamedTuple):
    """One word as an engine found it; words of one line follow each other.

    Attributes:
        confidence: 0 to 1.
        paragraph, line: different from those of the neighbours that are not in the same one.
    """

    text: str
    box: Box
    confidence: float
    paragraph: int | tuple[int, int]
    line: int


def words_from_tsv(tsv: str) -> list[FoundWord]:
    """Return the words of Tesseract's TSV output that have any ink."""
    found = []
    for row in tsv.splitlines():
        cells = row.split("\t")
        if cells[0] != WORD_LEVEL or not cells[11].strip():
            continue
        block, paragraph, line, left, top, width, height = (
            int(cells[i]) for i in (2, 3, 4, 6, 7, 8, 9)
        )
        box = Box(left, top, left + width, top + height)
        confidence = min(1.0, max(0.0, float(cells[10]) / 100))
        found.append(FoundWord(cells[11].strip(), box, confidence, (block, paragraph), line))
    return found


def build_page(found: Iterable[FoundWord], image: PageImage, *, language: str, number: int) -> Page:
    """Return a page of the words found on an image, in the order in which they come."""
    text = ""
    lines: list[Line] = []
    last_paragraph = None
    for (paragraph, _), members in groupby(found, key=lambda word: (word.paragraph, word.line)):
        if lines:
            text += "\n" if paragraph == last_paragraph else "\n\n"
        line = build_line(list(members), start=len(text))
        text += line.text
        lines.append(line)
        last_paragraph = paragraph
    height, width = image.gray.shape
    return Page(
        number=number,
        width=width,
        height=height,
        dpi=image.dpi,
        rotation=image.rotation,
        language=language,
        text=text,
        confidence=mean_confidence([word for line in lines for word in line.words]),
        lines=tuple(lines),
    )


def with_words(page: Page, change: Callable[[Line, Word], Word | None]) -> Page:
    """Return a page with other words, or without those for which there is none.

    Its confidence stays that of all words that were read.
    """
    text, end = "", 0
    lines: list[Line] = []
    for line in page.lines:
        words = [new for word in line.words if (new := change(line, word))]
        if not words:
            continue
        if lines:
            text += "\n\n" if "\n\n" in page.text[end : line.words[0].start] else "\n"
        lines.append(build_line(words, start=len(text)))
        text, end = text + lines[-1].text, line.words[-1].end
    return replace(page, text=text, lines=tuple(lines))


def build_line(members: Sequence[FoundWord | Word], *, start: int) -> Line:
    """Return the line of these words; `start` is its place in the text of the page."""
    words, text = [], ""
    for each in members:
        text += " " if text else ""
        begin = start + len(text)
        words.append(Word(each.text, each.box, each.confidence, begin, begin + len(each.text)))
        text += each.text
    left, top, right, bottom = zip(*(word.box for word in words), strict=True)
    box = Box(min(left), min(top), max(right), max(bottom))
    return Line(text, box, mean_confidence(words), tuple(words))
