"""Pictures that are read later: the states of a job, seen from outside."""

from collections.abc import Callable
from itertools import cycle

import pytest
from starlette.testclient import TestClient

from readstone.engine.line import Lane
from readstone.errors import BreaksEngine
from readstone.jobs.job import MAX_ATTEMPTS
from tests.fakes import TEXT, Gate, Service, base64_of, picture

Ask = Callable[[TestClient, str], dict[str, object]]
ASK: dict[str, Ask] = {
    "post": lambda c, job: c.post("/v1/imageasync_get", json={"jobid": job}).json(),
    "get": lambda c, job: c.get(f"/v1/imageasync_get/{job}").json(),
}
TOMBSTONE_TTL_S = 86_400
HEIGHTS = cycle(range(900))


def submit(client: TestClient, data: bytes | None = None) -> str:
    """Hand in a picture; return the id of its job."""
    data = data or another_picture()
    answer = client.post("/v1/imageasync", json={"data": base64_of(data)})
    assert answer.status_code == 200
    return str(answer.json()["jobid"])


def another_picture() -> bytes:
    """Return a picture that no other call returns, so that it is not the same work."""
    return picture(size=(40, 30 + next(HEIGHTS)))


def test_imageasync_answers_with_a_job(client: TestClient) -> None:
    """The V1 answer has its members, and says that the job is lost with the process."""
    body = client.post("/v1/imageasync", json={"data": base64_of(picture())}).json()
    assert body.pop("jobid").isalnum()
    assert body.pop("ts") > 1_700_000_000
    assert body == {"version": "v1", "status": "queued", "durability": "volatile"}


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_a_job_goes_from_queued_over_running_to_succeeded(service: Service, ask: Ask) -> None:
    """Each state is seen, and the text comes with the last one."""
    client, gates = service.client, [Gate(), Gate()]
    service.pool.script.extend(gates)
    running = submit(client)
    submit(client)
    waiting = submit(client)
    for gate in gates:
        assert gate.reached.wait(5)
    assert (ask(client, running)["status"], ask(client, running)["text"]) == ("running", "")
    assert (ask(client, waiting)["status"], ask(client, waiting)["text"]) == ("queued", "")
    assert client.get("/ready").json()["jobs"] == 1
    for gate in gates:
        gate.open()
    service.finish_jobs()
    for job in (running, waiting):
        answer = ask(client, job)
        assert answer.pop("ts")
        assert answer == {
            "jobid": job,
            "text": TEXT,
            "version": "v1",
            "status": "succeeded",
            "error": None,
        }


@pytest.mark.parametrize(
    ("fate", "error"),
    [
        (BreaksEngine("two workers ended"), "two workers ended"),
        (RuntimeError("/secret"), "the job broke; see the service's log"),
    ],
    ids=["foreseen", "unforeseen"],
)
def test_a_job_that_fails_says_why(service: Service, fate: Exception, error: str) -> None:
    """A failed job has a reason that is safe to show, and does not stop the next one."""
    service.pool.script.extend([fate] * MAX_ATTEMPTS)
    job = submit(service.client)
    service.finish_jobs()
    answer = ASK["get"](service.client, job)
    assert (answer["status"], answer["text"], answer["error"]) == ("failed", "", error)
    service.pool.script.clear()
    good = submit(service.client)
    service.finish_jobs()
    assert ASK["get"](service.client, good)["status"] == "succeeded"


def test_a_damaged_picture_fails_its_job(client: TestClient, service: Service) -> None:
    """What only decoding can tell is told by the job."""
    data = base64_of(picture()[:60])
    job = client.post("/v1/imageasync", json={"data": data}).json()["jobid"]
    service.finish_jobs()
    assert "damaged" in str(ASK["get"](client, job)["error"])


@pytest.mark.parametrize(
    ("data", "status"), [("", 422), ("AAAA", 415), ("?", 400)], ids=["empty", "no picture", "junk"]
)
def test_what_is_no_picture_becomes_no_job(client: TestClient, data: str, status: int) -> None:
    """What can be refused at once is refused at once."""
    assert client.post("/v1/imageasync", json={"data": data}).status_code == status


def test_jobs_wait_in_the_second_lane(start: Callable[..., Service]) -> None:
    """A job may wait longer than a person, and people go first."""
    service = start(jobs__wait_s=300, ocr__deadline_s=7)
    submit(service.client)
    service.finish_jobs()
    call = service.pool.calls[0]
    assert (call.deadline_s, call.wait_s, call.lane) == (7, 300, Lane.LATER)


def test_a_result_is_kept_for_its_time(start: Callable[..., Service]) -> None:
    """After jobs.ttl_s a job is gone (410), and a day later forgotten (404)."""
    service = start(jobs__ttl_s=60)
    job = submit(service.client)
    service.finish_jobs()
    address = f"/v1/imageasync_get/{job}"
    service.clock.now = 59
    assert service.client.get(address).json()["text"] == TEXT
    service.clock.now = 61
    answer = service.client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (410, "expired")
    service.clock.now += TOMBSTONE_TTL_S + 1
    answer = service.client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_full_store_takes_no_job_and_loses_none(start: Callable[..., Service]) -> None:
    """With every place taken by a live job a new one is refused; the live ones end well."""
    service = start(jobs__max_jobs=2)
    gates = [Gate(), Gate()]
    service.pool.script.extend(gates)
    jobs = [submit(service.client), submit(service.client)]
    answer = service.client.post("/v1/imageasync", json={"data": base64_of(picture())})
    assert (answer.status_code, answer.json()["code"]) == (503, "store_full")
    assert answer.json()["retryable"] is True
    assert (answer.json()["limit"], answer.json()["setting"]) == (2, "jobs.max_jobs")
    assert int(answer.headers["Retry-After"]) >= 1
    for gate in gates:
        assert gate.reached.wait(5)
        gate.open()
    service.finish_jobs()
    assert {ASK["get"](service.client, job)["status"] for job in jobs} == {"succeeded"}


def test_an_ended_job_makes_room(start: Callable[..., Service]) -> None:
    """A new job takes the place of the oldest one that has ended."""
    service = start(jobs__max_jobs=1)
    old = submit(service.client)
    service.finish_jobs()
    submit(service.client)
    assert service.client.get(f"/v1/imageasync_get/{old}").status_code == 410


def test_inputs_take_no_more_than_their_room(start: Callable[..., Service]) -> None:
    """The bytes of waiting pictures are bounded, and given back when a job ends."""
    first, second = (picture(size=(40, height)) for height in (20, 25))
    service = start(
        jobs__max_bytes=len(first) + len(second) - 1,
        limits__body_bytes=max(len(first), len(second)),
    )
    gate = Gate()
    service.pool.script.append(gate)
    submit(service.client, first)
    answer = service.client.post("/v1/imageasync", json={"data": base64_of(second)})
    assert (answer.status_code, answer.json()["setting"]) == (503, "jobs.max_bytes")
    assert gate.reached.wait(5)
    gate.open()
    service.finish_jobs()
    submit(service.client, second)


def test_a_line_that_is_too_long_takes_no_job(start: Callable[..., Service]) -> None:
    """A job that would wait longer than jobs.wait_s is refused, with the time to come back."""
    service = start(jobs__wait_s=10)
    service.pool.mean_work_s = 30
    gates = [Gate(), Gate()]
    service.pool.script.extend(gates)
    for _ in range(3):
        submit(service.client)
    answer = service.client.post("/v1/imageasync", json={"data": base64_of(picture())})
    assert (answer.status_code, answer.json()["code"]) == (503, "queue_full")
    assert 7 < int(answer.headers["Retry-After"]) <= 15
    for gate in gates:
        assert gate.reached.wait(5)
        gate.open()


def test_jobs_that_run_end_with_the_service(start: Callable[..., Service]) -> None:
    """Stopping the application leaves no work behind."""
    service = start()
    gate = Gate()
    service.pool.script.append(gate)
    submit(service.client)
    assert gate.reached.wait(5)
    service.client.__exit__(None, None, None)
    assert service.pool.cancelled == 1
