"""A job as a row of its table, and back."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from readstone.errors import ReadstoneError, error_of_code
from readstone.jobs.job import Job, JobStatus
from readstone.progress import PageDone, Progress

NAMES = tuple(field.name for field in fields(Job))


def to_row(job: Job) -> dict[str, Any]:
    """Return the values of a job by the names of the columns."""
    values = {name: getattr(job, name) for name in NAMES}
    return values | {
        "request": dict(job.request),
        "progress": to_json(job.progress),
        "error": _error_to_json(job.error),
    }


def to_job(row: Row[Any]) -> Job:
    """Return the job of a row."""
    values = {name: row._mapping[name] for name in NAMES}
    return Job(
        **values
        | {
            "status": JobStatus(row.status),
            "progress": _to_progress(row.progress),
            "error": row.error and error_of_code(**row.error),
        }
    )


def to_json(progress: Progress) -> dict[str, Any]:
    """Return how far a job has come, as JSON."""
    return asdict(progress)


def _to_progress(kept: dict[str, Any]) -> Progress:
    return Progress(kept["total"], tuple(PageDone(**page) for page in kept["done"]))


def _error_to_json(error: ReadstoneError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {"code": error.code, "detail": error.detail, "facts": dict(error.facts)}
