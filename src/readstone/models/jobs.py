"""Answers and requests of the routes that look after jobs; the class name carries the version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import ConfigDict, SecretStr
from pydantic.dataclasses import dataclass

from readstone.jobs.job import Job, JobStatus
from readstone.models.ocr import Detail

EXAMPLE_ID = "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f"
EXAMPLE_JOB: dict[str, Any] = {
    "id": EXAMPLE_ID,
    "kind": "ocr",
    "status": "running",
    "progress": {"pages_done": 3, "pages_total": 10},
    "queue_position": None,
    "created_at": "2026-11-21T09:30:00Z",
    "started_at": "2026-11-21T09:30:02Z",
    "finished_at": None,
    "expires_at": None,
    "attempts": 1,
    "request_id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "durability": "durable",
    "error": None,
    "links": {
        "self": f"/v2/jobs/{EXAMPLE_ID}",
        "events": f"/v2/jobs/{EXAMPLE_ID}/events",
        "cancel": f"/v2/jobs/{EXAMPLE_ID}/cancel",
    },
}


@dataclass
class ProgressV2:
    """How many pages are done, of how many; null until that is known."""

    pages_done: int
    pages_total: int | None


@dataclass(config=ConfigDict(json_schema_extra={"examples": [EXAMPLE_JOB]}))
class JobV2:
    """Where a job stands.

    `queue_position` is 1 for the job that is begun next, `expires_at` when input and result are
    erased, `error` the problem for which it failed; a `volatile` job is lost with the process.
    `children` are the jobs of a batch, in the order of its files.
    """

    id: str
    kind: str
    status: JobStatus
    progress: ProgressV2
    queue_position: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    attempts: int
    request_id: str
    durability: str
    error: dict[str, Any] | None
    links: dict[str, str]
    children: list["JobV2"] | None = None

    @classmethod
    def from_job(
        cls,
        job: Job,
        *,
        queue_position: int | None,
        expires_at: datetime | None,
        durability: str,
        error: dict[str, Any] | None,
        root: str,
        children: list["JobV2"] | None = None,
    ) -> Self:
        """Return a job as it is told; its links begin with `root`."""
        own = f"{root}/v2/jobs/{job.id}"
        links = {"self": own, "events": f"{own}/events"}
        if job.status.has_result and children is None:
            links["result"] = f"{own}/result"
        if not job.status.is_terminal:
            links["cancel"] = f"{own}/cancel"
        return cls(
            id=job.id,
            kind=job.kind,
            status=job.status,
            progress=_sum(children) if children else _progress(job),
            queue_position=queue_position,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            expires_at=expires_at,
            attempts=job.attempts,
            request_id=job.request_id,
            durability=durability,
            error=error,
            links=links,
            children=children,
        )


def _progress(job: Job) -> ProgressV2:
    return ProgressV2(len(job.progress.done), job.progress.total)


def _sum(children: Sequence[JobV2]) -> ProgressV2:
    """Return how far a batch is; a file that was refused has no pages."""
    done = sum(child.progress.pages_done for child in children)
    totals = [child.progress.pages_total for child in children if not child.error]
    known = [total for total in totals if total is not None]
    return ProgressV2(done, sum(known) if len(known) == len(totals) else None)


@dataclass(
    config=ConfigDict(json_schema_extra={"examples": [{"jobs": [EXAMPLE_JOB], "next": None}]})
)
class JobListV2:
    """The newest jobs of the caller; `next` is the address of older ones, if there are any."""

    jobs: list[JobV2]
    next: str | None


@dataclass
class ResultRequestV2:
    """How a result is to be sent; `password` opens an encrypted PDF whose copy is wanted."""

    format: str | None = None
    detail: Detail = "word"
    password: SecretStr | None = None
    classify: str = ""
