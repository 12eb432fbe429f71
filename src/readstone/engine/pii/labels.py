"""Labels such as `Date of birth:`, and the values that stand beside them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from readstone.engine.pii.dates import date_pattern
from readstone.engine.pii.lexicon import HAN, any_of, lexicon
from readstone.engine.pii.names import read_name
from readstone.engine.pii.plain import Candidate, lower_text
from readstone.findings import PiiKind

SUFFIX = r"(?:[ .-]{0,2}(?:number|nummer|no|nr|num|n°|nº|n\.º|#|号码|号)(?![a-z]))?"
AFTER = re.compile(
    rf"{SUFFIX}[.)]{{0,2}}[ ]{{0,2}}(?:\([^()\d\n]{{0,20}}\)[ ]?)?(?P<colon>[:;=]?)[ ]{{0,30}}"
    r"(?P<line>\n?)[ ]{0,8}"
)
NUMBER = re.compile(r"\+?[ ]?\(?\d(?:[ ().\-/]{0,3}\d){5,16}")
DIGITS = re.compile(r"\d(?:[ .\n-]{0,2}\d){11,18}")
CODE = re.compile(r"[A-Z]{0,3} ?\d(?: ?[A-Z0-9]){4,9}(?![A-Za-z0-9])")
IDENTITY = re.compile(r"[A-Z0-9](?:[ ./-]{0,2}[A-Z0-9]){5,21}(?![a-z0-9])")
ACCOUNT = re.compile(r"(?:[A-Z]{2}[ ]?)?\d(?:[ \n.-]{0,2}[A-Z0-9]){7,31}(?![a-z0-9])")
REFERENCE = re.compile(r"[A-Za-z0-9][\w./-]*(?: [0-9][\w/-]*)*")
BEFORE_DATE = re.compile(r"(?:\w{1,3} ){0,2}")
MONEY = re.compile(r"[$€£¥%]|\d[.,]\d\d(?!\d)")
LONGEST_ADDRESS = 120


@dataclass(frozen=True, slots=True)
class Label:
    """A label; its value begins where it ends.

    Attributes:
        is_marked: a colon, or a line of its own, shows that it is a label.
    """

    kind: str
    start: int
    end: int
    is_marked: bool


def find_labels(text: str) -> Iterator[Label]:
    """Yield the labels in a plain text."""
    lower = lower_text(text)
    kinds = lexicon().kinds
    for match in _label_pattern().finditer(lower):
        after = AFTER.match(lower, match.end())
        assert after
        begins_line = match.start() == 0 or lower[match.start() - 1] == "\n"
        is_marked = bool(after["colon"]) or (begins_line and bool(after["line"]))
        is_cut = bool(after["line"]) and not is_marked
        end = after.start("line") if is_cut else after.end()
        label = re.sub(r"\s+", " ", match[0])
        yield Label(kinds[label], match.start(), end, is_marked)


@cache
def _label_pattern() -> re.Pattern[str]:
    chinese = [label for label in lexicon().kinds if re.match(f"[{HAN}]", label)]
    western = [label for label in lexicon().kinds if label not in chinese]
    return re.compile(rf"(?<!\w){any_of(western)}(?![^\W{HAN}])|{any_of(chinese)}")


def labelled(text: str, labels: list[Label]) -> Iterator[Candidate]:
    """Yield the values beside labels."""
    for label in labels:
        yield from READERS[label.kind](text, label)


def _person(text: str, label: Label) -> Iterator[Candidate]:
    if label.is_marked and (name := read_name(text, label.end, comma=True)):
        yield Candidate(PiiKind.PERSON, name.start, name.end, 0.9, "name_label", name.value)


def _address(text: str, label: Label) -> Iterator[Candidate]:
    line = text[label.end : label.end + LONGEST_ADDRESS]
    line = re.split(r"\n|[ ]{3}|[;。<]|\. ", line, maxsplit=1)[0].rstrip(" ,.")
    starts = line[:1].isupper() or line[:1].isdigit() or re.match(f"[{HAN}]", line)
    if starts and re.search(r"\d", line) and not MONEY.search(line):
        confidence = 0.9 if label.is_marked else 0.6
        end = label.end + len(line)
        yield Candidate(PiiKind.ADDRESS, label.end, end, confidence, "address_label")


def _birth_date(text: str, label: Label) -> Iterator[Candidate]:
    before = BEFORE_DATE.match(text, label.end)
    assert before
    for start in (label.end, before.end()):
        if date := date_pattern().match(text, start):
            yield Candidate(PiiKind.BIRTH_DATE, *date.span(), 0.95, "birth_label")
            return


def _value(
    kind: PiiKind | None, pattern: re.Pattern[str], rule: str, *, digits: int, confidence: float
) -> Callable[[str, Label], Iterator[Candidate]]:
    """Return a reader of values that match a pattern and have at least so many digits."""

    def read(text: str, label: Label) -> Iterator[Candidate]:
        match = pattern.match(text, label.end)
        if match and sum(sign.isdigit() for sign in match[0]) >= digits:
            yield Candidate(kind, *match.span(), confidence, rule)

    return read


READERS: dict[str, Callable[[str, Label], Iterator[Candidate]]] = {
    "person": _person,
    "address": _address,
    "birth_date": _birth_date,
    "phone": _value(PiiKind.PHONE, NUMBER, "phone_label", digits=6, confidence=0.9),
    "passport": _value(PiiKind.PASSPORT, CODE, "passport_label", digits=5, confidence=0.9),
    "national_id": _value(PiiKind.NATIONAL_ID, IDENTITY, "id_label", digits=6, confidence=0.85),
    "iban": _value(PiiKind.IBAN, ACCOUNT, "account_label", digits=8, confidence=0.8),
    "card": _value(PiiKind.CARD, DIGITS, "card_label", digits=12, confidence=0.8),
    "none": _value(None, REFERENCE, "reference", digits=2, confidence=0.88),
}
