"""Tests of jobs/line.py: a place in the line is when one is served."""

import pytest

from readstone.jobs.line import place

QUEUES = {"alice": 3, "bob": 1, "carol": 2}
SERVED = {
    "": "alice bob carol alice carol alice",
    "alice": "bob carol alice carol alice alice",
    "carol": "alice bob carol alice carol alice",
}


@pytest.mark.parametrize("served", SERVED)
def test_places_are_those_of_the_turns(served: str) -> None:
    """Whoever had the last turn, everybody else has one before the next."""
    turns: dict[str, int] = {}
    for expected, caller in enumerate(SERVED[served].split(), 1):
        turns[caller] = turns.get(caller, 0) + 1
        assert place(QUEUES, served, caller, turns[caller]) == expected
