"""Tests of jobs/store.py: whatever happens, in whatever order, no job is lost or done by two."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from readstone.database.connection import IN_MEMORY, open_database
from readstone.database.tables import metadata
from readstone.errors import Conflict, Expired, NotFound
from readstone.jobs.job import MAX_ATTEMPTS, Job, JobStatus
from readstone.jobs.store import JobStore
from tests.fakes import Clock

T = TypeVar("T")

OWNERS = st.sampled_from(["a", "b"])
ENDS = {
    "succeed": lambda job, at: job.succeeded(at, is_partial=False),
    "fail": lambda job, at: job.failed(at, NotFound("gone")),
    "cancel": lambda job, at: job.canceled(at),
    "interrupt": lambda job, at: job.interrupted(at),
    "give back": lambda job, at: job.requeued(),
}


class JobHistories(RuleBasedStateMachine):
    """Moves jobs about at random, and keeps beside them what should have become of each."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = open_database(IN_MEMORY)
        self.store = JobStore(self.database, max_jobs=100, ttl_s=60, clock=Clock().moment)
        self.expected: dict[str, Job] = {}
        self.line: list[str] = []
        self.stale: list[Job] = []
        self.do(self._make_tables())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what work returns."""
        return self.runner.run(work)

    async def _make_tables(self) -> None:
        async with self.database.write() as connection:
            await connection.run_sync(metadata.create_all)

    def teardown(self) -> None:
        """Close what was opened."""
        self.do(self.database.close())
        self.runner.close()

    @rule(fingerprint=st.sampled_from("xy"))
    def add(self, fingerprint: str) -> None:
        """Hand in work that may be the same as earlier work."""
        same = [each for each in self.expected.values() if each.fingerprint == fingerprint]
        number = str(len(self.expected))
        job = Job(number, "ocr", "alice", {}, self.store.now(), fingerprint=fingerprint)
        kept = self.do(self.store.add(job))
        assert kept == (same[0] if same else job)
        if not same:
            self.expected[number] = job
            self.line.append(number)

    @rule(owner=OWNERS)
    def claim(self, owner: str) -> None:
        """Begin the job that has waited longest."""
        waiting = [n for n in self.line if self.expected[n].status is JobStatus.QUEUED]
        claimed = self.do(self.store.claim(owner))
        assert (claimed and claimed.id) == (waiting[0] if waiting else None)
        if claimed:
            assert claimed.attempts == self.expected[claimed.id].attempts + 1 <= MAX_ATTEMPTS
            self._moved(claimed)

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), how=st.sampled_from(sorted(ENDS)))
    def move(self, data: st.DataObject, how: str) -> None:
        """Try to end a job or to give it back, in whatever state it is."""
        live = sorted(n for n, job in self.expected.items() if not job.status.is_terminal)
        before = self.expected[data.draw(st.sampled_from(live or sorted(self.expected)))]
        try:
            after = ENDS[how](before, self.store.now())
        except Conflict:
            return
        self.do(self.store.move(after, expected=before))
        self._moved(after)

    @precondition(lambda self: self.stale)
    @rule(data=st.data())
    def move_late(self, data: st.DataObject) -> None:
        """Try to end a job as somebody who has not seen that it went on."""
        before = data.draw(st.sampled_from(self.stale))
        now = self.expected[before.id]
        is_as_seen = all(
            getattr(before, name) == getattr(now, name) for name in ("status", "attempts", "owner")
        )
        after = before.canceled(self.store.now())
        if is_as_seen:
            self.do(self.store.move(after, expected=before))
            self._moved(after)
        else:
            with pytest.raises(Conflict):
                self.do(self.store.move(after, expected=before))

    @precondition(lambda self: any(job.status.is_terminal for job in self.expected.values()))
    @rule()
    def expire(self) -> None:
        """Erase what has ended."""
        for job in [each for each in self.expected.values() if each.status.is_terminal]:
            if job.status is not JobStatus.EXPIRED:
                self.do(self.store.move(job.expired(), expected=job))
                self._moved(job.expired())

    def _moved(self, job: Job) -> None:
        before = self.expected[job.id]
        if before.status is JobStatus.RUNNING:
            self.stale.append(before)
        self.expected[job.id] = job

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every job is as the last step has left it, and each process knows its own."""
        for job_id, job in self.expected.items():
            if job.status is JobStatus.EXPIRED:
                with pytest.raises(Expired):
                    self.do(self.store.load(job_id))
            else:
                kept = self.do(self.store.load(job_id))
                assert type(kept.error) is type(job.error)
                assert replace(kept, error=job.error) == job
        for owner in "ab":
            owned = {each.id for each in self.do(self.store.owned(owner))}
            assert owned == {n for n, job in self.expected.items() if job.owner == owner}


TestJobHistories = JobHistories.TestCase
TestJobHistories.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
