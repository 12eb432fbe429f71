"""Evaluates the finding of personal data: texts with planted items in, a table out."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from readstone.engine.pii.find import find_personal_data
from readstone.errors import InvalidRequest
from readstone.findings import PiiKind, PiiSpan

EXAMPLE = '{"lang": "en", "text": "Mr. Smith", "items": [{"kind": "person", "start": 4, "end": 9}]}'
HEAD = f"{'':14}{'planted':>8}{'hidden':>8}{'recall':>8}{'found':>8}{'precision':>11}"
LEGEND = """\
hidden: of the planted items, those of which no character is left. recall: those hidden as
what they are. precision: of what was found, that which touches a planted item of its kind."""


class Item(BaseModel):
    """A piece of personal data that was planted in a text."""

    kind: PiiKind
    start: int
    end: int


class Row(BaseModel):
    """A text with what was planted in it."""

    lang: str
    text: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Score:
    """How many items were planted and what became of them, and how many findings are right."""

    planted: int = 0
    hidden: int = 0
    named: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    def line(self, name: str) -> str:
        """Return a line of the table."""
        hidden, recall = _share(self.hidden, self.planted), _share(self.named, self.planted)
        precision = _share(self.right, self.found)
        return f"{name:14}{self.planted:8}{hidden:>8}{recall:>8}{self.found:8}{precision:>11}"


def evaluate_pii(path: Path) -> str:
    """Return a table for a file: one line for each kind, for each language, and for all.

    Raises:
        InvalidRequest: the file cannot be read.
    """
    kinds = [kind.value for kind in PiiKind]
    scores = {name: Score() for name in (*kinds, "all")}
    for row in read_rows(path):
        for kind, score in judged(row, find_personal_data(row.text)).items():
            for name in (kind.value, row.lang, "all"):
                scores[name] = scores.get(name, Score()) + score
    langs = sorted(scores.keys() - {*kinds, "all"})
    lines = [scores[name].line(name) for name in (*kinds, *langs, "all")]
    return "\n".join([HEAD, *lines, LEGEND])


def judged(row: Row, spans: Sequence[PiiSpan]) -> dict[PiiKind, Score]:
    """Return for each kind what became of the items of a text, and which findings are right."""
    hidden = _places(spans)
    scores = {}
    for kind in PiiKind:
        items = [item for item in row.items if item.kind == kind]
        own = [span for span in spans if span.kind == kind]
        places = _places(own)
        scores[kind] = Score(
            planted=len(items),
            hidden=sum(_is_within(row.text, item, hidden) for item in items),
            named=sum(_is_within(row.text, item, places) for item in items),
            found=len(own),
            right=sum(any(_touch(span, item) for item in items) for span in own),
        )
    return scores


def _places(spans: Iterable[PiiSpan]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def _is_within(text: str, item: Item, places: set[int]) -> bool:
    """Return whether all of an item but blanks lies in these places."""
    return all(n in places or text[n].isspace() for n in range(item.start, item.end))


def _touch(span: PiiSpan, item: Item) -> bool:
    return span.start < item.end and item.start < span.end


def read_rows(path: Path) -> list[Row]:
    """Return the texts of a file, of which there is at least one.

    Raises:
        InvalidRequest: there is no such file, or a line of it cannot be used.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read; write one with lines as {EXAMPLE}") from error
    rows = [_row(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise InvalidRequest(f"{path} is empty; a line looks like {EXAMPLE}")
    return rows


def _row(path: Path, number: int, line: str) -> Row:
    try:
        return Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        key = "".join(f"{part}: " for part in first["loc"])
        raise InvalidRequest(
            f"{path}, line {number}: {key}{first['msg']}; a line looks like {EXAMPLE}"
        ) from error


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
