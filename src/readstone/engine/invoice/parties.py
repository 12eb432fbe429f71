"""Who sells and who buys: names told by legal form, place, labels and the ids that stand near."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from readstone.document import Box
from readstone.engine.invoice.identifiers import Identifier, domains_of
from readstone.engine.invoice.notes import Note, Notes
from readstone.engine.invoice.sheet import around

LEGAL_FORM = re.compile(
    r"(?<!\w)(?:gmbh|mbh|ag|kg|kgaa|ohg|ug|gbr|e\.?\s?k\.?|e\.?\s?v\.?|a\.\s?g\.|se|ltd\.?|limited|llc|"
    r"l\.l\.c\.|inc\.?|corp\.?|corporation|company|co\.|plc|llp|sarl|s\.a\.r\.l\.|sas|s\.a\.s\.|sa|s\.a\.|"
    r"eurl|snc|b\.?\s?v\.?|n\.?\s?v\.?|vof|v\.o\.f\.|s\.?r\.?l\.?s?|s\.?p\.?a\.?|s\.n\.c\.|s\.l\.u?\.?|"
    r"sl|lda\.?|unipessoal|sdn\.?\s?bhd\.?|bhd\.?|s/b|plt|pte\.?|pty\.?|oy|ab|a/s|aps|s\.r\.o\.|kft|"
    r"sp\.? z o\.?o\.?)(?!\w)",
    re.IGNORECASE,
)
TRADE = re.compile(
    r"(?<!\w)(?:trading|enterprise|enterprises|restaurant|restoran|ristorante|hotel|store|stores|shop|"
    r"market|mart|supermarket|bakery|bakeries|pharmacy|hardware|stationery|books|services|service|"
    r"industries|industry|solutions|group|holdings?|cafe|café|station|bank|centre|center|house|"
    r"verlag|handel|vertrieb|apotheke|bäckerei|boutique|garage|farmacia|panadería|bar|kedai|perniagaan|"
    r"machinery|supplies|motors?|electrical|electronics?|foods?)(?!\w)",
    re.IGNORECASE,
)
# What cannot be a name alone: the end of one that goes over two lines.
ENDING = re.compile(
    rf"(?:(?:{LEGAL_FORM.pattern}|{TRADE.pattern}|\([^()]*\)|&)\W*)+", re.IGNORECASE
)
POSTCODE = re.compile(
    # 80333 München, 3528 BJ Utrecht
    r"(?<![\w-])(?:[A-Z]{1,2}[- ])?\d{4,6}(?:-\d{3,4})?(?:\s[A-Z]{2})?\s+[^\W\d_]{2}"
    r"|[^\W\d_],?\s+[A-Z]{2}\s+\d{5}(?!\d)"  # Fremont CA 94538
    r"|(?<!\w)[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}(?!\w)"  # NQ7 4TB
)
STREET = re.compile(
    r"(?:stra(?:ss|ß)e|str\.|weg|platz|allee|gasse|ring)(?!\w)|(?<!\w)(?:street|st\.?|road|rd\.?|lane|ave\.?|avenue|"
    r"rue|boulevard|bd|via|viale|piazza|calle|avda\.?|plaza|rua|avenida|jalan|jln|lot|no\.?\s?\d|"
    r"level|floor|taman|straat|laan|terry)(?!\w)",
    re.IGNORECASE,
)
SENDER_LINE = re.compile(r"\s*[·•|∙]\s*|\s+[-\u2013\u2014]\s+|,\s+")
REGISTRATION = re.compile(r"\s*[(\[{]?\b[A-Z]{0,4}\d{4,}.*$|\s*\([^()]*\d{3}.*$")
SALUTATION = re.compile(r"(?:herrn?|frau|firma|mr|mrs|ms|mme|m|monsieur|madame|dhr|mevr)\.?", re.I)
EDGE = re.compile(r"^[^\w(]+|[^\w).]+$")
MAX_NAME = 70
REPEATED, REPEATED_MOST = 0.8, 2
SMALL_WORD = 6  # on receipts "to" and "for" name nobody
BLOCK_EM, INDENT_EM = 2.5, 2.5
TOP_ROWS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """What may be the name of a party, with evidence in log-odds; it may go over several cells."""

    text: str
    notes: tuple[Note, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A party: its name, if there is one, and the lines of its address."""

    name: Name | None
    address: tuple[Note, ...]


def vendor_of(
    notes: Notes, identifiers: Sequence[Identifier], buyers: Sequence[Note]
) -> list[Name]:
    """Return what may be the name of the seller, the likeliest first."""
    bought = {id(note) for note in buyers}
    names = [
        name
        for note in notes
        if id(note) not in bought
        for name in _candidates(notes, note, identifiers)
    ]
    alike: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        alike[re.sub(r"\W", "", name.text).casefold()].append(name)
    return sorted(map(_together, alike.values()), key=lambda name: -name.score)


def _together(names: Sequence[Name]) -> Name:
    """Return a name that stands in several places, with what speaks for the best of them."""
    best = max(names, key=lambda name: name.score)
    again = REPEATED * min(len(names) - 1, REPEATED_MOST)
    return Name(best.text, best.notes, best.score + again)


def _candidates(notes: Notes, note: Note, identifiers: Sequence[Identifier]) -> Iterator[Name]:
    """Yield the whole of a cell, or the first part of a sender line, as names with evidence."""
    text = note.cell.text
    parts = [part for part in SENDER_LINE.split(text) if part]
    if len(parts) > 2 and POSTCODE.search(text):
        yield Name(_clean(parts[0]), (note,), _evidence(notes, note, parts[0], identifiers) + 2.0)
        return
    if notes.is_narrow and notes.row_of(note)[0] is not note:
        return
    members = _joined(notes, note)
    text = _clean(" ".join(each.cell.text for each in members))
    if ENDING.fullmatch(text) and (above := next(notes.above(note, rows=1), None)):
        members = (*_joined(notes, notes.row_of(above)[0]), *members)
        text = _clean(" ".join(each.cell.text for each in members))
        note = members[0]
    yield Name(text, members, _evidence(notes, note, text, identifiers))


def _joined(notes: Notes, note: Note) -> tuple[Note, ...]:
    """Return a cell with those that go on on its right, on a receipt."""
    row = notes.row_of(note)
    rest = row[row.index(note) :]
    if not notes.is_narrow or row[0] is not note or any(each.numbers for each in rest[1:]):
        return (note,)
    return tuple(each for each in rest if any(c.isalpha() for c in each.cell.text)) or (note,)


def _clean(text: str) -> str:
    without = REGISTRATION.sub("", text)
    return EDGE.sub("", without if len(without) > 3 else text).strip()


def _evidence(notes: Notes, note: Note, text: str, identifiers: Sequence[Identifier]) -> float:
    letters = sum(sign.isalpha() for sign in text)
    if letters < 3 or len(text) > MAX_NAME or letters < 0.4 * len(text):
        return -9.0
    score = 2.5 * bool(LEGAL_FORM.search(text)) + 1.0 * bool(TRADE.search(text))
    if _is_heading(note):
        score -= 4.0
    elif note.said() & {
        "invoice",
        "date",
        "number",
        "tax",
        "paid",
        "total",
        "stop",
        "order",
        "customer",
        "due",
        "other",
    }:
        score -= 1.0
    score -= 2.0 * bool(POSTCODE.search(text)) + 2.0 * bool(STREET.search(text))
    score -= 2.5 * ("@" in text) + 2.5 * bool(note.days) + 2.0 * text.endswith(":")
    score -= 4.0 * max(0.0, 0.8 - note.cell.confidence)
    score += _place(notes, note) + _role(notes, note) + _near(notes, note, text, identifiers)
    return score


def _names(note: Note, *parts: str) -> bool:
    """Return whether a cell says whose name stands below it or beside it, and is no name."""
    return _is_heading(note) and not note.said().isdisjoint(parts)


def _place(notes: Notes, note: Note) -> float:
    """Return what the place and the size of a name say."""
    score = 0.0
    row = note.cell.row
    em = notes.sheet.em[note.cell.page]
    first_page = notes.rows[0][0].cell.page == note.cell.page
    if first_page and row < TOP_ROWS:
        score += (2.5 if notes.is_narrow else 1.0) * (1 - row / TOP_ROWS)
    height = note.cell.box.y2 - note.cell.box.y1
    if height > 1.3 * em and first_page and row < 2 * TOP_ROWS:
        score += 0.8
    return score


def _role(notes: Notes, note: Note) -> float:
    """Return what a label over a name, or beside it, says."""
    distance = 0
    for each in notes.above(note, rows=5):
        if each.is_prose or distance > 2:
            break
        if _names(each, "ship_to", "buyer"):
            return -3.0
        if _names(each, "seller"):
            return 4.0 - 1.5 * distance
        distance += not _is_id(each)
    row = notes.row_of(note)
    for each in row[: row.index(note)]:
        if _names(each, "seller"):
            return 2.0
        if _names(each, "name"):
            return _heading(notes, each)
    return 0.0


def _heading(notes: Notes, label: Note) -> float:
    """Return whose name it is that stands beside the word "name"."""
    for each in notes.above(label, rows=5):
        if _names(each, "seller"):
            return 4.0
        if _names(each, "buyer", "ship_to"):
            return -3.0
    return 1.0


def _near(notes: Notes, note: Note, text: str, identifiers: Sequence[Identifier]) -> float:
    """Return what ids close by and addresses of the same name say."""
    score = 0.0
    plain = re.sub(r"\W", "", LEGAL_FORM.sub("", text)).casefold()
    if len(plain) >= 3 and any(
        fuzz.partial_ratio(plain, re.sub(r"\W", "", domain)) >= 90
        for domain in domains_of(list(identifiers))
        if len(domain) >= 3
    ):
        score += 2.0
    rows = range(note.cell.row, note.cell.row + 7)
    if any(each.kind in ("tax_id", "iban") and each.note.cell.row in rows for each in identifiers):
        score += 0.7
    below = list(notes.below(note, rows=4))
    score += 0.8 * any(POSTCODE.search(each.cell.text) for each in below)
    return score


def block_below(notes: Notes, note: Note, limit: int = 6) -> list[Note]:
    """Return the lines that follow a cell in its column, as those of an address do."""
    em = notes.sheet.em[note.cell.page]
    block: list[Note] = []
    last = note
    for each in notes.below(note, rows=2 * limit):
        box = each.cell.box
        if box.y1 - last.cell.box.y2 > BLOCK_EM * em or len(block) == limit:
            break
        if abs(box.x1 - note.cell.box.x1) < INDENT_EM * em and each is not last:
            block.append(each)
            last = each
    return block


def buyer_of(notes: Notes) -> Found:
    """Return the party under or beside the label of the buyer; else who is addressed."""
    for note in notes:
        said = note.said()
        is_small_word = notes.is_narrow and len(note.cell.text) < SMALL_WORD
        if (
            "buyer" in said
            and note.is_label
            and not is_small_word
            and not said & {"number", "date", "order", "tax"}
            and (lines := _labelled_lines(notes, note))
        ):
            return _party(lines)
    return _addressee(notes)


def _party(lines: Sequence[Note]) -> Found:
    """Return the party whose name is on the first line; a salutation goes before the name."""
    count = 2 if SALUTATION.fullmatch(lines[0].cell.text.strip()) and len(lines) > 1 else 1
    text = " ".join(_clean(each.cell.text) for each in lines[:count])
    return Found(Name(text, tuple(lines[:count]), 2.5), tuple(lines[count:]))


def _labelled_lines(notes: Notes, note: Note) -> list[Note]:
    """Return the lines of a party: beside the word "name", below its label, or on its right."""
    block = block_below(notes, note, limit=9)
    if named := _beside_name(notes, block):
        return named
    lines = [each for each in block if not _is_id(each) and not _is_heading(each)]
    row = notes.row_of(note)
    after = row[row.index(note) + 1 :]
    if lines and any(POSTCODE.search(each.cell.text) for each in lines):
        return lines
    if after and not _is_heading(after[0]) and _is_mostly_letters(after[0]):
        return [after[0], *block_below(notes, after[0])]
    return lines if lines and not lines[0].numbers else []


def _is_heading(note: Note) -> bool:
    """Return whether a cell is a label, and no name that has a word of one in it."""
    rest = note.cell.text
    for term in reversed(note.terms):
        rest = rest[: term.start] + rest[term.end :]
    return note.is_label and not LEGAL_FORM.search(rest)


def _is_mostly_letters(note: Note) -> bool:
    letters = sum(sign.isalpha() for sign in note.cell.text)
    return letters > sum(sign.isdigit() for sign in note.cell.text)


def _is_id(note: Note) -> bool:
    has_digit = any(sign.isdigit() for sign in note.cell.text)
    is_label = note.said() & {"number", "tax_id", "other", "date"}
    return bool(is_label) and (has_digit or note.is_label)


def _beside_name(notes: Notes, lines: Sequence[Note]) -> list[Note]:
    """Return the lines on the right of the words "name" and "address", where there are some."""
    for each in lines:
        row = notes.row_of(each)
        after = row[row.index(each) + 1 :]
        if _names(each, "name") and after:
            return [after[0], *block_below(notes, after[0])]
    return []


def _addressee(notes: Notes) -> Found:
    """Return the party of the address that stands alone in the upper half of the first page."""
    half = 0 if notes.is_narrow else len(notes.rows) // 2
    for row in notes.rows[:half]:
        for note in row:
            if SENDER_LINE.search(note.cell.text) and POSTCODE.search(note.cell.text):
                lines = block_below(notes, note)
                if lines and any(POSTCODE.search(each.cell.text) for each in lines):
                    return _party(lines)
    return Found(None, ())


def box_of(notes: Sequence[Note]) -> Box:
    """Return the box around some cells."""
    return around(note.cell.box for note in notes)
