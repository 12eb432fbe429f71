"""The trials of tests/stress in a short form: what is counted must be right, however fast."""

import pytest

from tests.stress.crashes import crashes
from tests.stress.flood import flood
from tests.stress.kills import kills
from tests.stress.overload import overload
from tests.stress.slow_clients import slow_clients
from tests.stress.soak import soak


def test_overload_is_refused_politely() -> None:
    """Under ten times the load some are read, and the others told when to come back."""
    (one,) = overload(rounds=1, seconds=1.5)
    assert one.calm.read
    assert one.pressed.read
    assert one.pressed.refusals.keys() <= {"429 caller_share", "503 queue_full"}
    assert one.pressed.refusals
    assert not one.pressed.errors + one.calm.errors


def test_a_flood_costs_others_nothing() -> None:
    """Quiet clients are read while one floods the line, and is refused."""
    (one,) = flood(rounds=1, seconds=1.5, per_second=120)
    assert len(one.quiet.read) == len(one.quiet.outcomes) > 0
    assert not one.flood.errors


def test_killed_workers_cost_nothing() -> None:
    """Every request is answered, and there are as many workers as before."""
    seen = kills(seconds=3, every_s=1, name="line")
    assert seen.killed
    assert len(seen.lost) <= seen.killed
    assert len(seen.tally.read) == len(seen.tally.outcomes) > 0


def test_slow_clients_are_let_go() -> None:
    """None stays for ever, and others are answered meanwhile."""
    seen = slow_clients(clients=20, body_s=1)
    assert seen.ends.total() == 20
    assert seen.ends.keys() == {"408", "closed"}
    assert seen.others.keys() == {"health 200", "picture 200"}


def test_nothing_is_left_of_requests() -> None:
    """A service that has answered all kinds of requests is as it was before."""
    tally, looks = soak(count=100)
    assert not tally.lost
    assert len({look.processes for look in looks}) == 1
    assert not any(look.scratch for look in looks)


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_killed_service_loses_nothing(on: str) -> None:
    """Jobs that were accepted end once, and uploads are whole, wherever they are kept."""
    seen = crashes(jobs=30, uploads=20, every_s=1.5, on=on)
    assert seen.ends == {"succeeded": len(seen.accepted.jobs)}
    assert seen.results == {"1 results": len(seen.accepted.jobs)}
    assert (seen.missing, seen.orphans[1]) == (0, 0)
