"""Invents people and their data in five languages, and things that look like data and are none."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import phonenumbers
import yaml
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum import iban, luhn
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir

POOLS = yaml.safe_load((Path(__file__).parent / "pools.yml").read_text(encoding="utf-8"))
REGIONS = {"en": ("GB", "US"), "de": ("DE",), "fr": ("FR",), "es": ("ES",), "zh": ("CN",)}
IBAN_SHAPES = {
    "en": ("GB", "NWBK", 14),
    "de": ("DE", "", 18),
    "fr": ("FR", "", 23),
    "es": ("ES", "", 20),
    "zh": ("DE", "", 18),
}
CARD_SHAPES = (("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16))


@dataclass(frozen=True, slots=True)
class Person:
    """A person as letters name one."""

    first: str
    last: str
    full: str


class Inventor:
    """Invents one thing after another, the same for the same seed.

    Args:
        split: `known` or `unseen`; names, streets and towns of one are not those of the other.
    """

    def __init__(self, lang: str, split: str, seed: str) -> None:
        self.lang = lang
        self.pool: dict[str, list[str]] = POOLS[lang][split]
        self.shared: dict[str, list[str]] = POOLS[lang]["shared"]
        self.random = random.Random(f"{split} {lang} {seed}")

    def any_of(self, values: Sequence[str]) -> str:
        return self.random.choice(values)

    def digits(self, count: int) -> str:
        return "".join(self.any_of("0123456789") for _ in range(count))

    def person(self) -> Person:
        first, last = self.any_of(self.pool["first"]), self.any_of(self.pool["last"])
        return Person(first, last, last + first if self.lang == "zh" else f"{first} {last}")

    def email(self) -> str:
        user = self.any_of(self.shared["user"])
        host = self.any_of(("example.org", "mail.example.com", "post.example.net", "example.co.uk"))
        return f"{user}{self.any_of(('', '', self.digits(2)))}@{host}"

    def phone(self) -> str:
        region = self.any_of(REGIONS[self.lang])
        kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
        example = phonenumbers.example_number_for_type(region, self.random.choice(kinds))
        number = phonenumbers.PhoneNumber(country_code=example.country_code)
        while True:
            tail = self.random.randint(4, 6)
            start = str(example.national_number)[:-tail]
            number.national_number = int(start + self.digits(tail))
            if phonenumbers.is_valid_number(number):
                break
        shape = self.any_of(("national", "international", "loose"))
        if shape == "international":
            return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        if shape == "loose" and " " in national:
            return national.replace(" ", self.any_of(("-", "/", ".", " ")), 1)
        return national

    def iban(self) -> str:
        country, bank, count = IBAN_SHAPES[self.lang]
        if country == "ES":
            account = self._spanish_account()
        elif country == "FR":
            account = self._french_account()
        else:
            account = bank + self.digits(count)
        number = country + iban.calc_check_digits(f"{country}00{account}") + account
        assert iban.is_valid(number), number
        return self.any_of((number, iban.format(number)))

    def _spanish_account(self) -> str:
        from stdnum.es import ccc

        bank, account = self.digits(8), self.digits(10)
        return bank + ccc.calc_check_digits(f"{bank}00{account}") + account

    def _french_account(self) -> str:
        account = self.digits(21)
        return account + f"{97 - int(account + '00') % 97:02}"

    def card(self) -> str:
        start, length = self.random.choice(CARD_SHAPES)
        number = start + self.digits(length - len(start) - 1)
        number += luhn.calc_check_digit(number)
        size = 4 if length == 16 else 5
        groups = [number[i : i + size] for i in range(0, length, size)]
        if length == 15:
            groups = [number[:4], number[4:10], number[10:]]
        return self.any_of(("", " ", "-", " ")).join(groups)

    def national_id(self) -> str:
        return getattr(self, f"_national_id_{self.lang}")()  # type: ignore[no-any-return]

    def _national_id_en(self) -> str:
        if self.random.random() < 0.5:
            area, group = self.random.randint(101, 665), self.random.randint(10, 99)
            return f"{area}-{group}-{self.random.randint(1000, 9999)}"
        prefix, suffix = self.any_of(("AB", "CE", "JK", "PR", "SX", "WM")), self.any_of("ABCD")
        number = self.digits(6)
        return self.any_of(
            (f"{prefix} {number[:2]} {number[2:4]} {number[4:]} {suffix}", prefix + number + suffix)
        )

    def _national_id_de(self) -> str:
        while True:
            base = self.any_of("123456789") + self.digits(9)
            for check in "0123456789":
                if idnr.is_valid(base + check):
                    return self.any_of((base + check, idnr.format(base + check)))

    def _national_id_fr(self) -> str:
        limits = ((1, 2, 1), (40, 99, 2), (1, 12, 2), (1, 95, 2), (1, 500, 3), (1, 300, 3))
        base = "".join(f"{self.random.randint(a, b):0{width}}" for a, b, width in limits)
        number = base + nir.calc_check_digits(base)
        return self.any_of((number, nir.format(number)))

    def _national_id_es(self) -> str:
        if self.random.random() < 0.3:
            number = self.any_of("XYZ") + self.digits(7)
            return number + nie.calc_check_digit(number)
        number = self.digits(8)
        letter = dni.calc_check_digit(number)
        return self.any_of((number + letter, f"{number}-{letter}"))

    def _national_id_zh(self) -> str:
        place = self.any_of(("110101", "310104", "440305", "330106", "510104"))
        number = f"{place}{self._birth():%Y%m%d}{self.digits(3)}"
        return number + ric.calc_check_digit(number + "0")

    def _birth(self) -> date:
        return date(1940, 1, 1) + timedelta(days=self.random.randint(0, 24_000))

    def birth_date(self) -> str:
        return self._written(self._birth())

    def date(self) -> str:
        return self._written(date(2024, 1, 1) + timedelta(days=self.random.randint(0, 700)))

    def _written(self, day: date) -> str:
        month = self.shared["month"][day.month - 1]
        shapes = {
            "en": (
                f"{day.day} {month} {day.year}",
                f"{day:%m/%d/%Y}",
                f"{month} {day.day}, {day.year}",
            ),
            "de": (f"{day.day}. {month} {day.year}", f"{day:%d.%m.%Y}"),
            "fr": (f"{day.day} {month} {day.year}", f"{day:%d/%m/%Y}"),
            "es": (f"{day.day} de {month} de {day.year}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}"),
            "zh": (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}"),
        }
        return self.any_of((*shapes[self.lang], f"{day:%Y-%m-%d}"))

    def address_lines(self) -> tuple[str, str]:
        street, town = self.any_of(self.pool["street"]), self.any_of(self.pool["town"])
        number = str(self.random.randint(1, 240)) + self.any_of(("", "", "", "a", "B"))
        return street.format(number), town

    def address(self) -> str:
        street, town = self.address_lines()
        return town + street if self.lang == "zh" else f"{street}, {town}"

    def ip(self) -> str:
        if self.random.random() < 0.25:
            return ":".join(f"{self.random.randint(0, 65535):x}" for _ in range(8))
        return ".".join(str(self.random.randint(11, 126)) for _ in range(4))

    def passport(self) -> str:
        shapes: dict[str, Callable[[], str]] = {
            "en": lambda: self.digits(9),
            "de": lambda: f"C{self.digits(2)}X{self.digits(4)}K",
            "fr": lambda: (
                f"{self.digits(2)}{self.any_of('ABC')}{self.any_of('DEF')}{self.digits(5)}"
            ),
            "es": lambda: (
                f"{self.any_of('ABC')}{self.any_of('DEF')}{self.any_of('GH')}{self.digits(6)}"
            ),
            "zh": lambda: f"E{self.digits(8)}",
        }
        return shapes[self.lang]()

    def order(self) -> str:
        shapes = (
            f"{self.any_of('ABKRZ')}-{self.digits(6)}",
            f"2025-{self.digits(6)}",
            f"{self.random.randint(1, 9)}{self.digits(6)}",
            f"{self.random.randint(1, 9)}{self.digits(9)}",
            f"{self.digits(4)}/{self.digits(2)}",
        )
        return self.any_of(shapes)

    def price(self) -> str:
        amount, cents = self.random.randint(3, 4999), self.random.randint(0, 99)
        whole = f"{amount:,}"
        return {
            "en": f"£{whole}.{cents:02}",
            "de": f"{whole.replace(',', '.')},{cents:02} €",
            "fr": f"{whole.replace(',', ' ')},{cents:02} €",
            "es": f"{whole.replace(',', '.')},{cents:02} €",
            "zh": f"¥{whole}.{cents:02}",
        }[self.lang]

    def product(self) -> str:
        return self.any_of(self.shared["product"])

    def company(self) -> str:
        return self.any_of(self.shared["company"])

    def vat(self) -> str:
        country = {"en": "GB", "de": "DE", "fr": "FR40", "es": "ESB", "zh": "9111"}[self.lang]
        return country + self.digits({"es": 8, "zh": 14}.get(self.lang, 9))

    def version(self) -> str:
        return (
            f"{self.random.randint(1, 20)}.{self.random.randint(0, 9)}.{self.random.randint(0, 30)}"
        )

    def time(self) -> str:
        return f"{self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}"

    def made(self, name: str) -> Any:
        """Return a new thing of this name."""
        return getattr(self, name)()
