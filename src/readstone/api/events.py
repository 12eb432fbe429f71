"""What the stream of a job tells of its pages (server-sent events)."""

from collections.abc import Iterator

from fastapi.sse import ServerSentEvent

from readstone.jobs.job import Job

EXAMPLE_EVENTS = """\
event: page
data: {"n": 1, "of": 2, "confidence": 0.94}
id: 1.1

event: page
data: {"n": 2, "of": 2, "confidence": 0.91}
id: 1.2

event: ended
data: {"id": "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f", "status": "succeeded", ...}

"""


def page_events(job: Job, last_id: str) -> Iterator[ServerSentEvent]:
    """Yield the pages that are done after the event with this id; all, when it is none of these.

    An id holds the attempt as well, since another one begins with the first page again.
    """
    ids = [f"{job.attempts}.{count}" for count in range(1, len(job.progress.done) + 1)]
    known = ids.index(last_id) + 1 if last_id in ids else 0
    for event_id, page in list(zip(ids, job.progress.done, strict=True))[known:]:
        told = {"n": page.number, "of": job.progress.total, "confidence": round(page.confidence, 4)}
        yield ServerSentEvent(event="page", data=told, id=event_id)
