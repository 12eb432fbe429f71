"""A job: its states and the only steps between them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from readstone.errors import Conflict, GaveUp, ReadstoneError
from readstone.progress import Progress

MAX_ATTEMPTS = 3
BATCH = "batch"
FOLDERS = INPUTS, RESULTS = "inputs/", "results/"


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended; from there it can only be forgotten."""
        return self not in LIVE

    @property
    def has_result(self) -> bool:
        """Whether there is something to fetch."""
        return self in (JobStatus.SUCCEEDED, JobStatus.PARTIAL)


LIVE = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})
STEPS: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.QUEUED: frozenset({JobStatus.RUNNING, JobStatus.FAILED, JobStatus.CANCELED}),
    JobStatus.RUNNING: frozenset(JobStatus) - {JobStatus.RUNNING, JobStatus.EXPIRED},
    JobStatus.SUCCEEDED: frozenset({JobStatus.EXPIRED}),
    JobStatus.PARTIAL: frozenset({JobStatus.EXPIRED}),
    JobStatus.FAILED: frozenset({JobStatus.EXPIRED}),
    JobStatus.CANCELED: frozenset({JobStatus.EXPIRED}),
    JobStatus.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done later; its input and its result lie in the storage.

    Attributes:
        kind: what is to be done: a name of `kinds.KINDS`; or BATCH, which ends with the last of the
            jobs whose parent it is.
        request: how it is to be done, as its kind understands it; only without its `password` it is
            kept with a result.
        size_bytes: of the input.
        fingerprint: the same for work that need not be done twice.
        parent: the id of the batch that it belongs to.
        attempts: how often it was begun; counts against MAX_ATTEMPTS.
        owner: the process that works at it.
        callback: the target that is told when it has ended.
    """

    id: str
    kind: str
    caller: str
    request: Mapping[str, Any]
    created_at: datetime
    size_bytes: int = 0
    request_id: str = ""
    fingerprint: str | None = None
    parent: str | None = None
    status: JobStatus = JobStatus.QUEUED
    attempts: int = 0
    owner: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    progress: Progress = field(default_factory=Progress)
    error: ReadstoneError | None = None
    callback: str | None = None

    @property
    def is_batch(self) -> bool:
        """Whether it is done by doing the jobs whose parent it is."""
        return self.kind == BATCH

    @property
    def input_key(self) -> str:
        """Where its input lies in the storage."""
        return f"{INPUTS}{self.id}"

    @property
    def result_key(self) -> str:
        """Where its result lies; another attempt cannot write over it."""
        return f"{RESULTS}{self.id}.{self.attempts}"

    @property
    def result_keys(self) -> list[str]:
        """Where any of its attempts may have left a result."""
        return [f"{RESULTS}{self.id}.{attempt}" for attempt in range(1, self.attempts + 1)]

    def started(self, at: datetime, owner: str) -> Self:
        """Return the job as begun by a process."""
        return replace(
            self._step(JobStatus.RUNNING),
            started_at=at,
            owner=owner,
            attempts=self.attempts + 1,
            progress=Progress(),
        )

    def requeued(self) -> Self:
        """Return the job as waiting again, as if it had not been begun."""
        return replace(self._step(JobStatus.QUEUED), owner=None, attempts=self.attempts - 1)

    def interrupted(self, at: datetime, error: ReadstoneError | None = None) -> Self:
        """Return the job as waiting for its next attempt, or as failed after the last one."""
        if self.attempts < MAX_ATTEMPTS:
            return replace(self._step(JobStatus.QUEUED), owner=None)
        return self.failed(
            at,
            error or GaveUp(f"{self.attempts} attempts ended with their process; it was given up"),
        )

    def succeeded(self, at: datetime, *, is_partial: bool) -> Self:
        """Return the job as ended with a result."""
        return self._ended(JobStatus.PARTIAL if is_partial else JobStatus.SUCCEEDED, at)

    def failed(self, at: datetime, error: ReadstoneError) -> Self:
        """Return the job as ended, with the reason."""
        return replace(self._ended(JobStatus.FAILED, at), error=error)

    def canceled(self, at: datetime) -> Self:
        """Return the job as ended because somebody wished so."""
        return self._ended(JobStatus.CANCELED, at)

    def ended_with(self, statuses: Collection[JobStatus], at: datetime) -> Self:
        """Return a batch as ended, by how the jobs have ended whose parent it is."""
        if any(status.has_result for status in statuses):
            return self.succeeded(at, is_partial=set(statuses) != {JobStatus.SUCCEEDED})
        was_canceled = JobStatus.CANCELED in statuses
        return self._ended(JobStatus.CANCELED if was_canceled else JobStatus.FAILED, at)

    def expired(self) -> Self:
        """Return what is left of a job whose result is no longer kept."""
        return replace(self._step(JobStatus.EXPIRED), fingerprint=None, request={})

    def _ended(self, to: JobStatus, at: datetime) -> Self:
        return replace(
            self._step(to),
            finished_at=at,
            owner=None,
            request=_without_password(self.request) if to.has_result else {},
            # Work that brought nothing may be asked for again.
            fingerprint=self.fingerprint if to.has_result else None,
        )

    def _step(self, to: JobStatus) -> Self:
        if to not in STEPS[self.status]:
            raise Conflict(f"a job that is {self.status} cannot become {to}")
        return replace(self, status=to)


def job_id_of(key: str) -> str:
    """Return the id of the job whose input or result lies under a key."""
    return key.rpartition("/")[2].partition(".")[0]


def _without_password(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in request.items() if name != "password"}
