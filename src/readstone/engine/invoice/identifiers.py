"""Identifiers that prove themselves: tax ids, IBANs, mail and web addresses, telephone numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import iban as iban_number
from stdnum.eu import vat as vat_number
from stdnum.exceptions import ValidationError

from readstone.engine.invoice.notes import Note, Notes, label_of

VAT = re.compile(
    r"(?<![\w])(?P<country>[A-Z]{2})[ .:-]{0,2}(?P<rest>[0-9A-Z](?:[ .-]?[0-9A-Z]){6,12})(?!\w)"
)
PLAIN_TAX_ID = re.compile(r"(?<![\w])\d(?:[ .-]?[\dA-Z]){7,14}(?![\w])")
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[0-9A-Z]){11,30}(?!\w)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(r"(?:https?://|www\.)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
PHONE = re.compile(r"\+?\(?\d[\d ()/.-]{6,18}\d")


@dataclass(frozen=True, slots=True, eq=False)
class Identifier:
    """An identifier in its compact form, and where it stands.

    Attributes:
        is_sound: whether its check digits are right.
    """

    kind: str
    value: str
    note: Note
    start: int
    end: int
    is_sound: bool


def identifiers_of(notes: Notes) -> list[Identifier]:
    """Return all identifiers of a sheet, row by row."""
    return [each for note in notes for each in _in(notes, note)]


def domains_of(identifiers: list[Identifier]) -> list[str]:
    """Return the names that mail and web addresses contain, without their endings."""
    hosts = [
        each.value.partition("@")[2] or each.value
        for each in identifiers
        if each.kind in ("email", "web")
    ]
    return [host.removeprefix("www.").rsplit(".", 1)[0] for host in hosts]


def _in(notes: Notes, note: Note) -> Iterator[Identifier]:
    text = note.cell.text
    for match in IBAN.finditer(text):
        value = iban_number.compact(match[0])
        is_sound = iban_number.is_valid(value)
        if is_sound or "iban" in text.casefold() or _is_labelled(notes, note, match, "other"):
            yield Identifier("iban", value, note, match.start(), match.end(), is_sound)
    for match in VAT.finditer(text):
        value = re.sub(r"[ .:-]", "", match[0])
        is_sound = _is_vat(value)
        if is_sound or _is_labelled(notes, note, match, "tax_id"):
            yield Identifier("tax_id", value, note, match.start(), match.end(), is_sound)
            break
    else:
        for match in PLAIN_TAX_ID.finditer(text):
            if _is_labelled(notes, note, match, "tax_id"):
                value = re.sub(r"[ .-]", "", match[0])
                yield Identifier("tax_id", value, note, match.start(), match.end(), is_sound=False)
    for kind, pattern in (("email", EMAIL), ("web", WEB)):
        for match in pattern.finditer(text):
            value = match[1] if kind == "web" else match[0]
            yield Identifier(kind, value.lower(), note, match.start(), match.end(), is_sound=True)


def _is_vat(value: str) -> bool:
    try:
        return bool(vat_number.validate(value))
    except ValidationError:
        return False


def _is_labelled(notes: Notes, note: Note, match: re.Match[str], meaning: str) -> bool:
    label = label_of(notes, note, match.start(), match.end())
    return meaning in (label.beside or label.above)
