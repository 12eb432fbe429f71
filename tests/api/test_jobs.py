"""Jobs, seen by the caller who handed them in: where they stand, and what they bring."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.engine.base import PictureLimits
from readstone.engine.line import Lane
from readstone.errors import CorruptInput, Draining
from tests.fakes import TEXT, Gate, Service, picture

Start = Callable[..., Service]
TWO_PAGES = (Path(__file__).parents[2] / "testdata" / "format" / "two_pages.tif").read_bytes()
ASYNC = {"Prefer": "respond-async"}
ALICE, BOB = "correct-horse", "battery-staple"
TOMBSTONE_TTL_S = 86_400
WAYS: dict[str, tuple[str, str]] = {
    "/v2/ocr": ("", "application/json"),
    "/v2/invoices": ("?embedded_xml=never", "application/json"),
    "/v2/redact": ("?mode=pseudonym", "application/json"),
    "/v2/redact ": ("", "image/png"),
}


def hand_in(client: TestClient, data: bytes | None = None, path: str = "/v2/ocr") -> str:
    """Hand in a job; return its address."""
    answer = client.post(path, content=data or picture(), headers=ASYNC)
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    return str(answer.headers["Location"])


def links(job: str, *names: str) -> dict[str, str]:
    """Return the links of a job."""
    return {"self": job, **{name: f"{job}/{name}" for name in names}}


@contextmanager
def held(service: Service, count: int = 1) -> Iterator[list[Gate]]:
    """Hold the next tasks of the pool until the block ends."""
    gates = [Gate() for _ in range(count)]
    service.pool.script.extend(gates)
    yield gates
    for gate in gates:
        assert gate.reached.wait(5)
        gate.open()


def test_job_is_told_where_it_stands(service: Service) -> None:
    """From the address that came with it, from the line to the end."""
    client = service.client
    with held(service, 2) as gates:
        running, _, waiting = (
            hand_in(client, picture(size=(40, height))) for height in (30, 31, 32)
        )
        for gate in gates:
            assert gate.reached.wait(5)
        job = client.get(running).json()
        assert (job["status"], job["queue_position"], job["attempts"]) == ("running", None, 1)
        assert job["links"] == links(running, "events", "cancel")
        assert client.get(waiting).json()["queue_position"] == 1
    service.finish_jobs()
    job = client.get(running).json()
    assert job["id"] == running.rpartition("/")[2]
    assert (job["kind"], job["status"], job["durability"]) == ("ocr", "succeeded", "volatile")
    assert job["progress"] == {"pages_done": 1, "pages_total": 1}
    assert job["created_at"] <= job["started_at"] <= job["finished_at"] < job["expires_at"]
    assert job["links"] == links(running, "events", "result")
    assert job["error"] is None


@pytest.mark.parametrize("path", WAYS)
def test_result_is_what_the_route_would_have_answered(service: Service, path: str) -> None:
    """Every kind of work can be done later, and brings the same."""
    query, media_type = WAYS[path]
    address = path.strip() + query
    now = service.client.post(address, content=picture())
    job = hand_in(service.client, path=address)
    service.finish_jobs()
    later = service.client.get(f"{job}/result")
    assert (now.status_code, later.status_code) == (200, 200)
    assert now.headers["content-type"] == later.headers["content-type"] == media_type
    assert same(now) == same(later)


def same(answer: Response) -> Any:
    """Return what two answers to the same work have in common."""
    if answer.headers["content-type"] != "application/json":
        return answer.content
    return {n: value for n, value in answer.json().items() if n not in ("id", "usage")}


def test_result_comes_in_every_format(service: Service) -> None:
    """By query or by Accept; a PDF as well, for which the picture is needed."""
    job = hand_in(service.client)
    service.finish_jobs()
    result = f"{job}/result"
    assert service.client.get(result).json()["text"] == TEXT
    assert service.client.get(result, params={"detail": "none"}).json()["pages"] == []
    assert service.client.get(result, params={"format": "text"}).text.strip() == TEXT
    hocr = service.client.get(result, headers={"Accept": "text/vnd.hocr+html"})
    assert "ocr_page" in hocr.text
    assert service.client.get(result, params={"format": "pdf"}).content.startswith(b"%PDF")
    refused = service.client.get(result, params={"format": "ubl"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert "hocr" in refused.json()["detail"]


def test_result_that_the_client_has_is_not_sent_again(service: Service) -> None:
    """The tag is that of the result in this form; without a result there is none."""
    with held(service):
        result = f"{hand_in(service.client)}/result"
        early = service.client.get(result, headers={"If-None-Match": "*"})
        assert (early.status_code, "ETag" in early.headers) == (409, False)
    service.finish_jobs()
    tag = service.client.get(result).headers["ETag"]
    for known in (tag, f'"another", W/{tag}', "*"):
        answer = service.client.get(result, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    for other in ({"params": {"format": "text"}}, {"params": {"detail": "none"}}):
        answer = service.client.get(result, headers={"If-None-Match": tag}, **other)
        assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True)


def test_work_that_takes_long_becomes_a_job_and_goes_on(service: Service) -> None:
    """Its one recognition is carried on, and the job brings what it reads."""
    with held(service):
        answer = service.client.post("/v2/ocr?wait=0", content=picture())
        assert (answer.status_code, answer.json()["status"]) == (202, "running")
        assert answer.headers["Preference-Applied"] == "wait=0"
        job = answer.headers["Location"]
    service.finish_jobs()
    assert service.client.get(f"{job}/result").json()["text"] == TEXT
    assert [call.lane for call in service.pool.calls] == [Lane.NOW]


def test_who_can_wait_gets_the_result(start: Start) -> None:
    """A configured time is waited for, unless the client knows better."""
    service = start(server__wait_s=0.01)
    with held(service):
        assert service.client.post("/v2/ocr", content=picture()).status_code == 202
    service.finish_jobs()
    answer = service.client.post("/v2/ocr", content=picture(), headers={"Prefer": "wait=60"})
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "wait=60")


def test_work_for_which_there_is_no_place_stays_with_its_sender(start: Start) -> None:
    """Rather than throw away what was begun, the client waits for it."""
    service = start(jobs__max_jobs=1)
    with held(service) as (gate,):
        hand_in(service.client, picture(size=(40, 33)))
        assert gate.reached.wait(5)
        answer = service.client.post("/v2/ocr?wait=0", content=picture())
        assert answer.json()["text"] == TEXT


def test_job_that_cannot_be_done_says_why(service: Service) -> None:
    """The job and its result have the same problem."""
    service.pool.script.append(CorruptInput("the picture is damaged", reason="cut"))
    job = hand_in(service.client)
    service.finish_jobs()
    told = service.client.get(job).json()
    assert (told["status"], told["error"]["code"]) == ("failed", "corrupt_input")
    assert (told["error"]["status"], told["error"]["instance"]) == (422, job)
    assert told["error"]["request_id"] == told["request_id"]
    answer = service.client.get(f"{job}/result")
    assert (answer.status_code, answer.json()["reason"]) == (422, "cut")


def test_whoever_asks_for_a_job_can_wait_for_its_end(service: Service) -> None:
    """The answer comes with the end, or when the time is over."""
    with held(service):
        job = hand_in(service.client)
        assert service.client.get(f"{job}?wait=0.01").json()["status"] == "running"
    assert service.client.get(f"{job}?wait=60").json()["status"] == "succeeded"


def events(answer: Response) -> list[tuple[str, Any, str]]:
    """Return the events of a stream: name, data and id."""
    told = []
    for block in filter(None, answer.text.split("\n\n")):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        told.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
    return told


def test_pages_are_told_when_they_are_done(start: Start) -> None:
    """One event for each page, and one for the end; who comes back hears the rest."""
    service = start(limits__pixels=10_000_000, limits__side_px=10_000)
    service.pool.limits = PictureLimits(10_000_000, 10_000)
    with held(service):
        job = hand_in(service.client, TWO_PAGES)
    answer = service.client.get(f"{job}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    *pages, (last, ended, _) = events(answer)
    assert [name for name, _, _ in pages] == ["page", "page"]
    assert sorted(page["n"] for _, page, _ in pages) == [1, 2]
    assert {page["of"] for _, page, _ in pages} == {2}
    assert (last, ended["status"]) == ("ended", "succeeded")
    back = {"Last-Event-ID": pages[0][2]}
    again = events(service.client.get(f"{job}/events", headers=back))
    assert [name for name, _, _ in again] == ["page", "ended"]
    assert again[0] == pages[1]


def test_job_that_is_not_there_has_no_events(client: TestClient) -> None:
    """The refusal is a problem document, and no stream."""
    answer = client.get(f"/v2/jobs/{'0' * 32}/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_job_can_be_canceled(service: Service) -> None:
    """Its work ends at once; afterwards there is nothing to cancel and nothing to fetch."""
    gate = Gate()
    service.pool.script.append(gate)
    job = hand_in(service.client)
    assert gate.reached.wait(5)
    assert service.client.post(f"{job}/cancel").json()["status"] == "canceled"
    assert service.pool.cancelled == 1
    for answer in (service.client.post(f"{job}/cancel"), service.client.get(f"{job}/result")):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_carried_on_work_can_be_canceled(service: Service) -> None:
    """A job that began as a request ends like any other."""
    gate = Gate()
    service.pool.script.append(gate)
    job = service.client.post("/v2/ocr?wait=0", content=picture()).headers["Location"]
    assert gate.reached.wait(5)
    assert service.client.post(f"{job}/cancel").json()["status"] == "canceled"
    assert service.pool.cancelled == 1


def test_erased_job_leaves_nothing(service: Service) -> None:
    """Neither input nor result, also when it has not ended."""
    done = hand_in(service.client)
    service.finish_jobs()
    with held(service):
        running = hand_in(service.client, picture(size=(40, 31)))
        waiting = [hand_in(service.client, picture(size=(40, height))) for height in (32, 33)]
        for job in (done, *waiting):
            assert service.client.delete(job).status_code == 204
            assert service.client.get(job).status_code == 410
        assert service.client.get(running).status_code == 200
    service.finish_jobs()
    assert service.client.delete(running).status_code == 204
    assert service.app.state.parts.storage._kept == {}
    assert service.client.get("/v2/jobs").json() == {"jobs": [], "next": None}


def test_jobs_are_listed_page_by_page(service: Service) -> None:
    """The newest first, each once."""
    handed_in = [hand_in(service.client, picture(size=(40, 30 + n))) for n in range(5)]
    seen, pages, address = [], 0, "/v2/jobs?limit=2"
    while address:
        page = service.client.get(address).json()
        seen += [job["links"]["self"] for job in page["jobs"]]
        pages, address = pages + 1, page["next"]
    assert (seen, pages) == (handed_in[::-1], 3)
    assert service.client.get("/v2/jobs?limit=0").status_code == 422


def test_jobs_are_their_callers(start: Start) -> None:
    """For anybody else there is none, whatever one asks."""
    service = start(auth__tokens=f"alice:{ALICE},bob:{BOB}")
    client = service.client
    client.headers["Authorization"] = f"Bearer {ALICE}"
    job = hand_in(client)
    service.finish_jobs()
    client.headers["Authorization"] = f"Bearer {BOB}"
    strange = f"/v2/jobs/{'0' * 32}"
    for each in (job, strange):
        for method, address in [
            ("GET", each),
            ("GET", f"{each}/result"),
            ("POST", f"{each}/cancel"),
            ("DELETE", each),
        ]:
            answer = client.request(method, address)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert client.get("/v2/jobs").json()["jobs"] == []
    client.headers["Authorization"] = f"Bearer {ALICE}"
    assert client.get(job).status_code == 200


def test_result_is_kept_for_its_time(start: Start) -> None:
    """Then the job is gone, and a day later unknown."""
    service = start(jobs__ttl_s=60)
    job = hand_in(service.client)
    service.finish_jobs()
    service.clock.now = 59
    assert service.client.get(f"{job}/result").status_code == 200
    service.clock.now = 61
    assert service.client.get(job).status_code == 410
    service.clock.now += TOMBSTONE_TTL_S
    assert service.client.get(job).status_code == 404


def test_same_work_is_one_job(service: Service) -> None:
    """Whoever hands in the same again has the same job, and nothing is read twice."""
    jobs = {hand_in(service.client) for _ in range(20)}
    service.finish_jobs()
    jobs.add(hand_in(service.client))
    assert len(jobs) == len(service.pool.calls) == 1
    other = service.client.post("/v2/ocr?psm=6", content=picture(), headers=ASYNC)
    assert other.headers["Location"] not in jobs


def test_job_waits_for_the_next_start(service: Service) -> None:
    """What meets the end of the service is not failed."""
    service.pool.script.append(Draining("stopping"))
    job = hand_in(service.client)
    service.finish_jobs()
    assert service.client.get(job).json()["status"] == "succeeded"
