"""A job: its states and the only steps between them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.errors import Conflict, ReadstoneError


class JobStatus(StrEnum):
    """Where a job stands; the last four are for ever."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_terminal(self) -> bool:
        """Whether no step leads from here."""
        return not STEPS[self]


STEPS: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.QUEUED: frozenset({JobStatus.RUNNING, JobStatus.FAILED, JobStatus.CANCELED}),
    JobStatus.RUNNING: frozenset(
        {JobStatus.SUCCEEDED, JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELED}
    ),
    JobStatus.SUCCEEDED: frozenset(),
    JobStatus.PARTIAL: frozenset(),
    JobStatus.FAILED: frozenset(),
    JobStatus.CANCELED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be read later; its input lies in the storage under its id."""

    id: str
    caller: str
    options: OcrOptions
    created_at: datetime
    status: JobStatus = JobStatus.QUEUED
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result: Document | None = None
    error: ReadstoneError | None = None

    def started(self, at: datetime) -> Self:
        """Return the job as running."""
        return replace(self._step(JobStatus.RUNNING), started_at=at)

    def succeeded(self, at: datetime, result: Document) -> Self:
        """Return the job as ended, with its result; without some of its pages it is partial."""
        status = JobStatus.PARTIAL if result.is_partial else JobStatus.SUCCEEDED
        return replace(self._step(status), finished_at=at, result=result)

    def failed(self, at: datetime, error: ReadstoneError) -> Self:
        """Return the job as ended, with the reason."""
        return replace(self._step(JobStatus.FAILED), finished_at=at, error=error)

    def canceled(self, at: datetime) -> Self:
        """Return the job as ended because somebody wished so."""
        return replace(self._step(JobStatus.CANCELED), finished_at=at)

    def _step(self, to: JobStatus) -> Self:
        if to not in STEPS[self.status]:
            raise Conflict(f"a job that is {self.status} cannot become {to}")
        return replace(self, status=to)
