"""The words that a PDF page carries as text, in the order in which the file has them."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from math import degrees, isnan
from typing import NamedTuple
from unicodedata import bidirectional, normalize

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from readstone.document import Box
from readstone.engine.pdf import PdfPage
from readstone.engine.pdf_objects import Area, Matrix

# One row (x1, y1, x2, y2) for each character or word.
Boxes = npt.NDArray[np.float64]

UNTOLD = "\ufffe"  # in a text of PDFium: a sign that has to be asked for by itself
LAST_CODE = 0x10FFFF
LINE_END_HYPHEN = "\x02"  # as PDFium writes it; it leaves out the line break that follows
WORD = re.compile(rf"[^\s{LINE_END_HYPHEN}]*{LINE_END_HYPHEN}|[^\s{LINE_END_HYPHEN}]+")
BLANKS = dict.fromkeys((*range(0x09, 0x0E), *range(0x1C, 0x20), 0x200B, 0xFEFF), " ")
SIGNS = {
    ord(LINE_END_HYPHEN): "-",
    0xAD: "-",
    0xF0B7: "\N{BULLET}",  # of the fonts Symbol and Wingdings, which Word uses for lists
    0xF0A7: "\N{BLACK SMALL SQUARE}",
}
NO_SIGN = re.compile("[\0-\x1f\x7f-\x9f\ufffe\uffff]")
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
LEFTWARD = ("R", "AL")  # Unicode's classes of letters
SLANTED = 4
SLANT_DEG = 15


class PdfWord(NamedTuple):
    """One word with its box in pixels of the page's image.

    Attributes:
        box: as long as the characters' advance, as high as their font.
        turns: quarters clockwise by which it stands turned in the image, or SLANTED.
        is_hidden: it is drawn invisibly, or beneath a picture that covers the page.
    """

    text: str
    box: Box
    turns: int
    is_hidden: bool


class _Style(NamedTuple):
    """What the characters of one text object have in common; `visible` is in points."""

    turns: int
    is_hidden: bool
    visible: Area


class _Run(NamedTuple):
    """Characters between blanks, from `start` to before `end`."""

    start: int
    end: int
    style: _Style


@np.errstate(invalid="ignore")  # a damaged or hostile page has boxes that are not finite
def read_words(page: PdfPage) -> list[PdfWord]:
    """Return the words that stand on a page, without those that are clipped away."""
    with closing(page.handle.get_textpage()) as text_page:
        text = _text(text_page)
        runs = list(_runs(text, page, text_page))
        first, last = _ends(runs, page, text_page)
        if not all(levels := _are_level(runs, first, last)):
            runs = _parted(runs, levels, page, text_page)
            first, last = _ends(runs, page, text_page)
    boxes = np.hstack([np.fmin(first, last)[:, :2], np.fmax(first, last)[:, 2:]])
    visible = np.array([run.style.visible for run in runs]).reshape(-1, 4)
    shown = _shown(boxes, _transformed(visible, page.to_image))
    texts = [text[run.start : run.end] for run in runs]
    goes_right = (first[:, 0] < last[:, 0]).tolist()
    return [
        PdfWord(_seen(word, goes_right=right), box, run.style.turns, run.style.is_hidden)
        for word, run, box, right in zip(texts, runs, shown, goes_right, strict=True)
        if box
    ]


def is_leftward(text: str) -> bool:
    """Return whether more letters belong to scripts that run leftwards than to others."""
    if text.isascii():
        return False
    kinds = Counter(map(bidirectional, text))
    return sum(kinds[kind] for kind in LEFTWARD) > kinds["L"]


def _text(text_page: pdfium.PdfTextPage) -> str:
    """Return one character for each of PDFium's, every blank as a space."""
    handle, count = text_page.raw, text_page.count_chars()
    units = (ctypes.c_ushort * (2 * count + 1))()
    is_whole = pdfium_c.FPDFText_GetText(handle, 0, count, units) == count + 1

    def asked(sign: re.Match[str]) -> str:
        code = pdfium_c.FPDFText_GetUnicode(handle, sign.start())
        return chr(code) if code <= LAST_CODE else UNREADABLE

    text = "".join(map(chr, units[:count])) if is_whole else UNTOLD * count
    return re.sub(UNTOLD, asked, text).translate(BLANKS)


def _seen(text: str, *, goes_right: bool) -> str:
    """Return a word as a person reads it."""
    if text.isascii() and text.isprintable():
        return text
    # PDFium gives signs beyond the first 65,536 as two halves.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = normalize("NFC", NO_SIGN.sub(UNREADABLE, whole.translate(SIGNS)))
    # PDFium gives many an Arabic word as it is drawn, from left to right.
    return text[::-1] if goes_right and is_leftward(text) else text


def _runs(text: str, page: PdfPage, text_page: pdfium.PdfTextPage) -> Iterator[_Run]:
    """Yield the runs of a text, each with the style of its first character."""
    numbers = {each.address: number for number, each in enumerate(page.objects) if each.is_text}
    styles: dict[int, _Style] = {}
    for match in WORD.finditer(text):
        start, end = match.span()
        handle = pdfium_c.FPDFText_GetTextObject(text_page.raw, start)
        address = ctypes.addressof(handle.contents)
        if address not in styles:
            number = numbers[address]
            drawn = page.objects[number]
            angle_deg = degrees(pdfium_c.FPDFText_GetCharAngle(text_page.raw, start))
            turns = _quarters(angle_deg + page.rotation)
            is_hidden = number < page.cover or not drawn.is_print
            styles[address] = _Style(turns, is_hidden, drawn.visible_area.within(page.area))
        yield _Run(start, end, styles[address])


def _quarters(angle_deg: float) -> int:
    quarters = 0 if isnan(angle_deg) else round(angle_deg / 90)
    return SLANTED if abs(angle_deg - quarters * 90) > SLANT_DEG else quarters % 4


def _ends(runs: list[_Run], page: PdfPage, text_page: pdfium.PdfTextPage) -> tuple[Boxes, Boxes]:
    """Return the boxes of the first and of the last character of each run, in pixels."""
    indices = [index for run in runs for index in (run.start, run.end - 1)]
    rectangles = (pdfium_c.FS_RECTF * max(1, len(indices)))()
    for number, index in enumerate(indices):
        pdfium_c.FPDFText_GetLooseCharBox(text_page.raw, index, rectangles[number])
    corners = np.frombuffer(rectangles, dtype=np.float32, count=4 * len(indices)).reshape(-1, 4)
    boxes = _transformed(corners.astype(np.float64), page.to_image)
    return boxes[::2], boxes[1::2]


def _parted(
    runs: list[_Run], levels: list[bool], page: PdfPage, text_page: pdfium.PdfTextPage
) -> list[_Run]:
    """Return the runs, with the parts of those that do not end on the line on which they begin.

    PDFium sees no blank between single characters that are drawn one below the other.
    """
    parted: list[_Run] = []
    for run, level in zip(runs, levels, strict=True):
        parted += [run] if level else _parts(run, page, text_page)
    return parted


def _parts(run: _Run, page: PdfPage, text_page: pdfium.PdfTextPage) -> Iterator[_Run]:
    characters = [_Run(index, index + 1, run.style) for index in range(run.start, run.end)]
    boxes, _ = _ends(characters, page, text_page)
    levels = _are_level(characters[1:], boxes[:-1], boxes[1:])
    breaks = [run.start + number for number, level in enumerate(levels, start=1) if not level]
    for start, end in pairwise([run.start, *breaks, run.end]):
        yield _Run(start, end, run.style)


def _are_level(runs: list[_Run], one: Boxes, other: Boxes) -> list[bool]:
    """Return for each run whether its second box is on the line of its first one."""
    turns = np.array([run.style.turns for run in runs])
    is_upright = turns % 2 == 0
    top, bottom = (np.where(is_upright, one[:, y], one[:, y - 1]) for y in (1, 3))
    middle = np.where(is_upright, other[:, 1::2].mean(axis=1), other[:, ::2].mean(axis=1))
    is_level: list[bool] = ((turns == SLANTED) | (top <= middle) & (middle <= bottom)).tolist()
    return is_level


def _transformed(boxes: Boxes, matrix: Matrix) -> Boxes:
    """Return boxes, given by any two opposite corners, on the other side of a matrix."""
    one, other = (corner @ matrix[:2, :2] + matrix[2, :2] for corner in np.hsplit(boxes, 2))
    return np.hstack([np.minimum(one, other), np.maximum(one, other)])


def _shown(boxes: Boxes, visible: Boxes) -> list[Box | None]:
    """Return the boxes cut to what is visible; None for those whose middle is not."""
    low = np.fmax(boxes[:, :2], visible[:, :2])
    high = np.fmin(boxes[:, 2:], visible[:, 2:])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    is_shown = np.all((low <= middles) & (middles <= high) & (low < high), axis=1)
    cut = np.hstack([np.floor(low), np.ceil(high)]).astype(int)
    pairs = zip(is_shown.tolist(), cut.tolist(), strict=True)
    return [Box(*box) if shown else None for shown, box in pairs]
