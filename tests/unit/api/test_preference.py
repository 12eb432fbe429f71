"""Tests of api/preference.py: what clients say they prefer."""

import pytest

from readstone.api.preference import MAX_WAIT_S, Preference, preference

HEADERS = {
    "": Preference(),
    "respond-async": Preference(wants_job=True),
    "Respond-Async": Preference(wants_job=True),
    "wait=5": Preference(5),
    'wait = "7"': Preference(7),
    "respond-async, wait=10": Preference(10, wants_job=True),
    "return=minimal, wait=3; foo=bar": Preference(3),
    "wait=100000": Preference(MAX_WAIT_S),
    "wait=soon": Preference(),
    "wait=-1": Preference(),
    "wait=²": Preference(),
    ",;=": Preference(),
}


@pytest.mark.parametrize("header", HEADERS)
def test_preference_is_understood(header: str) -> None:
    """What cannot be understood is no preference, and never a refusal."""
    assert preference({"prefer": header}) == HEADERS[header]


def test_what_is_heeded_is_told() -> None:
    """An answer names the preference that decided."""
    assert Preference(wants_job=True).headers == {"Preference-Applied": "respond-async"}
    assert Preference(2.5, wants_job=True).headers == {"Preference-Applied": "wait=2.5"}
    assert Preference().headers == {}
