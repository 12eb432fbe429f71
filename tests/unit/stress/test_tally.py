"""What the stress client counts and shows."""

from pathlib import Path

import pytest
from PIL import Image

from tests.stress.tally import Outcome, Tally, draw, table


@pytest.fixture
def tally() -> Tally:
    """Eight requests of every fate."""
    ends = [
        Outcome("sync", 0.0, 1.0, "ok"),
        Outcome("sync", 0.0, 3.0, "ok"),
        Outcome("sync", 1.0, 0.1, "503 queue_full"),
        Outcome("sync", 1.0, 0.1, "500 internal_error"),
        Outcome("async", 1.0, 3.0, "ok", "a"),
        Outcome("async", 1.0, 3.0, "job failed", "b"),
        Outcome("async", 1.0, 3.0, "job 404", "c"),
        Outcome("async", 1.0, 0.1, "ConnectError"),
    ]
    return Tally(ends)


def test_a_refusal_is_no_error(tally: Tally) -> None:
    """A full line is told apart from what must not happen."""
    assert tally.refusals == {"503 queue_full": 1}
    assert tally.errors == {
        "500 internal_error": 1,
        "job failed": 1,
        "job 404": 1,
        "ConnectError": 1,
    }


def test_a_job_is_lost_when_it_was_accepted_and_has_no_end(tally: Tally) -> None:
    """A failed job has ended; one that is not known any more has not."""
    assert (tally.accepted, tally.lost) == (3, ["c"])


def test_rate_counts_texts_until_the_last_answer(tally: Tally) -> None:
    """Three texts in four seconds."""
    assert tally.rate == pytest.approx(0.75)
    assert Tally().rate == 0


def test_table_fits_a_terminal(tally: Tally) -> None:
    """Percentiles of what was read, then refusals, failures and jobs, in 80 columns."""
    rows = table(tally).splitlines()
    assert max(map(len, rows)) <= 80
    assert rows[2].split() == ["sync", "4", "2", "2.000s", "2.800s", "2.980s", "3.000s"]
    assert rows[-1] == "jobs          3  accepted, 1 of them not ended"


def test_plot_is_a_picture(tally: Tally, tmp_path: Path) -> None:
    """The file can be opened, and shows something."""
    draw(tally, tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as image:
        assert len(image.convert("L").getcolors() or []) > 2
