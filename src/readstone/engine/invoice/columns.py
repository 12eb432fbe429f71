"""The header of a table of items: which columns it has, whatever its language and its layout."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from readstone.document import Box
from readstone.engine.invoice.notes import Note, Notes
from readstone.engine.invoice.sheet import overlap

# Where a heading may mean several columns, the first of these that is still free.
PREFERENCE = (
    "unit_price",
    "quantity",
    "tax_rate",
    "amount",
    "description",
    "unit",
    "article",
    "position",
)
HEADER_COLUMNS = 3
# A heading may go over several rows, none farther than this from the next one.
STACKED_ROWS, STACKED_EM = 3, 2.5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, from x1 to before x2."""

    role: str
    x1: int
    x2: int
    is_net: bool = False

    @property
    def box(self) -> Box:
        """Where it is from left to right."""
        return Box(self.x1, 0, self.x2, 0)


def header_at(notes: Notes, row: int) -> tuple[Column, ...] | None:
    """Return the columns of a row that is a header, with what stands over and under its cells."""
    cells = notes.rows[row]
    if any(note.is_prose or any(n.is_money for n in note.numbers) for note in cells):
        return None
    columns: list[Column] = []
    for note in cells:
        columns += _columns(note, note.said() | _stacked(notes, note), columns)
    if columns:
        columns += _lifted(notes, row, columns)
    roles = {column.role for column in columns}
    is_enough = len(roles) >= HEADER_COLUMNS or roles >= {"description", "amount"}
    has_amounts = roles & {"amount", "unit_price"}
    has_items = roles & {"description", "quantity", "article"}
    if not (is_enough and has_amounts and has_items):
        return None
    return tuple(sorted(columns, key=lambda column: column.x1))


def is_of_items(columns: Iterable[Column]) -> bool:
    """Return whether a header is one of items; others may be one of taxes or of discounts."""
    return any(column.role in ("quantity", "unit_price") for column in columns)


def amount_column(columns: Sequence[Column]) -> Column:
    """Return the column of amounts: without tax where there are two, else the last one."""
    amounts = [column for column in columns if column.role == "amount"]
    net = [column for column in amounts if column.is_net]
    prices = [column for column in columns if column.role == "unit_price"]
    return net[0] if net else (amounts or prices)[-1]


def column_at(box: Box, columns: Sequence[Column]) -> Column:
    """Return the column in which something stands, or the one nearest to it."""
    return max(columns, key=lambda each: (overlap(box, each.box), -abs(box.x2 - each.x2)))


def _stacked(notes: Notes, note: Note) -> frozenset[str]:
    """Return what stands close over and under a heading that goes over several rows."""
    said: frozenset[str] = frozenset()
    for step in (-1, 1):
        last = note
        for number in range(note.cell.row + step, note.cell.row + step * STACKED_ROWS, step):
            row = notes.rows[number] if 0 <= number < len(notes.rows) else ()
            near = [each for each in row if _is_heading(each, last, notes)]
            if not near or overlap(near[0].cell.box, note.cell.box) <= 0:
                break
            said |= near[0].said()
            last = near[0]
    return said


def _is_heading(note: Note, other: Note, notes: Notes) -> bool:
    """Return whether a cell can belong to a heading that another one belongs to."""
    reach = STACKED_EM * notes.sheet.em[other.cell.page]
    is_near = abs(note.cell.box.y1 - other.cell.box.y1) <= reach
    is_over = overlap(note.cell.box, other.cell.box) > 0
    return is_near and is_over and bool(note.said()) and not (note.numbers or note.is_prose)


def _columns(note: Note, said: frozenset[str], known: Iterable[Column]) -> Iterator[Column]:
    """Yield the columns that a heading names; a cell may hold the headings of several."""
    taken = {column.role for column in known}
    is_net = "net" in said and "gross" not in said
    terms = [(role, term) for term in note.terms if (role := _role(term.meanings, taken))]
    if len(terms) >= HEADER_COLUMNS and len({role for role, _ in terms}) == len(terms):
        for role, term in terms:
            box = note.cell.box_of(term.start, term.end)
            yield Column(role, box.x1, box.x2, is_net)
    elif role := _role(said, taken):
        yield Column(role, note.cell.box.x1, note.cell.box.x2, is_net)


def _role(said: frozenset[str], taken: set[str]) -> str | None:
    if "quantity" in said:
        return "quantity"
    if "unit_price" in said:
        return "amount" if "total" in said else "unit_price"
    if "line_discount" in said and "amount" not in said:
        return None
    is_tax = "tax" in said and not said & {"net", "gross", "total"}
    if "amount" in said and not is_tax:
        return "amount"
    free = (role for role in PREFERENCE if role in said and role not in taken)
    return next(free, None)


def _lifted(notes: Notes, row: int, columns: Sequence[Column]) -> Iterator[Column]:
    """Yield the columns whose headings stand only in the rows over or under the header."""
    taken = {column.role for column in columns}
    first = notes.rows[row][0]
    reach = STACKED_EM * notes.sheet.em[first.cell.page]
    for number in (row - 1, row + 1, row - 2, row + 2):
        for note in notes.rows[number] if 0 <= number < len(notes.rows) else ():
            box = note.cell.box
            is_near = abs(box.y1 - first.cell.box.y1) < reach
            if not is_near or note.numbers or note.is_prose:
                continue
            if any(overlap(box, column.box) > 0 for column in columns):
                continue
            role = _role(note.said() | _stacked(notes, note), taken)
            if role and role not in taken:
                taken.add(role)
                yield Column(role, box.x1, box.x2, "net" in note.said())
