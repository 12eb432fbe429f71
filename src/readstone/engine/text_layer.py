"""The text layer of a PDF page, as a page that was read, and whether to believe it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

import numpy as np

from readstone.document import Page
from readstone.engine.base import PageImage
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.pdf import SCAN_SHARE, PdfPage
from readstone.engine.pdf_objects import share
from readstone.engine.pdf_text import SLANTED, UNREADABLE, PdfWord, is_leftward, read_words
from readstone.engine.reading_order import Boxes, reading_order

CERTAIN = 1.0
# With less text, a page that is all picture may say more in the picture.
CHARACTERS_FOR_PICTURE = 400

# What tells text in any language from what fonts without a map to Unicode give: numbers of glyphs
# in place of characters.
REPEATED = re.compile(r"(.)\1{2,}")  # leaders of dots, lines to write on
MEANINGLESS = frozenset(("Cc", "Cn", "Co", "Cs"))
MEANINGLESS_SHARE = 0.1
WORDY_SHARE = 0.5  # letters, marks and digits
LATIN_LETTERS = 100  # from so many on, their vowels are counted
VOWELS = frozenset("aeiouyAEIOUY")
VOWEL_SHARE = 0.2  # also lists of abbreviations have more


class Doubt(StrEnum):
    """Why a text layer may not be what its page says."""

    NO_TEXT = "no_text"
    IN_PICTURE = "in_picture"
    NONSENSE = "nonsense"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a PDF page carries, as a page read with certainty.

    Attributes:
        doubt: None when the text can be believed; a HIDDEN one can be once it is proofread.
    """

    page: Page
    doubt: Doubt | None


def read_text_layer(page: PdfPage, *, language: str) -> TextLayer:
    """Return the text of a page; text that is not seen counts only on a scan."""
    words = read_words(page)
    covered = share(page.pictures, page.area)
    hidden = _text(word for word in words if word.is_hidden)
    is_hidden = covered >= SCAN_SHARE and 2 * len(hidden) > len(_text(words))
    if not is_hidden:
        words = [word for word in words if not word.is_hidden]
    paper = np.broadcast_to(np.uint8(255), (page.height, page.width))
    image = PageImage(paper, page.stated_dpi, page.rotation)
    read = build_page(_ordered(words), image, language=language, number=page.number)
    return TextLayer(read, _doubt(read.text, covered, is_hidden=is_hidden))


def _ordered(words: Sequence[PdfWord]) -> Iterator[FoundWord]:
    """Yield the words in reading order, first those that stand as most of the text does."""
    paragraphs = count()
    lengths: Counter[int] = Counter()
    for word in words:
        lengths[word.turns] += len(word.text)
    for turns, _ in lengths.most_common():
        members = [word for word in words if word.turns == turns]
        for paragraph in _paragraphs(members, turns):
            number = next(paragraphs)
            for line, line_words in enumerate(paragraph):
                for word in line_words:
                    yield FoundWord(word.text, word.box, CERTAIN, (0, number), line)


def _paragraphs(words: Sequence[PdfWord], turns: int) -> Iterator[list[list[PdfWord]]]:
    """Yield paragraphs of lines; lines of scripts that run leftwards start at their right end."""
    if turns == SLANTED:  # a stamp across the page: as the file has it
        yield [list(words)]
        return
    is_mirrored = is_leftward(_text(words))
    boxes = np.array([word.box for word in words], dtype=np.float64)
    for paragraph in reading_order(_upright(boxes, turns, is_mirrored=is_mirrored)):
        lines = [[words[index] for index in line] for line in paragraph]
        yield [line if is_leftward(_text(line)) == is_mirrored else line[::-1] for line in lines]


def _text(words: Iterable[PdfWord]) -> str:
    return "".join(word.text for word in words)


def _upright(boxes: Boxes, turns: int, *, is_mirrored: bool) -> Boxes:
    """Return boxes in coordinates in which what is turned by so many quarters is upright."""
    x1, y1, x2, y2 = boxes.T
    sides = (x1, y1, x2, y2), (y1, -x2, y2, -x1), (-x2, -y2, -x1, -y1), (-y2, x1, -y1, x2)
    x1, y1, x2, y2 = sides[turns]
    return np.column_stack((-x2, y1, -x1, y2) if is_mirrored else (x1, y1, x2, y2))


def _doubt(text: str, covered: float, *, is_hidden: bool) -> Doubt | None:
    characters = "".join(text.split())
    if not characters:
        return Doubt.NO_TEXT
    if not makes_sense(characters):
        return Doubt.NONSENSE
    if is_hidden:
        return Doubt.HIDDEN
    return Doubt.IN_PICTURE if len(characters) < covered * CHARACTERS_FOR_PICTURE else None


def makes_sense(characters: str) -> bool:
    """Return whether characters, without blanks, look like text in some language."""
    kinds: Counter[str] = Counter()
    latin = vowels = 0
    counts = Counter(REPEATED.sub(r"\1", characters))
    for character, times in counts.items():
        kinds["Co" if character == UNREADABLE else unicodedata.category(character)] += times
        letter = unicodedata.normalize("NFD", character)[0]
        if letter.isascii() and letter.isalpha():
            latin += times
            vowels += times * (letter in VOWELS)
    total = counts.total()
    wordy = sum(times for kind, times in kinds.items() if kind[0] in "LMN")
    meaningless = sum(kinds[kind] for kind in MEANINGLESS)
    has_vowels = latin < LATIN_LETTERS or vowels >= VOWEL_SHARE * latin
    is_wordy = wordy >= WORDY_SHARE * total and meaningless <= MEANINGLESS_SHARE * total
    return is_wordy and has_vowels
