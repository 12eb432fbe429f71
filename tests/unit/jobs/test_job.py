"""Tests of jobs/job.py: the only steps from one state to another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from readstone.errors import Conflict, EngineFailed, GaveUp
from readstone.jobs.job import LIVE, MAX_ATTEMPTS, STEPS, Job, JobStatus
from readstone.progress import PageDone, Progress

THEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW = THEN + timedelta(seconds=5)
ERROR = EngineFailed("it broke")

MOVES: dict[str, tuple[JobStatus, Callable[[Job], Job]]] = {
    "started": (JobStatus.RUNNING, lambda job: job.started(NOW, "me")),
    "requeued": (JobStatus.QUEUED, lambda job: job.requeued()),
    "interrupted": (JobStatus.QUEUED, lambda job: job.interrupted(NOW)),
    "succeeded": (JobStatus.SUCCEEDED, lambda job: job.succeeded(NOW, is_partial=False)),
    "partial": (JobStatus.PARTIAL, lambda job: job.succeeded(NOW, is_partial=True)),
    "failed": (JobStatus.FAILED, lambda job: job.failed(NOW, ERROR)),
    "canceled": (JobStatus.CANCELED, lambda job: job.canceled(NOW)),
    "expired": (JobStatus.EXPIRED, lambda job: job.expired()),
}
ENDS = {JobStatus.SUCCEEDED, JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELED}
ALLOWED = {
    (JobStatus.QUEUED, JobStatus.RUNNING),
    (JobStatus.QUEUED, JobStatus.FAILED),
    (JobStatus.QUEUED, JobStatus.CANCELED),
    (JobStatus.RUNNING, JobStatus.QUEUED),
    *((JobStatus.RUNNING, end) for end in ENDS),
    *((end, JobStatus.EXPIRED) for end in ENDS),
}


def job(status: JobStatus = JobStatus.QUEUED) -> Job:
    """Return a job in a state."""
    return Job("1", "ocr", "alice", {"psm": 3}, THEN, fingerprint="f", status=status)


def running(attempts: int = 1) -> Job:
    """Return a job that runs."""
    return replace(job().started(NOW, "me"), attempts=attempts)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("status", JobStatus)
def test_only_declared_steps_are_taken(status: JobStatus, move: str) -> None:
    """Every other step is a conflict, and the job stays as it was."""
    to, step = MOVES[move]
    before = job(status)
    if (status, to) in ALLOWED:
        assert step(before).status is to
    else:
        with pytest.raises(Conflict, match=f"{status} cannot become {to}"):
            step(before)
    assert before == job(status)


def test_end_is_for_ever() -> None:
    """From the four ends a job can only be forgotten, and from there no step leads anywhere."""
    assert {status for status in JobStatus if status.is_terminal} == ENDS | {JobStatus.EXPIRED}
    assert {status for status in JobStatus if status.has_result} == {
        JobStatus.SUCCEEDED,
        JobStatus.PARTIAL,
    }
    assert set(STEPS) == set(JobStatus)
    assert not LIVE & ENDS


def test_job_remembers_when_it_began_and_ended() -> None:
    """Each step writes its own time, and leaves the others."""
    assert (running().created_at, running().started_at, running().finished_at) == (THEN, NOW, None)
    later = NOW + timedelta(seconds=1)
    ended = running().succeeded(later, is_partial=False)
    assert (ended.started_at, ended.finished_at, ended.owner) == (NOW, later, None)


def test_attempt_begins_anew() -> None:
    """It has an owner, counts, and is at the first page again."""
    far = replace(running(), progress=Progress(2, (PageDone(1, 0.9),)))
    again = far.interrupted(NOW).started(NOW, "another")
    assert (again.attempts, again.owner, again.progress) == (2, "another", Progress())


def test_work_that_is_given_back_costs_no_attempt() -> None:
    """A stop of the service is not the job's fault."""
    back = running(MAX_ATTEMPTS).requeued()
    assert (back.attempts, back.owner) == (MAX_ATTEMPTS - 1, None)


def test_last_attempt_that_is_interrupted_is_a_failure() -> None:
    """A job whose process ends every time is not tried for ever."""
    assert running(MAX_ATTEMPTS - 1).interrupted(NOW).status is JobStatus.QUEUED
    assert isinstance(running(MAX_ATTEMPTS).interrupted(NOW).error, GaveUp)
    assert running(MAX_ATTEMPTS).interrupted(NOW, ERROR).error is ERROR


def test_attempts_cannot_write_over_each_other() -> None:
    """Each has its own place for the result, and all places are known."""
    assert running(1).result_key != running(2).result_key
    assert running(2).result_keys == [running(1).result_key, running(2).result_key]


@pytest.mark.parametrize("move", ["succeeded", "partial", "failed", "canceled"])
def test_end_forgets_what_nobody_needs(move: str) -> None:
    """A password goes; only work that brought something need not be done again."""
    ended = MOVES[move][1](replace(running(), request={"psm": 3, "password": "secret"}))
    assert ended.finished_at == NOW
    brought = ({"psm": 3}, "f") if ended.status.has_result else ({}, None)
    assert (ended.request, ended.fingerprint) == brought
    assert (ended.expired().request, ended.expired().fingerprint) == ({}, None)
