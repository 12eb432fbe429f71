"""Documents for the tests of rendering: set by hand, or any that hypothesis thinks of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from readstone.document import Box, Document, Line, Page, PageWarning, Word, mean_confidence

WIDTH, HEIGHT = 1000, 1400
LINE_PITCH = 1.5
LETTER_WIDTH, X_HEIGHT, ASCENT, DESCENT = 0.5, 0.48, 0.70, 0.22
TAB_STOP = 10
SHORT_LETTERS = set("acegmnopqrsuvwxyz")
HANGING_LETTERS = set("gjpqyрγ")  # noqa: RUF001


@dataclass(frozen=True)
class Row:
    """A line to be set: its text, with tab stops, the letter size, and the left margin."""

    text: str
    size: float = 20
    left: float = 100


def page_of(
    *paragraphs: Sequence[Row | str], apart: float = 20, tilt: float = 0.0, **facts: object
) -> Page:
    """Return a page of paragraphs, so many pixels apart, with other attributes as given.

    `tilt` is by how much y grows with x.
    """
    y, text, lines = 100.0, "", []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        for number, each in enumerate(paragraph):
            row = each if isinstance(each, Row) else Row(each)
            text += "\n" if number else ""
            y += LINE_PITCH * row.size
            line = _line(row, y, tilt, start=len(text))
            lines.append(line)
            text += line.text
        y += apart
    page = Page(1, WIDTH, HEIGHT, 200, 0, "eng", text, _confidence(lines), tuple(lines))
    return replace(page, **facts)


def document_of(*pages: Page) -> Document:
    """Return a document that an engine named stone, 1.0, has read."""
    return Document(pages, "stone", "1.0", (PageWarning("no_text", 1),))


def words_of(document: Document) -> list[str]:
    """Return the words of a document, in order."""
    return [word.text for page in document.pages for line in page.lines for word in line.words]


def _line(row: Row, baseline: float, tilt: float, *, start: int) -> Line:
    words, x, text = [], row.left, ""
    for column, cell in enumerate(row.text.split("\t")):
        x = max(x, row.left + column * TAB_STOP * row.size)
        for part in cell.split():
            text += " " if text else ""
            begin = start + len(text)
            box = _word_box(part, x, baseline, row.size, tilt)
            words.append(Word(part, box, 0.9, begin, begin + len(part)))
            text += part
            x = box.x2 + LETTER_WIDTH * row.size
    return _line_of(words, text)


def _word_box(text: str, x: float, baseline: float, size: float, tilt: float) -> Box:
    width = LETTER_WIDTH * size * len(text)
    ends = sorted(baseline + tilt * (at - 100) for at in (x, x + width))
    above = (X_HEIGHT if set(text) <= SHORT_LETTERS else ASCENT) * size
    below = DESCENT * size if HANGING_LETTERS & set(text) else 0
    return Box(round(x), round(ends[0] - above), round(x + width), round(ends[1] + below))


def _line_of(words: Sequence[Word], text: str) -> Line:
    left, top, right, bottom = zip(*(word.box for word in words), strict=True)
    box = Box(min(left), min(top), max(right), max(bottom))
    return Line(text, box, mean_confidence(tuple(words)), tuple(words))


def _confidence(lines: Sequence[Line]) -> float:
    return mean_confidence([word for line in lines for word in line.words])


@st.composite
def any_document(draw: st.DrawFn) -> Document:
    """Draw a document of any words at any places, in paragraphs or not."""
    return document_of(*(draw(any_page(number)) for number in range(1, draw(st.integers(2, 3)))))


@st.composite
def any_page(draw: st.DrawFn, number: int) -> Page:
    """Draw a page of any words at any places."""
    text, lines = "", []
    for texts in draw(st.lists(st.lists(any_word, min_size=1, max_size=6), max_size=6)):
        text += draw(st.sampled_from(("\n", "\n\n"))) if text else ""
        words, start = [], len(text)
        for part in texts:
            text += " " if words else ""
            words.append(Word(part, draw(any_box()), 0.5, len(text), len(text) + len(part)))
            text += part
        lines.append(_line_of(words, text[start:]))
    return Page(number, WIDTH, HEIGHT, None, 0, "eng+deu", text, 0.5, tuple(lines))


@st.composite
def any_box(draw: st.DrawFn) -> Box:
    """Draw a box on the page, flat or thin ones among them."""
    x, y = draw(st.integers(0, WIDTH)), draw(st.integers(0, HEIGHT))
    return Box(x, y, x + draw(st.integers(0, 300)), y + draw(st.integers(0, 60)))


any_word = st.one_of(
    st.text(st.sampled_from("aZ9é漢שあ-*_#[]<>&|`~.!+=:\\\t\x00\x1b\ud800\U0001f600"), min_size=1),
    st.text(min_size=1, max_size=12),
    st.sampled_from(("1.", "-", "•", "---", "***", "&amp;", "ex-", "###", "]]>", "|", "10)")),
).filter(lambda text: any(each.isprintable() and not each.isspace() for each in text))
