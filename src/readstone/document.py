"""What was read: documents, pages, lines and words, free of any format or API version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# Text, sides of the box, confidence, start and end.
PlainWord = tuple[str, int, int, int, int, float, int, int]


class Box(NamedTuple):
    """A rectangle in pixels of the page image, origin top left; x2 and y2 lie just outside."""

    x1: int
    y1: int
    x2: int
    y2: int


class Word(NamedTuple):
    """One word; `start` and `end` are its place in the text of its page."""

    text: str
    box: Box
    confidence: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in reading order; its text is that of its words, joined by blanks."""

    text: str
    box: Box
    confidence: float
    words: tuple[Word, ...]

    def __reduce__(self) -> tuple[object, ...]:  # pickles plain tuples, in a fifth of the time
        words = [(text, *box, sure, start, end) for text, box, sure, start, end in self.words]
        return _line, (self.text, tuple(self.box), self.confidence, words)


def _line(
    text: str, box: tuple[int, int, int, int], confidence: float, plain: list[PlainWord]
) -> Line:
    """Return the line that was pickled."""
    words = [
        Word(word, Box(x1, y1, x2, y2), sure, start, end)
        for word, x1, y1, x2, y2, sure, start, end in plain
    ]
    return Line(text, Box(*box), confidence, tuple(words))


@dataclass(frozen=True, slots=True)
class PageWarning:
    """What a reader of the result should know about a page; `code` is stable."""

    code: str
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read.

    Attributes:
        number: from 1, in the order of the document.
        width, height: of the upright page image, in pixels.
        dpi: as the file says it, None when it does not.
        rotation: degrees clockwise by which the stored image was turned to be upright.
        skew: degrees counter-clockwise by which lines were off level, 0.0 where they are not.
        text: lines joined by line breaks, with an empty line between blocks.
        confidence: the share of words that is right, as far as their confidences tell, 0 to 1.
        source: `ocr`, or `text_layer` where a PDF carried its text.
        covered: how much of what looks like letters its words cover, 0 to 1.
        engines: names of those that read it; none where a PDF carried its text.
        error: code of the reason why the page could not be read; None when it was.
        warnings: what a reader of the result should know about it.
    """

    number: int
    width: int
    height: int
    dpi: int | None
    rotation: int
    language: str
    text: str
    confidence: float
    lines: tuple[Line, ...]
    skew: float = 0.0
    source: str = "ocr"
    covered: float = 1.0
    engines: tuple[str, ...] = ()
    error: str | None = None
    warnings: tuple[PageWarning, ...] = ()


def unread_page(number: int, language: str, error: str) -> Page:
    """Return the place of a page that could not be read."""
    return Page(number, 0, 0, None, 0, language, "", 0.0, (), error=error)


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of one input: its pages in order, and by which engine."""

    pages: tuple[Page, ...]
    engine: str
    engine_version: str
    warnings: tuple[PageWarning, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether some of its pages could not be read."""
        return any(page.error for page in self.pages)

    @property
    def text(self) -> str:
        """The text of all pages, a form feed between pages."""
        return "\f".join(page.text for page in self.pages)

    @property
    def confidence(self) -> float:
        """That of its pages together."""
        return confidence_of(self.pages)


def confidence_of(pages: Sequence[Page]) -> float:
    """Return the mean confidence of pages, 0 to 1, weighted by the number of their words."""
    words = [sum(len(line.words) for line in page.lines) for page in pages]
    weighted = zip(words, (page.confidence for page in pages), strict=True)
    return sum(n * each for n, each in weighted) / sum(words) if any(words) else 0.0


def expected_share(words: Collection[Word]) -> float:
    """Return which share of words is right, as far as their confidences tell; 0 without words."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def mean_confidence(words: list[Word] | tuple[Word, ...]) -> float:
    """Return the mean confidence of words, weighted by their length in characters."""
    length = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / length if length else 0.0
