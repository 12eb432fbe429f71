"""What was found once is found wherever it stands again."""

import re
from collections.abc import Iterator

from readstone.engine.pii.lexicon import HAN, any_of, lexicon
from readstone.engine.pii.plain import Candidate
from readstone.findings import PiiKind

SHORTEST = 3  # shorter parts of names are words of some language too often
LESS = 0.1


def same_people(found: list[Candidate], text: str) -> list[Candidate]:
    """Return what was found, those people whose one name is part of a longer one with its value."""
    whole: dict[str, str] = {}
    for person in (each for each in found if each.kind is PiiKind.PERSON):
        for part in list(_parts(text[person.start : person.end], shortest=1))[1:]:
            whole.setdefault(part, person.value)
    return [
        each._replace(value=whole[words])
        if each.kind is PiiKind.PERSON and (words := text[each.start : each.end]) in whole
        else each
        for each in found
    ]


def find_repeats(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Yield further places of people that were found, by their whole names or parts of them."""
    wanted: dict[str, Candidate] = {}
    for person in (each for each in found if each.kind is PiiKind.PERSON):
        for part in _parts(text[person.start : person.end], shortest=SHORTEST):
            wanted.setdefault(part, person)
    if not wanted:
        return
    pattern = re.compile(rf"(?<![^\W{HAN}]){any_of(wanted)}(?![^\W{HAN}])")
    for match in pattern.finditer(text):
        person = wanted[re.sub(r"\s+", " ", match[0])]
        confidence = max(0.0, person.confidence - LESS)
        yield Candidate(PiiKind.PERSON, *match.span(), confidence, "repeat", person.value)


def _parts(name: str, *, shortest: int) -> Iterator[str]:
    """Yield a name, and the parts of it that say who it is."""
    whole = " ".join(name.split())
    yield whole
    parts = re.split(r"[ ,]+", whole)
    for part in parts if len(parts) > 1 else ():
        if len(part) >= shortest and part[0].isupper() and part.lower() not in lexicon().no_names:
            yield part
