"""Where on the pages of a document a piece of its text stands."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from readstone.document import Box, Document
from readstone.findings import PiiSpan


class Place(NamedTuple):
    """Words of one line that belong together.

    Attributes:
        page: its number.
        words: their boxes, from the first to the last.
    """

    page: int
    words: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """The box around all of its words."""
        return around(self.words)


class _Word(NamedTuple):
    """A word with its place in the text of the document."""

    end: int
    start: int
    page: int
    line: int
    box: Box


def around(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def find_places(document: Document, spans: Sequence[PiiSpan]) -> list[list[Place]]:
    """Return for each span of the document's text the places where it stands."""
    words = list(_words(document))
    ends = [word.end for word in words]
    return [list(_places(words, bisect_right(ends, span.start), span.end)) for span in spans]


def _words(document: Document) -> Iterator[_Word]:
    """Yield all words in their order."""
    offset = 0
    for page in document.pages:
        for number, line in enumerate(page.lines):
            for word in line.words:
                yield _Word(word.end + offset, word.start + offset, page.number, number, word.box)
        offset += len(page.text) + len("\f")


def _places(words: list[_Word], first: int, end: int) -> Iterator[Place]:
    last = first
    while last < len(words) and words[last].start < end:
        last += 1
    for (page, _), members in groupby(words[first:last], key=lambda word: (word.page, word.line)):
        yield Place(page, tuple(word.box for word in members))
