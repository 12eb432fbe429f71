"""Numbers, money, percentages and dates as they are printed on invoices."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale

from readstone.engine.invoice.lexicon import words_of

LANGUAGES = ("en", "fr", "de", "es", "nl", "it", "pt")
SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "S$": "SGD",
    "HK$": "HKD",
    "R$": "BRL",
    "RM": "MYR",
    "¥": "JPY",
    "₹": "INR",
    "Rs": "INR",
    "Rs.": "INR",
    "Rp": "IDR",
    "zł": "PLN",
    "Kč": "CZK",
    "kr": "SEK",
    "SFr.": "CHF",
    "₺": "TRY",
    "₽": "RUB",
    "฿": "THB",
    "₩": "KRW",
    "Euro": "EUR",
    "Euros": "EUR",
    "EURO": "EUR",
}
CODES = (
    "AED|AUD|BGN|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KRW|MXN|MYR|NOK|NZD|"
    "PHP|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|USD|VND|ZAR"
)
_SIGN = "|".join([*map(re.escape, sorted(SYMBOLS, key=len, reverse=True)), CODES])

_MINUS = "\N{MINUS SIGN}\N{EN DASH}-"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"

# A number with its neighbours: signs before or behind, currency before or behind, percent.
NUMBER = re.compile(
    rf"""
    (?P<open>\()?
    (?P<minus>[{_MINUS}]\s?)?
    (?: (?<![^\W\d_])(?P<before>{_SIGN})[.:]?\s?(?P<minus2>[{_MINUS}]\s?)? | (?<![\w.,/]) )
    (?P<digits>
        \d{{1,3}}(?:[.,{_APOSTROPHES}]\d{{3}})+(?:[.,]\s?\d{{1,4}})?(?!\d)  # 1.234,56
      | \d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?:\.\d{{1,2}})?(?!\d)      # 1,23,456.00
      | \d{{1,3}}(?:[\ \u00a0\u202f]\d{{3}})+[.,]\d{{2}}(?!\d)    # 1 234,56
      | \d+[.,]\s?\d{{1,6}}(?![\d])
      | \d+
      | [.,]\d{{2}}(?!\d)
    )
    (?P<trail>[{_MINUS}])?(?![\d])
    (?:\s?(?P<after>{_SIGN}|%)(?![^\W\d_]))?
    """,
    re.VERBOSE,
)
CODE = re.compile(rf"(?<!\w)(?:{CODES})(?!\w)")
CENTS = re.compile(r"\d([.,])\d\d(?!\d)(?![.,]\d)")
SEPARATORS = re.compile(rf"[\s{_APOSTROPHES}\u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text; `decimals` tells money, which has two, from counts.

    Attributes:
        currency: ISO 4217, empty when none stands beside it.
    """

    start: int
    end: int
    value: Decimal
    decimals: int
    currency: str = ""
    is_percent: bool = False

    @property
    def is_money(self) -> bool:
        """Whether it looks like an amount of money."""
        return not self.is_percent and (self.decimals == 2 or bool(self.currency))


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a text; the other reading is there when day and month may be the other way."""

    start: int
    end: int
    value: date
    other: date | None = None


def decimal_mark(texts: Iterable[str]) -> str:
    """Return the sign that stands before cents in most of the numbers: a point or a comma."""
    votes = Counter(match[1] for text in texts for match in CENTS.finditer(text))
    return "," if votes[","] > votes["."] else "."


def currencies_in(text: str, mark: str) -> Iterator[tuple[str, int, int]]:
    """Yield the currencies that stand beside amounts, or by their code alone, with their places."""
    for number in numbers_in(text, mark):
        if number.currency and number.decimals == 2:
            yield number.currency, number.start, number.end
    for match in CODE.finditer(text):
        yield match[0], match.start(), match.end()


def main_currency(texts: Iterable[str], mark: str) -> str:
    """Return the currency that is named most often; empty when there is none."""
    votes = Counter(code for text in texts for code, _, _ in currencies_in(text, mark))
    return max(votes, key=votes.__getitem__) if votes else ""


def numbers_in(text: str, mark: str) -> Iterator[Number]:
    """Yield the numbers of a text that are no part of a date.

    Args:
        mark: the decimal mark of the document.
    """
    for pattern in (ISO_DATE, NUMERIC_DATE, TIME):
        text = pattern.sub(lambda match: "\0" * len(match[0]), text)
    for match in NUMBER.finditer(text):
        yield _number(match, mark)


def _number(match: re.Match[str], mark: str) -> Number:
    text = SEPARATORS.sub("", match["digits"])
    marks = [sign for sign in text if sign in ".,"]
    if len(set(marks)) == 2:
        mark = marks[-1]
    elif len(marks) > 1:
        mark = "." if marks[0] == "," else ","
    elif marks and len(text) - text.index(marks[0]) == 3:  # two digits behind it
        mark = marks[0]
    whole, _, cents = text.replace("," if mark == "." else ".", "").partition(mark)
    value = Decimal(f"{whole or 0}.{cents or 0}") if cents else Decimal(whole or 0)
    is_minus = match["minus"] or match["minus2"] or match["trail"]
    if is_minus or (match["open"] and match.string[match.end() :][:1] == ")"):
        value = -value
    after = match["after"] or ""
    sign = match["before"] or ("" if after == "%" else after)
    return Number(
        match.start(),
        match.end(),
        value,
        len(cents),
        SYMBOLS.get(sign, sign),
        after == "%",
    )


NUMERIC_DATE = re.compile(
    r"(?<![\w.,/])(?P<a>\d{1,2})\s?(?P<s>[./-])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<y>\d{4}|\d{2})"
    r"(?![\d/])(?!\.\d)"
)
ISO_DATE = re.compile(
    r"(?<![\w.,])(?P<y>(?:19|20)\d\d)(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
)
COMPACT_DATE = re.compile(r"(?<!\w)(?P<y>20[0-4]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\w)")
TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
YEARS = range(1990, 2050)
# Digits that poor print makes of others.
MISTAKEN = {"5": "3", "6": "0", "8": "0", "9": "0"}


@cache
def _months() -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Return months by name, and the patterns of a date with the name in the middle or first."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    plain = " ".join(word for word, _, _ in words_of(name))
                    names[plain] = number
                    if len(plain) > 4:
                        names.setdefault(plain[:3], number)
    names |= {"sept": 9, "mrz": 3, "maerz": 3, "fevr": 2, "juil": 7, "aout": 8}
    month = "|".join(sorted(names, key=len, reverse=True))
    middle = re.compile(
        rf"(?<!\w)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|o|a|ter)?[\s.,-]*(?:de\s|di\s|of\s|d')?(?P<m>{month})"
        rf"[\s.,/-]*(?:de\s|del\s|do\s)?(?P<y>\d{{4}}|\d{{2}})(?!\d)"
    )
    first = re.compile(
        rf"(?<!\w)(?P<m>{month})[\s.,-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.,-]+(?P<y>\d{{4}})(?!\d)"
    )
    return names, middle, first


def days_in(text: str, *, day_first: bool = True) -> list[Day]:
    """Return the dates in a text, from left to right."""
    found = [*_numeric_days(text, day_first=day_first), *_named_days(text)]
    found.sort(key=lambda day: day.start)
    return [day for n, day in enumerate(found) if not n or day.start >= found[n - 1].end]


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Return whether numeric dates begin with the day; None when they do not tell."""
    votes: Counter[bool] = Counter()
    for text in texts:
        for match in NUMERIC_DATE.finditer(text):
            one, two = int(match["a"]), int(match["b"])
            if one != two and (one > 12) != (two > 12):
                votes[one > 12] += 1
    if votes[True] == votes[False]:
        return None
    return votes[True] > votes[False]


def _numeric_days(text: str, *, day_first: bool) -> Iterator[Day]:
    for match in NUMERIC_DATE.finditer(text):
        parts = match["a"], match["b"], match["y"]
        valid = _readings(parts, day_first) or _readings(_mended(*parts), day_first)
        if valid:
            other = valid[1] if len(valid) == 2 and valid[0] != valid[1] else None
            yield Day(match.start(), match.end(), valid[0], other)
        elif len(match["y"]) == 2 and (
            value := _date(_year(match["a"]), int(match["b"]), int(match["y"]))
        ):
            yield Day(match.start(), match.end(), value)
    for pattern in (ISO_DATE, COMPACT_DATE):
        for match in pattern.finditer(text):
            if value := _date(int(match["y"]), int(match["m"]), int(match["d"])):
                yield Day(match.start(), match.end(), value)


def _readings(parts: tuple[str, str, str], day_first: bool) -> list[date]:
    """Return the dates that two numbers and a year can be, the likelier first."""
    one, two, year = int(parts[0]), int(parts[1]), _year(parts[2])
    readings = [_date(year, two, one), _date(year, one, two)]
    if not day_first:
        readings.reverse()
    return [each for each in readings if each]


def _mended(one: str, two: str, year: str) -> tuple[str, str, str]:
    """Return the numbers of a date as they may have been before digits were read wrong.

    No day begins with 6, and this century with nothing but 20.
    """
    if len(year) < 4:  # it is as likely no date
        return one, two, year
    one, two = (
        MISTAKEN[each[0]] + each[1:] if int(each) > 31 and each[0] in MISTAKEN else each
        for each in (one, two)
    )
    return one, two, "20" + year[2:] if year[0] == "2" else year


def _named_days(text: str) -> Iterator[Day]:
    names, *patterns = _months()
    plain = "".join(_plain(sign) for sign in text)
    for pattern in patterns:
        for match in pattern.finditer(plain):
            if value := _date(_year(match["y"]), names[match["m"]], int(match["d"])):
                yield Day(match.start(), match.end(), value)


def _plain(sign: str) -> str:
    """Return a letter without its accent, in the same number of characters."""
    words = words_of(sign)
    return words[0][0][0] if words else sign.casefold()[:1] or " "


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
