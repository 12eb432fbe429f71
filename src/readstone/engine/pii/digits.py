"""Numbers that a checksum or a numbering plan tells from others: accounts, cards, telephones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn

from readstone.engine.pii.plain import Candidate
from readstone.findings import PiiKind

IBAN_START = re.compile(r"(?<!\w)([A-Z]{2}) ?\d ?\d(?=[ \n.-]{0,2}[A-Z0-9])", re.ASCII)
IBAN_SIGN = re.compile(r"[ \n.-]{0,2}([A-Z0-9])")
IBAN_LENGTHS = {
    **{"AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22},
    **{"DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28},
    **{"IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27},
    **{"MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19},
    **{"SK": 24, "SM": 27, "TR": 26, "UA": 29},
}
# What recognition takes for digits.
LOOKS_LIKE = str.maketrans("OIlSB", "01158")

RUN = re.compile(r"(?<!\w)(?<!\d[.,])\d(?:[ \n.-]{0,2}\d){11,60}(?!\w)", re.ASCII)
GROUP = re.compile(r"\d+")
CARD = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}"
    r"|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12}(?:\d{3})?"
)

PHONE = re.compile(
    r"(?<![\w+])(?<![\w+][.,/-])(?:\+ ?|\()?\d(?:[ ().\-/]{0,3}\d){6,17}(?!\w|[.,]\d)", re.ASCII
)
INTERNATIONAL = re.compile(r"\+|00[1-9]")
# Dates, and hours of opening.
NO_PHONE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}(?!\d)|\d\d[.]\d\d ?- ?\d\d[.]\d\d")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a region writes its numbers when nothing else says that they are such.

    Attributes:
        grouped: with something between the groups.
        bare: without; only numbers of mobile telephones are told by their digits alone.
    """

    region: str
    grouped: re.Pattern[str]
    bare: re.Pattern[str]


NEVER = re.compile(r"(?!)")
PLANS = (
    Plan("GB", re.compile(r"\(?0[1-9]"), re.compile(r"07\d{9}$")),
    Plan("DE", re.compile(r"\(?0[1-9]\d+(?:\)|[ /-]|\.\d+$)"), re.compile(r"01[567]\d{8,9}$")),
    Plan("FR", re.compile(r"0[1-9]"), re.compile(r"0[67]\d{8}$")),
    Plan("US", re.compile(r"\(\d{3}\) ?\d{3}|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}$"), NEVER),
    Plan("ES", re.compile(r"[6-9]\d\d?\d?[ .-]"), re.compile(r"[67]\d{8}$")),
    Plan("CN", re.compile(r"\(?0\d{2,3}\)?[ /-]|1[ /.-]?[3-9]"), re.compile(r"1[3-9]\d{9}$")),
    Plan("AT", re.compile(r"\(?0[1-9]"), NEVER),
    Plan("CH", re.compile(r"\(?0[1-9]"), re.compile(r"07[5-9]\d{7}$")),
    Plan("MX", re.compile(r"\d\d \d{4} \d{4}$"), NEVER),
)


def find_ibans(text: str) -> Iterator[Candidate]:
    """Yield account numbers as long as those of their country, the checksum right or not."""
    for start in IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(start[1], 0)
        signs: list[str] = []
        end = start.start()
        while len(signs) < length and (sign := IBAN_SIGN.match(text, end)):
            signs.append(sign[1])
            end = sign.end()
        number = "".join(signs)
        if length and len(number) == length and not re.match(r"\w", text[end : end + 1], re.ASCII):
            yield from _iban(number, start.start(), end)


def _iban(number: str, start: int, end: int) -> Iterator[Candidate]:
    fixed = number[:2] + number[2:].translate(LOOKS_LIKE)
    if confirmed := next((each for each in (number, fixed) if iban.is_valid(each)), None):
        yield Candidate(PiiKind.IBAN, start, end, 0.99, "iban_checksum", confirmed)
    elif 2 * sum(sign.isdigit() for sign in number) > len(number):
        yield Candidate(PiiKind.IBAN, start, end, 0.82, "iban_shape", number)


def find_cards(text: str) -> Iterator[Candidate]:
    """Yield numbers of payment cards: an issuer's prefix and length, and the checksum of Luhn."""
    for run in RUN.finditer(text):
        for start, end, number in windows(run, 14, 19):
            if CARD.fullmatch(number) and luhn.is_valid(number):
                yield Candidate(PiiKind.CARD, start, end, 0.95, "card_checksum", number)


def windows(run: re.Match[str], shortest: int, longest: int) -> Iterator[tuple[int, int, str]]:
    """Yield places and digits of whole groups within a run of groups, by their length in digits."""
    groups = list(GROUP.finditer(run[0]))
    for first, group in enumerate(groups):
        number = ""
        for last in groups[first:]:
            number += last[0]
            if len(number) > longest:
                break
            if len(number) >= shortest:
                yield run.start() + group.start(), run.start() + last.end(), number


def find_phones(text: str) -> Iterator[Candidate]:
    """Yield telephone numbers: those that a numbering plan knows, in the shape that it uses."""
    for match in PHONE.finditer(text):
        written = match[0]
        if NO_PHONE.match(written):
            continue
        if INTERNATIONAL.match(written.replace("(", "")):
            found = _international(written)
            confidence, rule = 0.95, "phone_international"
        else:
            found = _national(written)
            confidence, rule = 0.75, "phone_national"
        if found:
            length, value = found
            end = match.start() + length
            yield Candidate(PiiKind.PHONE, match.start(), end, confidence, rule, value)


def _international(written: str) -> tuple[int, str] | None:
    """Return how much of this is a number, and the number; what stands behind it may be another."""
    if written.startswith("00"):
        parsed = _parsed("+" + written[2:], None)
        return (len(written), parsed) if parsed else None
    ends = [match.end() for match in GROUP.finditer(written)]
    for end in ends[:-5:-1]:
        if parsed := _parsed(written[:end], None):
            return end, parsed
    return None


def _national(written: str) -> tuple[int, str] | None:
    digits = "".join(GROUP.findall(written))
    is_bare = written.isdigit()
    for plan in PLANS:
        fits = plan.bare.match(digits) if is_bare else plan.grouped.match(written)
        if fits and len(digits) >= 8 and (parsed := _parsed(written, plan.region)):
            return len(written), parsed
    return None


def _parsed(written: str, region: str | None) -> str | None:
    """Return a number as E.164 writes it; None when no plan has it."""
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
