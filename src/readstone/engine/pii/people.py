"""People beside titles, salutations, closings, addresses, and by their given names."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from readstone.engine.pii.lexicon import DOUBLE_SURNAMES, HAN, any_of, lexicon
from readstone.engine.pii.names import LATIN, Name, read_name
from readstone.engine.pii.plain import Candidate
from readstone.findings import PiiKind

LINE_END = re.compile(r"[ ]?[,:;.!]?[ ]?(?:\n|$)")
# A name alone on the last line, or above the date there.
CHINESE_SIGNATURE = re.compile(
    rf"\n\n\s{{0,20}}([{HAN}]{{2,4}})\s{{0,20}}(?:\n\s{{0,20}}[\d年月日. -]{{8,20}}\s{{0,4}})?$"
)
# Places are called after them.
SAINTS = frozenset(
    ("San", "Santa", "Saint", "Sainte", "St", "Sankt", "Santo", "Sant", "Hotel", "Lake")
)
SALUTATION_END = re.compile(r"[ ]?[,:;!\n]|$")
MAILBOX = re.compile(r'"?[ ]{1,2}<[^<>\s]{1,64}[ ]?@')


def find_people(text: str, addresses: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield names of people.

    Args:
        addresses: that were found; a line above one may be a name.
    """
    yield from _beside_titles(text)
    yield from _saluted(text)
    yield from _introduced(text)
    yield from _signed(text)
    yield from _above(text, addresses)
    yield from _with_given_names(text)
    yield from _before_chinese_titles(text)


def _person(name: Name, confidence: float, rule: str) -> Candidate:
    return Candidate(PiiKind.PERSON, name.start, name.end, confidence, rule, name.value)


@cache
def _title_pattern() -> re.Pattern[str]:
    words = lexicon().titles
    title = any_of([*words, *(word.upper() for word in words if len(word) > 1)])
    # `M.` and `Me.` are titles only with their point, and not behind another initial.
    return re.compile(
        rf"(?<![\w.'-])(?<!\b[A-Z]\.[ ])(?:(?!(?:M|Me|ME|Fr|FR)\s){title}\.?\s{{1,2}})+(?={LATIN})"
    )


def _beside_titles(text: str) -> Iterator[Candidate]:
    for match in _title_pattern().finditer(text):
        if name := read_name(text, match.end()):
            yield _person(name, 0.9, "title")


@cache
def _salutation_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(lexicon().salutations)}[ ,]{{1,2}}(?={LATIN})")


def _saluted(text: str) -> Iterator[Candidate]:
    for match in _salutation_pattern().finditer(text):
        name = read_name(text, match.end())
        if name and name.words <= 3 and SALUTATION_END.match(text, name.end):
            yield _person(name, 0.8, "salutation")


@cache
def _introduction_pattern() -> re.Pattern[str]:
    words = any_of(lexicon().introductions)
    return re.compile(
        rf"(?<!\w){words}:?[ ]{{1,2}}(?={LATIN})|(?:我叫|我是|本人是?)(?=[{HAN}])", re.I
    )


def _introduced(text: str) -> Iterator[Candidate]:
    for match in _introduction_pattern().finditer(text):
        name = read_name(text, match.end())
        if name and (name.words > 1 or _is_credible(text[name.start : name.end])):
            yield _person(name, 0.75, "introduction")


def _is_credible(name: str) -> bool:
    """Return whether a single word is a name: a given name, or a Chinese one with its surname."""
    return name in lexicon().given_names or name.startswith(tuple(lexicon().surnames))


@cache
def _closing_pattern() -> re.Pattern[str]:
    words = any_of(lexicon().closings)
    return re.compile(
        rf"(?:^|(?<=[\n ])){words}[ ]?[,.!]?[ ]?\n\s{{0,6}}|敬礼\s{{1,6}}|此致\n\s{{0,6}}"
    )


def _signed(text: str) -> Iterator[Candidate]:
    if match := CHINESE_SIGNATURE.search(text):
        name = read_name(text, match.start(1))
        if name and _is_credible(match[1]):
            yield _person(name, 0.6, "signature")
    for match in _closing_pattern().finditer(text):
        name = read_name(text, match.end())
        if name and name.words <= 4 and LINE_END.match(text, name.end):
            yield _person(name, 0.8, "signature")


def _above(text: str, addresses: Iterable[Candidate]) -> Iterator[Candidate]:
    for address in addresses:
        line_start = text.rfind("\n", 0, address.start) + 1
        if text[line_start : address.start].strip() or line_start == 0:
            continue
        start = text.rfind("\n", 0, line_start - 1) + 1
        name = read_name(text, start)
        if name and name.words >= 2 and LINE_END.match(text, name.end):
            yield _person(name, 0.7, "above_address")


@cache
def _given_name_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w.'&/@#-])(?:(\w+)[ ])??({any_of(lexicon().given_names)})(?:-{LATIN}+)?(?=[ ,\n])"
    )


def _with_given_names(text: str) -> Iterator[Candidate]:
    for match in _given_name_pattern().finditer(text):
        if match[1] in SAINTS:
            continue
        if (name := read_name(text, match.start(2))) and name.words >= 2:
            rule = "mailbox" if MAILBOX.match(text, name.end) else "given_name"
            yield _person(name, 0.9 if rule == "mailbox" else 0.6, rule)


@cache
def _chinese_title_pattern() -> re.Pattern[str]:
    surname = (
        f"(?:{'|'.join(DOUBLE_SURNAMES)}|[{''.join(s for s in lexicon().surnames if len(s) == 1)}])"
    )
    return re.compile(rf"({surname}[{HAN}]{{0,2}}?)(?={any_of(lexicon().titles_behind)})")


def _before_chinese_titles(text: str) -> Iterator[Candidate]:
    for match in _chinese_title_pattern().finditer(text):
        if match[1] not in lexicon().no_names:
            yield Candidate(PiiKind.PERSON, *match.span(1), 0.9, "title", match[1])
