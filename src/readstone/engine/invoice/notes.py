"""What each cell of a sheet says: terms, numbers and dates; and what stands beside and above it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from readstone.document import Box, Document
from readstone.engine.invoice.lexicon import Term, load_lexicon
from readstone.engine.invoice.sheet import Cell, Sheet, lay_out, overlap
from readstone.engine.invoice.values import (
    Day,
    Number,
    days_in,
    decimal_mark,
    is_day_first,
    main_currency,
    numbers_in,
)

NOTHING: frozenset[str] = frozenset()
ENGLISH = "en"  # is understood on every invoice
COLUMN_ROWS = 14
LABEL_SHARE = 0.6
LOOSE_LETTERS = 5  # so many may stand between a label and its value
LABEL_GAP_EM = 2.0
# A receipt has 32 to 48 letters in a line, a letter page twice as many.
NARROW_LETTERS = 60
# A label is short; what stands in longer text is said of something else.
PROSE_LETTERS = 70


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A cell with what it says."""

    cell: Cell
    terms: tuple[Term, ...]
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]

    @property
    def is_prose(self) -> bool:
        """Whether it is running text."""
        return sum(sign.isalpha() for sign in self.cell.text) > PROSE_LETTERS

    @property
    def is_wordless(self) -> bool:
        """Whether it has no word, but perhaps a currency, a unit or what is left of one."""
        covered = sum(number.end - number.start for number in self.numbers)
        letters = sum(sign.isalpha() for sign in self.cell.text)
        return not self.said() and (letters <= 3 or covered > 2 * letters)

    @property
    def is_label(self) -> bool:
        """Whether it is made of words that say what stands beside it."""
        letters = sum(sign.isalpha() for sign in self.cell.text)
        known = sum(
            sign.isalpha()
            for term in self.terms
            if term.meanings != {"stopwords"}
            for sign in self.cell.text[term.start : term.end]
        )
        return known >= LABEL_SHARE * max(1, letters)

    def said(self, start: int = 0, end: int | None = None) -> frozenset[str]:
        """Return the meanings of the terms between two places in the text."""
        stop = len(self.cell.text) if end is None else end
        return frozenset(
            meaning
            for term in self.terms
            if start <= term.start and term.end <= stop
            for meaning in term.meanings
            if meaning != "stopwords"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A number and the cell in which it stands."""

    number: Number
    note: Note

    @property
    def value(self) -> Decimal:
        """The number itself."""
        return self.number.value

    @property
    def box(self) -> Box:
        """Where it stands."""
        return self.note.cell.box_of(self.number.start, self.number.end)


@dataclass(frozen=True, slots=True)
class Notes:
    """A sheet that was read.

    Attributes:
        rows: as those of the sheet.
        mark: the decimal mark.
        language: of most words, ISO 639-1.
        is_narrow: whether it is printed as receipts are, with few letters in a line.
    """

    sheet: Sheet
    rows: tuple[tuple[Note, ...], ...]
    mark: str
    language: str
    is_narrow: bool

    def __iter__(self) -> Iterator[Note]:
        return (note for row in self.rows for note in row)

    def row_of(self, note: Note) -> tuple[Note, ...]:
        """Return the row in which a cell stands."""
        return self.rows[note.cell.row]

    def left_of(self, note: Note) -> Iterator[Note]:
        """Yield the cells on the left of one, the nearest first."""
        row = self.row_of(note)
        return reversed(row[: row.index(note)])

    def above(self, note: Note, rows: int = COLUMN_ROWS) -> Iterator[Note]:
        """Yield the cells above one that overlap it from left to right, the nearest first."""
        for number in range(note.cell.row - 1, max(-1, note.cell.row - 1 - rows), -1):
            for each in self.rows[number]:
                if each.cell.page != note.cell.page:
                    return
                if overlap(each.cell.box, note.cell.box) > 0:
                    yield each

    def below(self, note: Note, rows: int) -> Iterator[Note]:
        """Yield the cells below one that overlap it from left to right, the nearest first."""
        for row in self.rows[note.cell.row + 1 : note.cell.row + 1 + rows]:
            for each in row:
                if each.cell.page != note.cell.page:
                    return
                if overlap(each.cell.box, note.cell.box) > 0:
                    yield each


def letters_across(sheet: Sheet) -> float:
    """Return how many letters would stand in the widest lines."""
    cells = list(sheet.cells)
    if not cells:
        return 0.0
    letter = median((cell.box.x2 - cell.box.x1) / len(cell.text) for cell in cells)
    widths = sorted(row[-1].box.x2 - row[0].box.x1 for row in sheet.rows)
    return widths[len(widths) * 9 // 10] / max(1.0, letter)


def take_notes(document: Document) -> Notes:
    """Return a document, laid out as a sheet, with what each cell says."""
    lexicon, sheet = load_lexicon(), lay_out(document)
    texts = [cell.text for cell in sheet.cells]
    mark = decimal_mark(texts)
    languages = lexicon.languages_of(texts) or (ENGLISH,)
    day_first = is_day_first(texts)
    if day_first is None:
        day_first = languages[0] != ENGLISH or main_currency(texts, mark) != "USD"
    spoken = {*languages, ENGLISH}
    rows = tuple(
        tuple(
            Note(
                cell,
                tuple(lexicon.terms(cell.text, spoken)),
                tuple(numbers_in(cell.text, mark)),
                tuple(days_in(cell.text, day_first=day_first)),
            )
            for cell in row
        )
        for row in sheet.rows
    )
    return Notes(sheet, rows, mark, languages[0], letters_across(sheet) < NARROW_LETTERS)


@dataclass(frozen=True, slots=True)
class Label:
    """What is said of a value.

    Attributes:
        beside: by the words on its left.
        behind: by the words that follow it in its cell.
        above: by the words over it.
        gap: how many cells away the words on its left begin, 0 within one cell.
    """

    beside: frozenset[str]
    behind: frozenset[str]
    above: frozenset[str]
    gap: int


def label_of(notes: Notes, note: Note, start: int, end: int) -> Label:
    """Return what is said of the value in a cell between two places of its text."""
    beside, gap = _beside(notes, note, start)
    return Label(beside, note.said(end), _above(notes, note), gap)


def _beside(notes: Notes, note: Note, start: int) -> tuple[frozenset[str], int]:
    """Return what is said on the left of a value, and how many cells away that begins."""
    values: tuple[Number | Day, ...] = (*note.numbers, *note.days)
    before = max((v.end for v in values if v.end <= start and not _is_tag(v)), default=0)
    if meanings := note.said(before, start):
        return meanings, 0
    if sum(sign.isalpha() for sign in note.cell.text[before:start]) > LOOSE_LETTERS:
        return NOTHING, 0
    nearest, distance = note, 0
    for gap, each in enumerate(notes.left_of(note), start=1):
        if each.is_prose or (meanings and not _continues(notes, each, nearest)):
            break
        if each.days and note.days:  # the words further left are said of that date
            break
        if each.is_wordless:
            continue
        meanings |= each.said()
        nearest, distance = each, distance or gap
        has_money = bool(each.numbers) and each.numbers[-1].is_money
        if has_money or not (each.said() or notes.is_narrow):
            break
    return meanings, distance


def _continues(notes: Notes, left: Note, right: Note) -> bool:
    """Return whether two cells are parts of one label."""
    reach = LABEL_GAP_EM * notes.sheet.em[left.cell.page]
    return notes.is_narrow or right.cell.box.x1 - left.cell.box.x2 < reach


def _is_tag(value: Number | Day) -> bool:
    """Return whether a number is part of the label, as a rate of tax is."""
    return isinstance(value, Number) and not value.is_money


def _above(notes: Notes, note: Note) -> frozenset[str]:
    """Return the meanings of the words over a cell, past the numbers of its column."""
    meanings, last_row = NOTHING, 0
    for each in notes.above(note):
        said = each.said()
        if meanings:
            if each.cell.row < last_row - 1 or each.numbers or each.days or not said:
                break
        elif each.is_wordless or (each.numbers and not said):
            continue
        elif not said or each.is_prose:
            break
        meanings |= said
        last_row = each.cell.row
    return meanings
