"""Finds personal data in a text: asks every rule, and chooses where they contradict each other."""

import re
from collections.abc import Collection, Iterable, Iterator

from readstone.engine.pii.addresses import extended, find_addresses
from readstone.engine.pii.digits import find_cards, find_ibans, find_phones
from readstone.engine.pii.identities import find_identities
from readstone.engine.pii.labels import find_labels, labelled
from readstone.engine.pii.online import find_emails, find_ips
from readstone.engine.pii.people import find_people
from readstone.engine.pii.plain import Candidate, plain_text
from readstone.engine.pii.repeats import find_repeats, same_people
from readstone.findings import PiiKind, PiiSpan

SIMPLE_RULES = (find_emails, find_ips, find_ibans, find_cards, find_identities, find_phones)


def find_personal_data(text: str, kinds: Collection[PiiKind] = tuple(PiiKind)) -> list[PiiSpan]:
    """Return the personal data of these kinds in a text, in its order; none overlaps another."""
    plain = plain_text(text)
    chosen = same_people(_chosen(_candidates(plain)), plain)
    chosen = _chosen([*chosen, *find_repeats(plain, chosen)])
    return [_span(text, each) for each in chosen if each.kind in kinds]


def _candidates(text: str) -> Iterator[Candidate]:
    labels = list(find_labels(text))
    announced = list(labelled(text, labels))
    addresses = list(find_addresses(text))
    for each in announced:
        is_address = each.kind is PiiKind.ADDRESS
        yield extended(text, each) if is_address else each
    yield from addresses
    yield from find_people(text, addresses)
    for rule in SIMPLE_RULES:
        yield from rule(text)


def _chosen(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the surest candidates, of equals the longest, that do not overlap, in their order."""
    chosen: list[Candidate] = []
    taken = bytearray()
    for each in sorted(candidates, key=lambda one: (-one.confidence, one.start - one.end)):
        taken.extend(bytes(max(0, each.end - len(taken))))
        if not any(taken[each.start : each.end]):
            taken[each.start : each.end] = b"\1" * (each.end - each.start)
            chosen.append(each)
    return sorted(chosen, key=lambda one: one.start)


def _span(text: str, found: Candidate) -> PiiSpan:
    assert found.kind
    words = text[found.start : found.end]
    value = found.value or re.sub(r"[\s.,;:/-]+", "", words).casefold()
    return PiiSpan(found.kind, found.start, found.end, words, found.confidence, found.rule, value)
