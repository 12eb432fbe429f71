"""Postal addresses: a street with a number, a postcode with a town, or both."""

from collections.abc import Iterator

from readstone.engine.pii.address_patterns import (
    POST_BOX,
    chinese,
    streets,
    town_behind,
    towns,
)
from readstone.engine.pii.plain import Candidate
from readstone.findings import PiiKind


def find_addresses(text: str) -> Iterator[Candidate]:
    """Yield addresses: streets with the town behind them, towns by their postcodes."""
    for pattern in streets():
        for street in pattern.finditer(text):
            town = town_behind().match(text, street.end())
            start, end = street.start(), (town or street).end()
            yield _address(text, start, end, 0.9 if town else 0.65, "street")
    for pattern in towns():
        for match in pattern.finditer(text):
            yield _address(text, *match.span(), 0.6, "postcode_town")
    for match in POST_BOX.finditer(text):
        yield _address(text, *match.span(), 0.75, "post_box")
    for match in chinese().finditer(text):
        yield _address(text, *match.span(), 0.85, "chinese_address")


def extended(text: str, address: Candidate) -> Candidate:
    """Return an address that a label announced, with the town that stands behind it."""
    town = town_behind().match(text, address.end)
    return address._replace(end=town.end()) if town else address


def _address(text: str, start: int, end: int, confidence: float, rule: str) -> Candidate:
    end = start + len(text[start:end].rstrip(" .,'-"))
    return Candidate(PiiKind.ADDRESS, start, end, confidence, rule)
