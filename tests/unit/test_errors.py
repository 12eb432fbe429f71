"""Tests of errors.py: each error has a code of its own, and survives the way between processes."""

import pickle
import re

import pytest

from readstone import errors
from readstone.errors import ReadstoneError

FAMILY = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ReadstoneError)
]


def test_codes_are_unique() -> None:
    """A code tells which error it is."""
    assert len({kind.code for kind in FAMILY}) == len(FAMILY)


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_code_is_a_stable_word(kind: type[ReadstoneError]) -> None:
    """Codes are lower case words that fit into an address."""
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_error_survives_pickling(kind: type[ReadstoneError]) -> None:
    """Kind, message and facts arrive in another process."""
    arrived = pickle.loads(pickle.dumps(kind("send less", limit=3, setting="limits.pixels")))
    assert type(arrived) is kind
    assert arrived.detail == str(arrived) == "send less"
    assert arrived.facts == {"limit": 3, "setting": "limits.pixels"}


def test_only_passing_states_are_retryable() -> None:
    """Sending the same again helps when the service was at fault, not when the input was."""
    assert {kind.__name__ for kind in FAMILY if kind.retryable} == {
        "QueueFull",
        "StoreFull",
        "StorageFull",
        "StorageFailed",
        "Draining",
        "NotReady",
        "EngineFailed",
        "RateLimited",
        "CallerShare",
    }
