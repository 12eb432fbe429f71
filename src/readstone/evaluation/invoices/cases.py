"""A folder of invoices whose fields are known, as its manifest lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from readstone.errors import InvalidRequest

NAME = "manifest.jsonl"
EXAMPLE = '{"file": "a.pdf", "fields": {"invoice_number": "RE-1", "total": "120.00"}}'


class Line(BaseModel):
    """One item that is printed; what is left out is not compared."""

    description: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An invoice and what it says.

    Attributes:
        fields: by name, each with every value that is right.
        lines: None when the manifest does not say.
        kind: what it is an example of; empty when the manifest does not say.
    """

    file: Path
    fields: Mapping[str, tuple[str, ...]]
    lines: tuple[Line, ...] | None
    kind: str


class _Row(BaseModel):
    """One line of a manifest; `fields` may also be the name of a file of JSON with them."""

    file: str
    fields: dict[str, Any] | str
    kind: str = ""


def read_cases(folder: Path) -> list[Case]:
    """Return the invoices of a folder.

    Raises:
        InvalidRequest: there is no manifest, or a line of it cannot be used.
    """
    path = folder / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_case(folder, line) for line in lines if line.strip()]
    except (OSError, UnicodeError, ValidationError, ValueError) as error:
        raise InvalidRequest(
            f"{folder} has no {NAME} that can be used; each line of it is like {EXAMPLE}"
        ) from error


def _case(folder: Path, line: str) -> Case:
    row = _Row.model_validate_json(line)
    fields = row.fields
    if isinstance(fields, str):
        text = (folder / fields).read_text(encoding="utf-8")
        fields = TypeAdapter(dict[str, Any]).validate_json(text)
    items = fields.get("line_items")
    lines = None if items is None else tuple(Line.model_validate(item) for item in items)
    known = {name: (value,) for name, value in fields.items() if isinstance(value, str)}
    if "vendor" in known:
        known["vendor"] += tuple(fields.get("vendor_alt", ()))
    return Case(folder / row.file, known, lines, row.kind)
