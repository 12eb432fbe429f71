"""Tests of jobs/job.py: the only steps from one state to another."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.errors import Conflict, EngineFailed
from readstone.jobs.job import STEPS, Job, JobStatus

THEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW = THEN + timedelta(seconds=5)
RESULT = Document((), "e", "1")
ERROR = EngineFailed("it broke")

MOVES: dict[JobStatus, Callable[[Job], Job]] = {
    JobStatus.RUNNING: lambda job: job.started(NOW),
    JobStatus.SUCCEEDED: lambda job: job.succeeded(NOW, RESULT),
    JobStatus.FAILED: lambda job: job.failed(NOW, ERROR),
    JobStatus.CANCELED: lambda job: job.canceled(NOW),
}
ALLOWED = {
    (JobStatus.QUEUED, JobStatus.RUNNING),
    (JobStatus.QUEUED, JobStatus.FAILED),
    (JobStatus.QUEUED, JobStatus.CANCELED),
    (JobStatus.RUNNING, JobStatus.SUCCEEDED),
    (JobStatus.RUNNING, JobStatus.FAILED),
    (JobStatus.RUNNING, JobStatus.CANCELED),
}


def job(status: JobStatus = JobStatus.QUEUED) -> Job:
    """Return a job in a state."""
    return Job("1", "alice", OcrOptions(), THEN, status)


@pytest.mark.parametrize("to", MOVES)
@pytest.mark.parametrize("status", JobStatus)
def test_only_declared_steps_are_taken(status: JobStatus, to: JobStatus) -> None:
    """Every other step is a conflict, and the job stays as it was."""
    before = job(status)
    if (status, to) in ALLOWED:
        assert MOVES[to](before).status is to
    else:
        with pytest.raises(Conflict, match=f"{status} cannot become {to}"):
            MOVES[to](before)
    assert before == job(status)


def test_end_is_for_ever() -> None:
    """No step leads from the four ends, and some step from all other states."""
    ends = {status for status in JobStatus if status.is_terminal}
    assert ends == {
        JobStatus.SUCCEEDED,
        JobStatus.PARTIAL,
        JobStatus.FAILED,
        JobStatus.CANCELED,
    }
    assert STEPS.keys() == set(JobStatus)


def test_job_remembers_when_it_began_and_ended() -> None:
    """Each step writes its own time, and leaves the others."""
    running = job().started(NOW)
    assert (running.created_at, running.started_at, running.finished_at) == (THEN, NOW, None)
    later = NOW + timedelta(seconds=1)
    ended = running.succeeded(later, RESULT)
    assert (ended.started_at, ended.finished_at) == (NOW, later)
    assert (ended.result, ended.error) == (RESULT, None)


def test_failed_job_has_a_reason() -> None:
    """An end without a result says why."""
    failed = job().failed(NOW, ERROR)
    assert (failed.finished_at, failed.result, failed.error) == (NOW, None, ERROR)
    assert job().canceled(NOW).finished_at == NOW
