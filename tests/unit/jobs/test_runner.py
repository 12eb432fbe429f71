"""Tests of jobs/runner.py: jobs run in order, so many at a time, and end in good time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from readstone.jobs.runner import JobRunner
from tests.unit.processes import until

pytestmark = pytest.mark.anyio


class Work:
    """What a runner runs: jobs that go on until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.go = asyncio.Event()

    async def __call__(self, job_id: str) -> None:
        self.begun.append(job_id)
        await self.go.wait()
        if job_id == "bad":
            raise RuntimeError("nobody thought of this")
        self.ended.append(job_id)


@pytest.fixture
async def work() -> Work:
    """Jobs that wait for a word."""
    return Work()


@pytest.fixture
async def runner(work: Work) -> AsyncIterator[JobRunner]:
    """A runner of two jobs at a time."""
    runner = JobRunner(concurrency=2)
    runner.start(work)
    yield runner
    await runner.stop()


async def submit(runner: JobRunner, *job_ids: str) -> None:
    """Put jobs into the line."""
    for job_id in job_ids:
        await runner.submit(job_id)


async def test_so_many_jobs_run_at_a_time(runner: JobRunner, work: Work) -> None:
    """The first two begin, the others wait."""
    await submit(runner, "a", "b", "c", "d")
    await until(lambda: work.begun == ["a", "b"])
    assert runner.backlog == 2
    work.go.set()
    await until(lambda: sorted(work.ended) == ["a", "b", "c", "d"])
    assert runner.backlog == 0


async def test_jobs_wait_for_the_start(work: Work) -> None:
    """A job may be submitted before there is anybody to run it."""
    runner = JobRunner(concurrency=1)
    await runner.submit("a")
    assert runner.backlog == 1
    work.go.set()
    runner.start(work)
    await runner.drain(grace_s=5)
    assert work.ended == ["a"]
    await runner.stop()


async def test_runner_survives_a_job_that_breaks(runner: JobRunner, work: Work) -> None:
    """What a job raises is logged, and the next one runs."""
    work.go.set()
    with capture_logs() as lines:
        await submit(runner, "bad", "bad", "bad", "good")
        await until(lambda: work.ended == ["good"])
    assert [line["job_id"] for line in lines if line["log_level"] == "error"] == ["bad"] * 3


async def test_drain_waits_for_running_and_waiting_jobs(runner: JobRunner, work: Work) -> None:
    """A graceful stop lets every accepted job end."""
    await submit(runner, "a", "b", "c")
    draining = asyncio.create_task(runner.drain(grace_s=30))
    await until(lambda: work.begun == ["a", "b"])
    assert not draining.done()
    work.go.set()
    await draining
    assert sorted(work.ended) == ["a", "b", "c"]


async def test_drain_of_nothing_returns(runner: JobRunner) -> None:
    """Without a job there is nothing to wait for."""
    await runner.drain(grace_s=5)


async def test_drain_gives_up_after_the_grace_time(runner: JobRunner, work: Work) -> None:
    """A job that does not end holds the stop up for the grace time and no longer."""
    await submit(runner, "a", "b", "c")
    with capture_logs() as lines:
        await runner.drain(grace_s=0.1)
    assert work.ended == []
    assert lines == [
        {"event": "jobs are given up", "log_level": "warning", "waiting": 1, "grace_s": 0.1}
    ]


async def test_stop_ends_what_runs(runner: JobRunner, work: Work) -> None:
    """After a stop no job goes on and none begins."""
    await submit(runner, "a", "b", "c")
    await until(lambda: work.begun == ["a", "b"])
    await runner.stop()
    work.go.set()
    await asyncio.sleep(0)
    assert (work.begun, work.ended) == (["a", "b"], [])
