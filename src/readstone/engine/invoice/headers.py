"""The number of an invoice, and its dates: what each may be, told by the words beside and above."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readstone.engine.invoice.notes import Note, Notes, label_of

# Role, needed words, words that forbid it, weight; the first rule that fits counts.
Rule = tuple[str, set[str], set[str], float]
OTHERS = {"order", "customer", "delivery", "other", "time"}
DATE_RULES: tuple[Rule, ...] = (
    ("due_date", {"due", "date"}, {"delivery"}, 3.5),
    ("due_date", {"due"}, {"delivery"}, 2.5),
    ("issue_date", {"invoice", "date"}, {"order", "other"}, 4.0),
    ("issue_date", {"credit", "date"}, {"other"}, 4.0),
    ("issue_date", {"receipt", "date"}, {"other"}, 3.5),
    ("other", {"order"}, {"invoice"}, 2.0),
    ("other", {"delivery"}, {"invoice"}, 2.0),
    ("issue_date", {"document", "date"}, {"other"}, 3.0),
    ("other", {"other"}, {"invoice", "date"}, 2.0),
    ("other", {"other"}, set(), 1.0),
    ("issue_date", {"date"}, {"customer"}, 2.5),
    ("issue_date", {"invoice"}, set(), 2.0),
    ("issue_date", {"credit"}, set(), 2.0),
    ("issue_date", {"receipt"}, set(), 1.5),
)
NUMBER_RULES: tuple[Rule, ...] = (
    ("other", {"other", "invoice"}, {"number"}, 1.0),
    (
        "invoice_number",
        {"invoice", "number"},
        {"date", "other", "order", "customer", "delivery"},
        4.0,
    ),
    ("invoice_number", {"credit", "number"}, {"date", "other"}, 4.0),
    ("invoice_number", {"invoice", "number"}, {"date", "order", "customer", "delivery"}, 2.0),
    ("order_number", {"order", "number"}, {"date"}, 3.0),
    ("invoice_number", {"receipt", "number"}, OTHERS, 3.0),
    ("other", {"customer"}, set(), 2.0),
    ("other", {"delivery"}, set(), 2.0),
    ("order_number", {"order"}, {"date", "invoice"}, 2.0),
    ("invoice_number", {"document", "number"}, OTHERS, 2.0),
    ("other", {"other"}, set(), 2.0),
    ("invoice_number", {"invoice"}, {"date", "due", "total", "grand", "owed", "reference"}, 2.0),
    ("invoice_number", {"credit"}, {"date", "due", "total", "grand"}, 2.0),
    ("invoice_number", {"receipt"}, {"date", "due", "total", "grand", "paid"}, 1.5),
    ("invoice_number", {"number"}, {"date", *OTHERS}, 0.5),
    ("invoice_number", {"reference"}, {"date", *OTHERS}, 0.3),
)

ABOVE, GAP, PROSE, LOWER = 1.0, 0.2, 1.5, 1.0
UNLABELLED_DATE, OTHER_DATE = 0.0, -0.5
WITH_TIME = 0.7
FURTHER_DOWN = 1.5
TIME = re.compile(r"\d{1,2}[:.]\d\d")
# A number has a digit; letters, points, slashes and hyphens may be in it.
TOKEN = re.compile(r"[^\W_][\w.,/\\#|+*-]*[^\W_]|\w")
JOINED = re.compile(r"(?<!\w)(?:[^\W_]+[/_-])+\Z")
IN_BRACKETS = re.compile(r"\([^()]*\)")
SKIPPED = 1.2
PREFIX = re.compile(r"(?<!\w)[A-Z]{1,4} \Z")
SHORT_PREFIX = re.compile(r"[A-Z]{1,4}")
HEADING_ROWS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A value that a field may have, with evidence in log-odds.

    Attributes:
        start, end: where it stands in the text of its cell.
    """

    role: str
    value: object
    note: Note
    start: int
    end: int
    score: float


def _apply(rules: Sequence[Rule], said: frozenset[str]) -> tuple[str, float] | None:
    for role, needed, forbidden, weight in rules:
        if needed <= said and not forbidden & said:
            return role, weight
    return None


def dates_of(notes: Notes) -> list[Candidate]:
    """Return every date with the role that it probably has."""
    count = max(1, len(notes.rows))
    found = []
    for note in notes:
        for day in note.days:
            label = label_of(notes, note, day.start, day.end)
            beside, above = (_apply(DATE_RULES, said) for said in (label.beside, label.above))
            role, score = "issue_date", UNLABELLED_DATE
            if beside:
                role, score = beside[0], beside[1] - GAP * label.gap
            elif above:
                role, score = above[0], above[1] - ABOVE
            score += WITH_TIME * (TIME.search(note.cell.text, day.end) is not None)
            score -= PROSE * note.is_prose
            score -= FURTHER_DOWN * note.cell.row / count if role == "issue_date" else 0.0
            found.append(Candidate(role, day.value, note, day.start, day.end, score))
            if role == "other":
                score = OTHER_DATE - FURTHER_DOWN * note.cell.row / count
                found.append(Candidate("issue_date", day.value, note, day.start, day.end, score))
    return found


def numbers_of(notes: Notes) -> list[Candidate]:
    """Return what may be the number of the invoice, or of the order that it is for."""
    return [each for note in notes for each in _numbers_beside(notes, note)]


def _numbers_beside(notes: Notes, note: Note) -> Iterator[Candidate]:
    """Yield what stands behind the labels of a cell: within it, on its right, or below it."""
    rows = len(notes.rows)
    for start, end in _labels(note):
        said = note.said(start, end)
        rule = _apply(NUMBER_RULES, said)
        if rule is None:
            continue
        role, weight = rule
        weight -= PROSE * note.is_prose + LOWER * note.cell.row / rows
        for other, at, distance in _places(notes, note, end):
            if token := _token(other, at):
                first, last, skipped = token
                value, score = other.cell.text[first:last], weight - distance - SKIPPED * skipped
                yield Candidate(role, value, other, first, last, score)
                break


def _labels(note: Note) -> Iterator[tuple[int, int]]:
    """Yield where terms follow each other with nothing of value between."""
    if not note.terms:
        return
    start, end = note.terms[0].start, note.terms[0].end
    for term in note.terms[1:]:
        between = IN_BRACKETS.sub("", note.cell.text[end : term.start])
        if any(sign.isdigit() for sign in between):
            yield start, end
            start = term.start
        end = term.end
    yield start, end


def _places(notes: Notes, note: Note, end: int) -> Iterator[tuple[Note, int, float]]:
    """Yield where the value of a label may begin, with what each place costs."""
    yield note, end, 0.0
    if note.cell.text[end:].strip(" .:#-"):
        letters = sum(sign.isalpha() for sign in note.cell.text[end:])
        if letters > 12:
            return
    row = notes.row_of(note)
    for gap, each in enumerate(row[row.index(note) + 1 :]):
        if not each.is_wordless and each.said() and not any(c.isdigit() for c in each.cell.text):
            break
        if any(sign.isdigit() for sign in each.cell.text):
            yield each, 0, 0.1 + GAP * gap
            break
    for step, each in enumerate(notes.below(note, HEADING_ROWS)):
        yield each, 0, ABOVE * 0.6 + 0.4 * step


def _token(note: Note, at: int) -> tuple[int, int, int] | None:
    """Return the place of the first word with a digit, and how many words stand before it."""
    text = note.cell.text
    prefix, skipped = None, 0
    for match in TOKEN.finditer(IN_BRACKETS.sub(_blank, text), at):
        start, end = match.span()
        if not any(sign.isdigit() for sign in match[0]):
            is_term = any(term.start <= start < term.end for term in note.terms)
            skipped += not is_term
            prefix = start if SHORT_PREFIX.fullmatch(match[0]) else None
            continue
        if any(day.start < end and start < day.end for day in note.days):
            return None
        if any(each.is_money and each.start <= start < each.end for each in note.numbers):
            return None
        if prefix is not None:
            return prefix, end, max(0, skipped - 1)
        return _beginning(note, start), end, skipped
    return None


def _beginning(note: Note, start: int) -> int:
    """Return where a number begins whose first letters were taken for a word of its label."""
    text = note.cell.text
    if joined := JOINED.search(text, 0, start):
        return joined.start()
    prefix = PREFIX.search(text, 0, start)
    before = text[: prefix.start()] if prefix else ""
    is_named = "number" in note.said(0, len(before)) or ":" in before
    return prefix.start() if prefix and is_named else start


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
