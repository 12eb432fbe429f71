"""The words beside which personal data stands, in all languages at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).parent / "words"
HAN = "\u4e00-\u9fff"
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
ADDRESS_KEYS = ("streets", "rare_streets", "street_openings", "units", "states", "provinces")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of `words/`, ready to be looked for.

    Attributes:
        kinds: lower-case label to the kind that it announces; `none` is data of no person.
        no_names: lower-case words that are never part of a name.
        addresses: what stands in addresses, by `KEY.LANGUAGE`.
    """

    kinds: dict[str, str]
    no_names: frozenset[str]
    given_names: frozenset[str]
    surnames: frozenset[str]
    titles: tuple[str, ...]
    titles_behind: tuple[str, ...]
    salutations: tuple[str, ...]
    introductions: tuple[str, ...]
    closings: tuple[str, ...]
    months: tuple[str, ...]
    company_forms: tuple[str, ...]
    addresses: dict[str, tuple[str, ...]]


@cache
def lexicon() -> Lexicon:
    """Return the words of all languages."""
    loaded = {path.stem: _load(path) for path in WORDS.glob("*.yml")}
    each = list(loaded.values())
    western = [words for name, words in loaded.items() if name != "zh"]
    return Lexicon(
        kinds={
            label: kind
            for words in each
            for kind, labels in words["labels"].items()
            for label in labels
        },
        no_names=frozenset(word for words in each for word in words["not_names"]),
        given_names=frozenset(_lines("given_names")),
        surnames=frozenset("".join(_lines("surnames"))) | set(DOUBLE_SURNAMES),
        titles=_of("titles", western),
        titles_behind=tuple(loaded["zh"]["titles"]),
        salutations=_of("salutations", western),
        introductions=_of("introductions", western),
        closings=_of("closings", western),
        months=_of("months", western),
        company_forms=tuple(_lines("company_forms")),
        addresses={
            f"{key}.{name}": tuple(words[key])
            for name, words in loaded.items()
            for key in ADDRESS_KEYS
            if key in words
        },
    )


def _load(path: Path) -> dict[str, Any]:
    # The base loader leaves words as they are; to others `no` and `on` are truth values.
    words: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    return words


def _lines(name: str) -> list[str]:
    return (WORDS / f"{name}.txt").read_text(encoding="utf-8").split()


def _of(key: str, languages: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in languages for word in words[key]))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longest first; a blank is any blank or break."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s{1,2}") for word in ordered) + ")"
