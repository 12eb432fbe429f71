"""The trials of tests/stress in a short form: what is counted must be right, however fast."""

import pytest

from tests.stress.cores import cores
from tests.stress.crashes import crashes
from tests.stress.disk import REFUSALS, disk, may_mount
from tests.stress.flood import flood
from tests.stress.kills import kills
from tests.stress.overload import overload
from tests.stress.slow_clients import slow_clients
from tests.stress.soak import soak
from tests.stress.stops import stops


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


@pytest.mark.skipif(not may_mount(), reason="a file system cannot be mounted here")
@pytest.mark.parametrize("trouble", REFUSALS)
def test_disk_in_trouble_loses_nothing(trouble: str) -> None:
    """New work is refused in words while the disk is full or read-only, and then taken again."""
    seen = disk(trouble, seconds=1)
    assert seen.ends == {"succeeded": len(seen.jobs)}
    taken = {"202 accepted", "200 read"}
    assert seen.answers["before"].keys() == seen.answers["after"].keys() == taken
    assert {"200 read", REFUSALS[trouble]} <= seen.answers["during"].keys()
    assert seen.answers["during"].keys() <= taken | {REFUSALS[trouble]}


def test_stopped_service_loses_nothing() -> None:
    """However often it is told to stop, once or twice, no job has lost an attempt by it."""
    seen = stops(jobs=40, every_s=0.5, name="line")
    jobs = len(seen.senders.accepted.jobs)
    assert seen.ends == {"succeeded": jobs}
    assert seen.attempts == {"1 attempts": jobs}
    assert seen.senders.statuses.keys() <= {200, 503}
    assert seen.stops.keys() == {"with 0, 0 left behind"}


def test_core_is_free_when_nobody_wants_the_work() -> None:
    """Whether it is canceled, left alone or too late; and poison is tried three times."""
    seen = cores(rounds=1)
    assert seen.freed_s.keys() == {"cancel", "client gone", "deadline"}
    assert seen.poisoned == {"failed after 3 attempts": 1}
    assert seen.others == {"read": 1}
    assert not seen.left
