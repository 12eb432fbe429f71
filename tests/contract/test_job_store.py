"""What a job store keeps, on every database: nothing is lost, nothing is done by two."""

import asyncio
from dataclasses import replace

import pytest

from readstone.database.connection import Database
from readstone.errors import Conflict, Expired, ImageTooLarge, NotFound, StoreFull
from readstone.jobs.job import BATCH, Job, JobStatus
from readstone.jobs.store import LEASE, TOMBSTONE_TTL, JobStore
from readstone.progress import PageDone, Progress
from tests.fakes import Clock

pytestmark = pytest.mark.anyio

PLACES = 5
TTL_S = 60
DURABILITY = {"memory": "volatile", "sqlite": "durable", "postgresql": "durable"}


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> JobStore:
    """A store of few places."""
    return JobStore(database, max_jobs=PLACES, ttl_s=TTL_S, clock=clock.moment)


def job(job_id: str = "1", **values: object) -> Job:
    """Return a queued job."""
    given = {"fingerprint": f"print of {job_id}", "caller": "alice"} | values
    request = {"lang": "eng+fra", "parameters": {"load_freq_dawg": "0"}}
    return Job(job_id, "ocr", request=request, created_at=Clock().moment(), **given)  # type: ignore[arg-type]


async def running(store: JobStore, job_id: str = "1", owner: str = "me") -> Job:
    """Return a kept job that runs; no other may wait."""
    await store.add(job(job_id))
    claimed = await store.claim(owner)
    assert claimed
    return claimed


async def ended(store: JobStore, job_id: str = "1") -> Job:
    """Return a kept job that has succeeded; no other may wait."""
    began = await running(store, job_id)
    done = began.succeeded(store.now(), is_partial=False)
    await store.move(done, expected=began)
    return done


async def test_store_says_how_durable_it_is(store: JobStore, kind: str) -> None:
    """Whoever hands work over learns what a restart would cost."""
    assert store.durability == DURABILITY[kind]


async def test_job_comes_back_as_it_was_added(store: JobStore) -> None:
    """Caller, request and times are kept."""
    kept = job(size_bytes=3_000_000_000, request_id="r", parent="p")
    assert await store.add(kept) == kept
    assert await store.load("1") == kept


async def test_unknown_job_is_not_found(store: JobStore) -> None:
    """An id that was never given has no job."""
    with pytest.raises(NotFound):
        await store.load("1")
    with pytest.raises(Conflict):
        await store.move(job().canceled(store.now()), expected=job())


async def test_jobs_are_claimed_in_the_order_in_which_they_came(store: JobStore) -> None:
    """The first one is begun first, by the process that asks, and each only once."""
    for number in "312":
        await store.add(job(number))
    claimed = [await store.claim(owner) for owner in ("a", "b", "a", "a")]
    assert [each and (each.id, each.owner, each.attempts) for each in claimed] == [
        ("3", "a", 1),
        ("1", "b", 1),
        ("2", "a", 1),
        None,
    ]
    assert [await store.load(number) for number in "312"] == claimed[:3]
    assert {each.id for each in await store.owned("a")} == {"3", "2"}
    assert await store.owners() == {"a", "b"}


async def test_callers_take_turns(store: JobStore) -> None:
    """However many jobs one caller has, the others have one done each before the next of those."""
    callers = ("bob", "bob", "bob", "alice", "carol")
    for number, caller in enumerate(callers):
        await store.add(job(str(number), caller=caller))
    assert await store.line.queues() == {"bob": 3, "alice": 1, "carol": 1}
    claimed = [await store.claim("me") for _ in callers]
    assert [each and each.id for each in claimed] == ["3", "0", "4", "1", "2"]
    assert not await store.line.queues()


async def test_caller_sees_the_own_jobs_page_by_page(store: JobStore) -> None:
    """The newest first, each once, also when there are new ones meanwhile; none that is gone."""
    for number in range(PLACES):
        await store.add(job(str(number), caller="alice" if number else "bob"))
    newest = await store.of_caller("alice", before=None, limit=2)
    older = await store.of_caller("alice", before=newest[-1].id, limit=PLACES)
    shown = [each.id for each in [*newest, *older]]
    assert shown == [str(number) for number in reversed(range(1, PLACES))]
    gone = newest[0].canceled(store.now())
    await store.move(gone, expected=newest[0])
    await store.move(gone.expired(), expected=gone)
    assert (await store.of_caller("alice", before=None, limit=1))[0].id == newest[1].id
    assert await store.of_caller("alice", before="no such job", limit=1) == []


async def test_place_in_the_line_is_known(store: JobStore) -> None:
    """Who is begun next is at the first place, since callers take turns; who runs is in no line."""
    await running(store, "0")
    for number, caller in {"1": "alice", "2": "alice", "3": "bob", "4": "alice"}.items():
        await store.add(job(number, caller=caller))
    assert await store.line.places(["0", "1", "2", "3"]) == {"3": 1, "1": 2, "2": 3}
    claimed = [await store.claim("me") for _ in range(3)]
    assert [each and each.id for each in claimed] == ["3", "1", "2"]
    assert await store.line.places(["4", "1"]) == {"4": 1}


async def test_each_job_is_claimed_by_one(store: JobStore) -> None:
    """Of all who ask at the same time, each gets another job or none."""
    for number in range(PLACES):
        await store.add(job(str(number)))
    claimed = await asyncio.gather(*(store.claim(str(n)) for n in range(3 * PLACES)))
    assert sorted(each.id for each in claimed if each) == [str(n) for n in range(PLACES)]


async def test_every_step_is_kept(store: JobStore, clock: Clock) -> None:
    """Each state of a job can be loaded, with its times and how far it is."""
    began = await running(store)
    assert await store.load("1") == began
    clock.now = 5
    progress = Progress(2, (PageDone(2, 0.5), PageDone(1, 0.25)))
    done = replace(began.succeeded(store.now(), is_partial=True), progress=progress)
    await store.move(done, expected=began)
    assert await store.load("1") == done
    assert done.status is JobStatus.PARTIAL


async def test_reason_of_a_failure_is_kept(store: JobStore) -> None:
    """Kind, message and facts of an error are what they were."""
    began = await running(store)
    error = ImageTooLarge("send a smaller one", limit=5, actual=7)
    await store.move(began.failed(store.now(), error), expected=began)
    kept = (await store.load("1")).error
    assert type(kept) is ImageTooLarge
    assert (kept.detail, kept.facts) == ("send a smaller one", {"limit": 5, "actual": 7})


async def test_late_step_is_a_conflict(store: JobStore) -> None:
    """Who has lost a job cannot end it: not in another state, attempt or hands."""
    first = await running(store)
    late = first.succeeded(store.now(), is_partial=False)
    await store.move(first.interrupted(store.now()), expected=first)
    with pytest.raises(Conflict):
        await store.move(late, expected=first)
    second = await store.claim("me")
    assert second and second.attempts == 2
    with pytest.raises(Conflict):
        await store.move(late, expected=first)
    await store.move(second.requeued(), expected=second)
    again = await store.claim("somebody else")
    assert again and again.attempts == 2
    with pytest.raises(Conflict):
        await store.move(second.canceled(store.now()), expected=second)
    assert await store.load("1") == again


async def test_one_of_many_wins_a_step(store: JobStore) -> None:
    """Of all who want to end a job, one does."""
    began = await running(store)
    ends = [began.succeeded(store.now(), is_partial=False), began.canceled(store.now())] * 5
    moves = (store.move(end, expected=began) for end in ends)
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if outcome is not None)


async def test_job_is_unattended_when_its_lease_is_over(store: JobStore, clock: Clock) -> None:
    """A lease that is prolonged holds; how far the job is was kept with it."""
    first, second = await running(store, "1"), await running(store, "2")
    clock.now = LEASE.total_seconds() - 1
    seen = replace(first, progress=Progress(3, (PageDone(1, 0.75),)))
    assert await store.renew([seen]) == []
    clock.now += 2
    assert await store.unattended() == [second]
    assert await store.load("1") == seen


async def test_lost_job_is_told_when_its_lease_is_prolonged(store: JobStore) -> None:
    """A process learns what was canceled or taken from it."""
    mine, canceled = await running(store, "1"), await running(store, "2")
    await store.move(canceled.canceled(store.now()), expected=canceled)
    assert await store.renew([mine, canceled]) == [canceled]


async def test_same_work_is_one_job(store: JobStore) -> None:
    """However many ask at the same time, there is one job, also when it has succeeded."""
    same = [job(str(number), fingerprint="f") for number in range(20)]
    kept = await asyncio.gather(*map(store.add, same))
    assert len({each.id for each in kept}) == 1
    began = await store.claim("me")
    assert began
    await store.move(began.succeeded(store.now(), is_partial=False), expected=began)
    assert (await store.add(job("later", fingerprint="f"))).id == began.id


@pytest.mark.parametrize("how", ["failed", "canceled"])
async def test_work_that_brought_nothing_can_be_asked_for_again(store: JobStore, how: str) -> None:
    """A job that failed or was canceled is not in the way of a new one."""
    began = await running(store)
    end = {
        "failed": began.failed(store.now(), NotFound("gone")),
        "canceled": began.canceled(store.now()),
    }
    await store.move(end[how], expected=began)
    assert (await store.add(job("2", fingerprint="print of 1"))).id == "2"


async def test_full_store_refuses_and_keeps_what_it_has(store: JobStore) -> None:
    """The refusal names limit and setting, and the job that ended first can make room."""
    await ended(store, "0")
    for number in range(1, PLACES):
        await store.add(job(str(number)))
    with pytest.raises(StoreFull) as caught:
        await store.add(job("one more"))
    assert caught.value.facts["limit"] == PLACES
    assert caught.value.facts["setting"] == "jobs.max_jobs"
    assert caught.value.facts["retry_after"] > 0
    oldest = await store.oldest_ended()
    assert oldest and oldest.id == "0"
    await store.move(oldest.expired(), expected=oldest)
    await store.add(job("one more"))
    assert await store.line.length() == PLACES
    assert await store.oldest_ended() is None


async def test_ended_job_is_overdue_then_gone_then_forgotten(store: JobStore, clock: Clock) -> None:
    """A result is kept for its time, and then for a day it is known to have been there."""
    done = await ended(store)
    clock.now = TTL_S - 1
    assert await store.overdue(10) == []
    clock.now = TTL_S + 1
    assert await store.overdue(10) == [done]
    with pytest.raises(Expired):
        await store.load("1")
    await store.move(done.expired(), expected=done)
    assert await store.overdue(10) == []
    await store.forget_expired()
    with pytest.raises(Expired):
        await store.load("1")
    clock.now += TOMBSTONE_TTL.total_seconds()
    await store.forget_expired()
    with pytest.raises(NotFound):
        await store.load("1")


async def test_as_many_are_remembered_as_are_kept(store: JobStore) -> None:
    """Of jobs that are gone, so that what is remembered does not grow with the work of a day."""
    for number in range(PLACES + 2):
        done = (await running(store, str(number))).canceled(store.now())
        await store.move(done, expected=await store.load(str(number)))
        await store.move(done.expired(), expected=done)
    await store.forget_expired()
    for number in range(PLACES + 2):
        with pytest.raises(NotFound if number < 2 else Expired):
            await store.load(str(number))


async def test_live_job_is_never_overdue(store: JobStore, clock: Clock) -> None:
    """However long a job waits or runs, it is there."""
    await running(store, "1")
    await store.add(job("2"))
    clock.now = 10**6
    assert await store.overdue(10) == []
    await store.forget_expired()
    assert (await store.load("1")).status is JobStatus.RUNNING
    assert (await store.load("2")).status is JobStatus.QUEUED


async def test_cancelled_caller_costs_nothing(store: JobStore) -> None:
    """Whoever stops waiting for the store leaves it whole."""
    await store.add(job("0"))
    for number in range(20):
        asking = asyncio.create_task(store.load("0"))
        for _ in range(number):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert await store.load("0") == job("0")


def batch(job_id: str = "b", **values: object) -> Job:
    """Return a batch, which has begun with its first file."""
    began = replace(job(job_id, **values), kind=BATCH, status=JobStatus.RUNNING)
    return replace(began, started_at=began.created_at)


async def kept_batch(store: JobStore, count: int = 2) -> list[Job]:
    """Return the jobs of a batch that is kept."""
    children = [job(str(number), parent="b", fingerprint=None) for number in range(count)]
    await store.add(batch(), *children)
    return children


async def end(store: JobStore, how: str) -> None:
    """End the next job that waits."""
    began = await store.claim("me")
    assert began
    ends = {
        "succeeded": began.succeeded(store.now(), is_partial=False),
        "partial": began.succeeded(store.now(), is_partial=True),
        "failed": began.failed(store.now(), NotFound("gone")),
        "canceled": began.canceled(store.now()),
    }
    await store.move(ends[how], expected=began)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("succeeded", "succeeded", "succeeded"),
        ("succeeded", "failed", "partial"),
        ("canceled", "succeeded", "partial"),
        ("partial", "partial", "partial"),
        ("failed", "failed", "failed"),
        ("failed", "canceled", "canceled"),
    ],
)
async def test_batch_ends_with_the_last_job_in_it(
    store: JobStore, clock: Clock, first: str, second: str, whole: str
) -> None:
    """Not before, with a state that follows from theirs; it is nobody's work meanwhile."""
    children = await kept_batch(store)
    assert await store.children(["b"]) == children
    await end(store, first)
    clock.now = LEASE.total_seconds() + 1
    assert await store.load("b") == batch()
    assert (await store.unattended(), await store.owners()) == ([], set())
    await end(store, second)
    ended_batch = await store.load("b")
    assert (ended_batch.status, ended_batch.finished_at) == (JobStatus(whole), store.now())
    assert await store.claim("me") is None


async def test_batch_ends_when_all_in_it_end_at_once(store: JobStore) -> None:
    """Those that end last at the same time do not each take the other for running."""
    await kept_batch(store, PLACES - 1)
    began = [await store.claim("me") for _ in range(PLACES - 1)]
    await asyncio.gather(
        *(
            store.move(each.succeeded(store.now(), is_partial=False), expected=each)
            for each in began
            if each
        )
    )
    assert (await store.load("b")).status is JobStatus.SUCCEEDED


async def test_batch_of_what_has_ended_has_ended(store: JobStore) -> None:
    """Where every file was refused there is nothing to wait for."""
    refused = job("1", parent="b").failed(store.now(), NotFound("gone"))
    await store.add(batch(), refused)
    assert (await store.load("b")).status is JobStatus.FAILED


async def test_batch_is_kept_whole_or_not_at_all(store: JobStore) -> None:
    """One for which there are too few places, or which is there already, leaves nothing."""
    children = [job(str(number), parent="b", fingerprint=None) for number in range(PLACES)]
    with pytest.raises(StoreFull):
        await store.add(batch(), *children)
    assert await store.children(["b"]) == []
    await store.add(batch(), children[0])
    same = batch("c", fingerprint=batch().fingerprint)
    assert (await store.add(same, replace(children[1], parent="c"))).id == "b"
    assert await store.children(["b", "c"]) == [children[0]]
    assert [each.id for each in await store.of_caller("alice", before=None, limit=9)] == ["b"]


async def test_canceled_batch_cancels_what_is_in_it(store: JobStore) -> None:
    """In one step, whoever works at it; what has ended stays as it is."""
    await kept_batch(store, 3)
    await end(store, "succeeded")
    began = await store.claim("me")
    assert began
    canceled = await store.cancel(batch())
    assert [each.id for each in canceled] == ["b", "1", "2"]
    statuses = [each.status for each in await store.children(["b"])]
    assert statuses == [JobStatus.SUCCEEDED, JobStatus.CANCELED, JobStatus.CANCELED]
    assert (await store.load("b")).status is JobStatus.CANCELED
    assert await store.renew([began]) == [began]
    with pytest.raises(Conflict):
        await store.cancel(batch())
