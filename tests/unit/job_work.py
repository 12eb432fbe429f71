"""Jobs that are taken in and done within a test, with room for few."""

from readstone import desk, working
from readstone.jobs.job import Job
from readstone.jobs.runner import Run
from readstone.parts import Parts

CONFIG = {
    "JOBS__MAX_JOBS": "3",
    "JOBS__MAX_BYTES": "1000",
    "JOBS__WAIT_S": "90",
    "LIMITS__BODY_BYTES": "900",
    "METRICS__REPORTER": "none",
}


async def accept(parts: Parts, data: bytes = b"no picture", caller: str = "alice") -> Job:
    """Take in a job."""
    return await desk.accept(parts, desk.new_job(parts, caller, "ocr", data, {}), data)


async def run(parts: Parts) -> Job:
    """Do the next job, and return it as it is then."""
    claimed = await parts.jobs.claim("me")
    assert claimed
    await working.run_job(parts, Run(claimed))
    return await parts.jobs.load(claimed.id)
