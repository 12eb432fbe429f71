"""Tests of jobs/runner.py: jobs run in order, so many at a time, and none is run by two."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from readstone.jobs import runner as runner_module
from readstone.jobs.job import Job, JobStatus
from readstone.jobs.runner import JobRunner, Run
from readstone.jobs.store import JobStore
from readstone.progress import Course, PageDone, Progress
from tests.unit.jobs.conftest import add
from tests.unit.processes import until

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes round again and again comes soon."""
    for name in ("LOOK_S", "TICK_S", "PAUSE_S"):
        monkeypatch.setattr(runner_module, name, 0.01)


class Work:
    """What a runner runs: jobs that go on until they are let go."""

    def __init__(self, store: JobStore) -> None:
        self.store = store
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.cancelled: list[str] = []
        self.go = asyncio.Event()

    async def __call__(self, run: Run) -> None:
        self.begun.append(run.job.id)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.append(run.job.id)
            raise
        if run.job.id == "bad":
            raise RuntimeError("nobody thought of this")
        ended = run.job.succeeded(self.store.now(), is_partial=False)
        await self.store.move(ended, expected=run.job)
        self.ended.append(run.job.id)


@pytest.fixture
def work(store: JobStore) -> Work:
    """Jobs that wait for a word."""
    return Work(store)


@pytest.fixture
async def runner(store: JobStore, work: Work) -> AsyncIterator[JobRunner]:
    """A runner of two jobs at a time."""
    runner = JobRunner(store, concurrency=2, owner="me")
    runner.start(work)
    yield runner
    await runner.stop()


async def submit(store: JobStore, runner: JobRunner, *job_ids: str) -> None:
    """Keep jobs, and say so."""
    for job_id in job_ids:
        await add(store, job_id)
        await runner.submit(job_id)


async def test_so_many_jobs_run_at_a_time(store: JobStore, runner: JobRunner, work: Work) -> None:
    """The first two begin, the others wait."""
    await submit(store, runner, "a", "b", "c", "d")
    await until(lambda: work.begun == ["a", "b"])
    await until(lambda: runner.backlog == 2)
    work.go.set()
    await until(lambda: sorted(work.ended) == ["a", "b", "c", "d"])
    await until(lambda: runner.backlog == 0)


async def test_jobs_of_other_processes_are_found(
    store: JobStore, runner: JobRunner, work: Work
) -> None:
    """What nobody has rung for is run all the same."""
    work.go.set()
    await add(store, "a")
    await until(lambda: work.ended == ["a"])


async def test_runner_survives_a_job_that_breaks(
    store: JobStore, runner: JobRunner, work: Work
) -> None:
    """What a job raises is logged, and the next one runs."""
    work.go.set()
    with capture_logs() as lines:
        await submit(store, runner, "bad", "good")
        await until(lambda: work.ended == ["good"])
    assert [line["job_id"] for line in lines if line["log_level"] == "error"] == ["bad"]


async def test_runner_survives_its_store(
    store: JobStore, runner: JobRunner, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the store fails for a while, jobs are run as soon as it works again."""
    work.go.set()
    failures = iter([OSError("no disk")] * 3)
    claim, length = store.claim, store.line.length

    def failing(method: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def fail_first(*args: object) -> object:
            for failure in failures:
                raise failure
            return await method(*args)

        return fail_first

    monkeypatch.setattr(store, "claim", failing(claim))
    monkeypatch.setattr(store.line, "length", failing(length))
    await submit(store, runner, "a")
    await until(lambda: work.ended == ["a"])
    assert next(failures, None) is None


async def test_canceled_job_is_let_go(store: JobStore, runner: JobRunner, work: Work) -> None:
    """When `cancel` returns, nothing works at the job, and its place is free."""
    await submit(store, runner, "a", "b", "c")
    await until(lambda: work.begun == ["a", "b"])
    running = await store.load("a")
    await store.move(running.canceled(store.now()), expected=running)
    await runner.cancel("a")
    assert work.cancelled == ["a"]
    await until(lambda: work.begun == ["a", "b", "c"])


async def test_job_that_another_process_took_is_let_go(
    store: JobStore, runner: JobRunner, work: Work
) -> None:
    """A cancel or a takeover elsewhere ends the work here."""
    await submit(store, runner, "a")
    await until(lambda: work.begun == ["a"])
    running = await store.load("a")
    await store.move(running.canceled(store.now()), expected=running)
    await until(lambda: work.cancelled == ["a"])


async def test_late_result_is_dropped(store: JobStore, runner: JobRunner, work: Work) -> None:
    """An end that comes too late is a line in the log, and no error."""
    await submit(store, runner, "a")
    await until(lambda: work.begun == ["a"])
    with capture_logs() as lines:
        running = await store.load("a")
        await store.move(running.canceled(store.now()), expected=running)
        work.go.set()
        await runner.drain(grace_s=5)
    assert not [line for line in lines if line["log_level"] == "error"]
    assert (await store.load("a")).status is JobStatus.CANCELED


async def test_progress_is_kept_while_a_job_runs(store: JobStore, runner: JobRunner) -> None:
    """Whoever asks sees how far the work is."""
    waiting = Job("a", "ocr", "alice", {}, store.now())
    run = Run(await store.add(waiting.started(store.now(), "me")))
    runner.adopt(run)
    course = Course()
    course.begin(2)
    run.follow(course)
    course.page_done(2, 0.5)
    expected = Progress(2, (PageDone(2, 0.5),))
    async with asyncio.timeout(5):
        while (await store.load("a")).progress != expected:
            await store.news.wait("a", limit_s=1)


async def test_drain_of_nothing_returns(runner: JobRunner) -> None:
    """Without a job there is nothing to wait for."""
    await runner.drain(grace_s=5)


async def test_drain_runs_what_no_other_process_would_find(
    store: JobStore, runner: JobRunner, work: Work
) -> None:
    """A graceful stop lets every job end that would be lost."""
    await submit(store, runner, "a", "b", "c")
    draining = asyncio.create_task(runner.drain(grace_s=30))
    await until(lambda: work.begun == ["a", "b"])
    assert not draining.done()
    work.go.set()
    await draining
    assert sorted(work.ended) == ["a", "b", "c"]


async def test_drain_leaves_what_waits_to_the_next_process(
    store: JobStore, runner: JobRunner, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where jobs outlive the process, only those that run are waited for."""
    monkeypatch.setattr(JobStore, "durability", "durable")
    await submit(store, runner, "a", "b", "c")
    await until(lambda: work.begun == ["a", "b"])
    draining = asyncio.create_task(runner.drain(grace_s=30))
    await asyncio.sleep(0)
    work.go.set()
    await draining
    assert sorted(work.ended) == ["a", "b"]
    assert (await store.load("c")).status is JobStatus.QUEUED


async def test_drain_gives_up_after_the_grace_time(
    store: JobStore, runner: JobRunner, work: Work
) -> None:
    """A job that does not end holds the stop up for the grace time and no longer."""
    await submit(store, runner, "a")
    await until(lambda: work.begun == ["a"])
    with capture_logs() as lines:
        await runner.drain(grace_s=0.1)
    assert work.ended == []
    assert lines == [
        {"event": "jobs are given up", "log_level": "warning", "running": 1, "grace_s": 0.1}
    ]


async def test_stop_gives_back_what_runs(store: JobStore, runner: JobRunner, work: Work) -> None:
    """After a stop no job goes on, and those that ran wait as if they had not been begun."""
    await submit(store, runner, "a", "b", "c")
    await until(lambda: work.begun == ["a", "b"])
    await runner.stop()
    work.go.set()
    await asyncio.sleep(0)
    assert (work.begun, work.ended) == (["a", "b"], [])
    for job_id in "abc":
        job = await store.load(job_id)
        assert (job.status, job.attempts, job.owner) == (JobStatus.QUEUED, 0, None)
