"""Tests of api/events.py: who comes back hears what is new."""

import pytest

from readstone.api.events import page_events
from readstone.jobs.job import Job
from readstone.progress import PageDone, Progress
from tests.fakes import Clock

PAGES = (PageDone(2, 0.94321), PageDone(1, 0.5), PageDone(3, 0.0))


@pytest.mark.parametrize(
    ("last_id", "numbers"),
    [("", [2, 1, 3]), ("2.1", [1, 3]), ("2.3", []), ("1.2", [2, 1, 3]), ("junk", [2, 1, 3])],
    ids=["first time", "one seen", "all seen", "another attempt", "no id of these"],
)
def test_pages_are_told_once(last_id: str, numbers: list[int]) -> None:
    """In the order in which they were done, each with how many there are and how sure it is."""
    progress = Progress(3, PAGES)
    job = Job("1", "ocr", "alice", {}, Clock().moment(), attempts=2, progress=progress)
    events = list(page_events(job, last_id))
    assert [event.data["n"] for event in events] == numbers
    assert {event.data["of"] for event in events} <= {3}
    assert {event.event for event in events} <= {"page"}
    if numbers == [2, 1, 3]:
        assert [event.id for event in events] == ["2.1", "2.2", "2.3"]
        assert events[0].data["confidence"] == 0.9432
