"""Names of people, read from the place where one begins."""

import re
from dataclasses import dataclass
from functools import cache

from readstone.engine.pii.lexicon import DOUBLE_SURNAMES, HAN, any_of, lexicon

LATIN = rf"[^\W\d_{HAN}]"
# A hyphen at the end of a line divides a word.
WORD = re.compile(rf"{LATIN}+(?:['.]{LATIN}+|-\n?{LATIN}+)*\.?")
GAP = re.compile(r"[ ]{1,2}")
BREAK = re.compile(r"[ ]?\n[ ]?")
COMMA = re.compile(r" ?, ?")
HAN_RUN = re.compile(rf"[{HAN}]{{1,12}}")
PARTICLES = frozenset(
    (
        *("von", "van", "vom", "zu", "zum", "zur", "de", "der", "den", "del", "della", "di", "da"),
        *("dos", "das", "do", "du", "des", "la", "le", "las", "los", "les", "ten", "ter", "bin"),
        *("ibn", "al", "el", "y", "e", "i", "af", "av", "und"),
    )
)
COMPANY_LINK = r"(?:&|und|and|et|y|[^\W\d_][\w.&'-]*)[ ,]{1,2}"
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text; `value` is the same however it is written."""

    start: int
    end: int
    words: int
    value: str


def read_name(text: str, start: int, *, comma: bool = False) -> Name | None:
    """Return the name that begins here; None where no name does.

    Args:
        comma: the surname may stand first, with a comma behind it.
    """
    if HAN_RUN.match(text, start):
        return _read_chinese(text, start)
    words = _words(text, start, comma=comma)
    if not words or _is_company(text, words):
        return None
    end = words[-1].end()
    last = words[-1][0]
    if last.endswith("'s"):
        end -= 2
    if last.endswith(".") and len(last) > 2:  # not an initial, but the end of the sentence
        end -= 1
    return Name(start, end, len(words), name_value(text[start:end]))


def name_value(name: str) -> str:
    """Return a name in one way of writing."""
    joined = re.sub(r"-\n", "", name)
    if "," in joined:
        last, _, first = joined.partition(",")
        joined = f"{first} {last}"
    return " ".join(joined.split()).casefold()


@cache
def _company_pattern() -> re.Pattern[str]:
    forms = any_of(lexicon().company_forms)
    return re.compile(rf"[ ,]{{0,2}}(?:{COMPANY_LINK}){{0,4}}?{forms}(?!\w)")


def _is_company(text: str, words: list[re.Match[str]]) -> bool:
    """Return whether a form such as Ltd is one of these words, or stands a few words behind."""
    forms = {word[0].rstrip(".") for word in words}.intersection(lexicon().company_forms)
    return bool(forms) or _company_pattern().match(text, words[-1].end()) is not None


def _words(text: str, start: int, *, comma: bool) -> list[re.Match[str]]:
    """Return the words of a name, particles only between others."""
    words: list[re.Match[str]] = []
    held: list[re.Match[str]] = []
    place = start
    while len(words) < MOST_WORDS and (match := WORD.match(text, place)):
        word = match[0]
        if word.lower() in PARTICLES and not (words and word[0].isupper() and len(held) == 2):
            held.append(match)
        elif _may_be_name(word):
            words += [*held, match]
            held = []
        else:
            break
        if len(held) > 2 or not (gap := _gap(text, match, len(words), comma=comma)):
            break
        place = gap.end()
    return words


def _may_be_name(word: str) -> bool:
    bare = word.rstrip(".")
    if not bare[0].isupper() or bare.lower() in lexicon().no_names:
        return False
    return len(bare) == 1 or "." not in bare or all(len(part) <= 2 for part in bare.split("."))


def _gap(text: str, match: re.Match[str], count: int, *, comma: bool) -> re.Match[str] | None:
    """Return what stands between a word of a name and the next; None where the name ends."""
    word = match[0]
    if word.endswith(".") and len(word) > 2 and not _is_title(word):
        return None
    if gap := GAP.match(text, match.end()):
        return gap
    if comma and count == 1 and (gap := COMMA.match(text, match.end())):
        return gap
    if count == 1 and (word in lexicon().given_names or word.endswith(".")):
        return BREAK.match(text, match.end())
    return None


@cache
def _titles() -> frozenset[str]:
    return frozenset(lexicon().titles)


def _is_title(word: str) -> bool:
    return word.rstrip(".") in _titles()


def _read_chinese(text: str, start: int) -> Name | None:
    """Return two to four characters that may be a name: up to a title, or to the end of the run."""
    match = HAN_RUN.match(text, start)
    assert match
    run = match[0]
    for title in lexicon().titles_behind:
        place = run.find(title, 1, 4 + len(title))
        if place > 0:
            run = run[:place]
            break
    longest = 4 if run.startswith(DOUBLE_SURNAMES) else 3
    begins_well = run[0] in lexicon().surnames or run.startswith(DOUBLE_SURNAMES)
    if run in lexicon().no_names or len(run) > 4 or not (begins_well or 2 <= len(run) <= 4):
        return None
    name = run if len(run) <= longest or not begins_well else run[:longest]
    return Name(start, start + len(name), 1, name)
