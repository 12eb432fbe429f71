"""Tests of jobs/presence.py: processes know of each other whether they live."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from readstone.jobs.presence import Presence

LIVE_ON = """
import sys
from pathlib import Path
from readstone.jobs.presence import Presence
presence = Presence(Path(sys.argv[1]))
print(presence.id, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Presence]:
    """The mark of this process."""
    presence = Presence(tmp_path)
    yield presence
    presence.end()


def test_process_is_over_when_it_was_killed(mine: Presence, tmp_path: Path) -> None:
    """Nobody has to tidy up for that; then its mark can go."""
    with subprocess.Popen(
        [sys.executable, "-c", LIVE_ON, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        owner = other.stdout.readline().strip()
        assert not mine.is_over(owner)
        other.kill()
        other.wait()
        assert mine.is_over(owner)
    mine.sweep()
    assert {path.name for path in tmp_path.iterdir()} == {mine.id}


def test_own_process_lives(mine: Presence) -> None:
    """Nobody takes this process for dead, itself included."""
    assert not mine.is_over(mine.id)


def test_process_of_another_machine_may_live(mine: Presence) -> None:
    """Of whom there is no mark here nothing is known."""
    assert not mine.is_over("somewhere else")


def test_end_leaves_no_mark(mine: Presence, tmp_path: Path) -> None:
    """A process that stops well takes its mark away."""
    mine.end()
    assert list(tmp_path.iterdir()) == []
