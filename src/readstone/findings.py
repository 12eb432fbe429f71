"""What was concluded from a document."""

from dataclasses import dataclass
from enum import StrEnum


class PiiKind(StrEnum):
    """The kinds of personal data that are told apart."""

    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"
    IBAN = "iban"
    CARD = "card"
    IP = "ip"


@dataclass(frozen=True, slots=True)
class PiiSpan:
    """A piece of personal data in a text.

    Attributes:
        start, end: its place in the text.
        confidence: 0 to 1; from 0.9 on a checksum or a label confirms it.
        rule: the name of what found it.
        value: the same for every way of writing the same thing.
    """

    kind: PiiKind
    start: int
    end: int
    text: str
    confidence: float
    rule: str
    value: str
