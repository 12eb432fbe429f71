"""Batches: many files at once, each of which becomes a job of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.errors import CorruptInput
from tests.api.test_jobs import hand_in, held
from tests.fakes import TEXT, Gate, Service, as_file, base64_of, picture

Start = Callable[..., Service]
NO_PICTURE = b"no picture"


def pictures(count: int) -> list[bytes]:
    """Return pictures that differ."""
    return [picture(size=(40, 30 + number)) for number in range(count)]


def send(client: TestClient, *files: bytes, **fields: str) -> Response:
    """Send files as one batch."""
    return client.post("/v2/batches", files=[("files", data) for data in files], data=fields)


def ended(service: Service, answer: Response) -> Any:
    """Return a batch when all within it has ended."""
    assert answer.status_code == 202
    service.finish_jobs()
    return service.client.get(answer.headers["Location"]).json()


def test_every_file_is_a_job(service: Service) -> None:
    """In the order of the files, and the batch is as far as they are."""
    with held(service) as (gate,):
        answer = send(service.client, *pictures(3), psm="6")
        assert gate.reached.wait(5)
        batch = service.client.get(answer.headers["Location"]).json()
        assert (batch["kind"], batch["status"], batch["finished_at"]) == ("batch", "running", None)
        assert batch["progress"]["pages_total"] is None
        assert {child["status"] for child in batch["children"]} <= {
            "queued",
            "running",
            "succeeded",
        }
    batch = ended(service, answer)
    assert (batch["status"], batch["error"]) == ("succeeded", None)
    assert batch["progress"] == {"pages_done": 3, "pages_total": 3}
    assert batch["created_at"] <= batch["finished_at"] < batch["expires_at"]
    assert "result" not in batch["links"]
    for child in batch["children"]:
        assert service.client.get(child["links"]["result"]).json()["text"] == TEXT
    sizes = [service.client.get(c["links"]["result"]).json()["usage"] for c in batch["children"]]
    assert [each["bytes"] for each in sizes] == [len(data) for data in pictures(3)]


def test_refused_file_does_not_fail_the_others(service: Service) -> None:
    """It is among the children with its problem, and the batch is partial."""
    batch = ended(service, send(service.client, NO_PICTURE, picture(), b""))
    assert batch["status"] == "partial"
    assert [child["status"] for child in batch["children"]] == ["failed", "succeeded", "failed"]
    errors = [child["error"] and child["error"]["code"] for child in batch["children"]]
    assert errors == ["unsupported_type", None, "invalid_request"]
    assert batch["progress"] == {"pages_done": 1, "pages_total": 1}


def test_batch_of_refused_files_has_failed(service: Service) -> None:
    """It ends at once, and can be sent again."""
    answer = send(service.client, NO_PICTURE)
    assert answer.json()["status"] == "failed"
    assert send(service.client, NO_PICTURE).json()["id"] != answer.json()["id"]


def test_file_that_cannot_be_read_makes_the_batch_partial(service: Service) -> None:
    """Whichever of them it is."""
    service.pool.script.append(CorruptInput("the picture is damaged"))
    batch = ended(service, send(service.client, *pictures(2)))
    assert batch["status"] == "partial"
    assert sorted(child["status"] for child in batch["children"]) == ["failed", "succeeded"]


def test_files_come_as_json_and_by_their_ids(service: Service) -> None:
    """In base64, or as kept before; an id that is not known is a refused file."""
    kept = service.client.post("/v2/files", files=as_file(picture())).json()["id"]
    files = [
        {"data": base64_of(picture("BMP"))},
        {"file_id": kept},
        {"file_id": "0"},
        {"data": "?"},
    ]
    batch = ended(service, service.client.post("/v2/batches", json={"files": files}))
    errors = [child["error"] and child["error"]["code"] for child in batch["children"]]
    assert errors == [None, None, "not_found", "bad_request"]
    form = send(service.client, picture("GIF"), file_id=kept)
    assert [child["status"] for child in ended(service, form)["children"]] == ["succeeded"] * 2


@pytest.mark.parametrize(
    ("kind", "options", "child", "media_type"),
    [
        ("ocr", {"parameters": '{"load_freq_dawg": "0"}'}, "ocr", "application/json"),
        ("invoice", {"embedded_xml": "never"}, "invoice", "application/json"),
        ("redact", {"entities": "email,iban"}, "mask", "image/png"),
        ("redact", {"mode": "hash"}, "redact", "application/json"),
    ],
)
def test_batch_is_of_any_kind(
    service: Service, kind: str, options: dict[str, str], child: str, media_type: str
) -> None:
    """With the options of the kind's own route, in the form or in the query."""
    batch = ended(service, send(service.client, picture(), kind=kind, **options))
    assert [each["kind"] for each in batch["children"]] == [child]
    result = service.client.get(batch["children"][0]["links"]["result"])
    assert (result.status_code, result.headers["content-type"]) == (200, media_type)
    in_query = service.client.post(
        "/v2/batches", params={"kind": kind, **options}, files=as_file(picture("BMP"))
    )
    assert ended(service, in_query)["children"][0]["kind"] == child


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"psm": "2"}, "psm"),
        ({"kind": "poem"}, "kind"),
        ({"colour": "red"}, "colour"),
        ({"format": "pdf", "wait": "3"}, "format, wait: ask for it with the result"),
        ({"lang": "tlh"}, "tlh is not installed"),
        ({"callback": "erp"}, "callback"),
    ],
)
def test_option_that_cannot_be_used_refuses_the_batch(
    service: Service, fields: dict[str, str], named: str
) -> None:
    """It holds for every file, so nothing is kept."""
    answer = send(service.client, picture(), **fields)
    assert answer.status_code == 422
    assert named in answer.text
    assert service.client.get("/v2/jobs").json()["jobs"] == []
    assert service.app.state.parts.storage._kept == {}


def test_files_of_a_batch_are_counted(start: Start) -> None:
    """The refusal names limit and setting; what has no file is no batch."""
    service = start(limits__batch_files=2)
    for files in (pictures(3), []):
        answer = send(service.client, *files, kind="ocr")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert answer.json()["setting"] == "limits.batch_files"
        assert (answer.json()["limit"], answer.json()["actual"]) == (2, len(files))


def test_line_must_have_room_for_all_files(start: Start) -> None:
    """A batch that would wait too long is refused whole, and nothing of it is kept."""
    service = start(jobs__wait_s=60)
    service.pool.mean_work_s = 30
    assert send(service.client, *pictures(2)).status_code == 202
    service.finish_jobs()
    answer = send(service.client, *pictures(5))
    assert (answer.status_code, answer.json()["setting"]) == (503, "jobs.wait_s")
    assert int(answer.headers["Retry-After"]) > 0
    assert len(service.client.get("/v2/jobs").json()["jobs"]) == 1


def test_places_must_do_for_all_files(start: Start) -> None:
    """One that has no room in the store leaves no input."""
    service = start(jobs__max_jobs=4)
    gates = [Gate(), Gate()]
    service.pool.script.extend(gates)
    assert send(service.client, *pictures(2)).status_code == 202
    answer = send(service.client, *(picture("BMP"), picture("GIF")))
    assert (answer.status_code, answer.json()["code"]) == (503, "store_full")
    assert len(service.app.state.parts.storage._kept) == 2
    for gate in gates:
        gate.open()
    service.finish_jobs()
    assert send(service.client, *(picture("BMP"), picture("GIF"))).status_code == 202


def test_same_batch_is_one_batch(service: Service) -> None:
    """Whoever sends it again has the same, and nothing is kept twice."""
    first, again = (send(service.client, *pictures(2)) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert send(service.client, *pictures(2)[::-1]).json()["id"] != first.json()["id"]
    service.finish_jobs()
    assert len(service.app.state.parts.storage._kept) == 2 * 2 * 2  # inputs and results


def test_canceled_batch_cancels_what_is_left(service: Service) -> None:
    """What runs ends at once, what waits is not begun, and what has ended is kept."""
    gates = [Gate(), Gate()]
    service.pool.script.extend(gates)
    answer = send(service.client, NO_PICTURE, *pictures(3))
    for gate in gates:
        assert gate.reached.wait(5)
    address = answer.headers["Location"]
    canceled = service.client.post(f"{address}/cancel").json()
    assert (canceled["status"], canceled["children"][0]["status"]) == ("canceled", "failed")
    assert {child["status"] for child in canceled["children"][1:]} == {"canceled"}
    assert service.pool.cancelled == 2
    assert service.app.state.parts.storage._kept == {}
    assert service.client.post(f"{address}/cancel").status_code == 409
    result = service.client.get(f"{address}/result")
    assert (result.status_code, "children" in result.json()["detail"]) == (409, True)


def test_children_that_are_canceled_one_by_one_end_the_batch(service: Service) -> None:
    """A batch of which nothing is left to do has ended."""
    with held(service, 2):
        answer = send(service.client, *pictures(4))
        for child in answer.json()["children"][2:]:
            assert service.client.post(child["links"]["cancel"]).status_code == 200
    assert ended(service, answer)["status"] == "partial"


def test_erased_batch_leaves_nothing(service: Service) -> None:
    """Neither an input nor a result of any file, whether it has ended or not."""
    with held(service, 2):
        running = send(service.client, *pictures(3)).headers["Location"]
    service.finish_jobs()
    with held(service):
        waiting = send(service.client, *pictures(2)[::-1]).headers["Location"]
        hand_in(service.client, picture("BMP"))
        for address in (running, waiting):
            children = service.client.get(address).json()["children"]
            assert service.client.delete(address).status_code == 204
            for each in (address, *(child["links"]["self"] for child in children)):
                assert service.client.get(each).status_code == 410
        service.pool.script.clear()


def test_batch_can_be_waited_for_and_followed(service: Service) -> None:
    """Its end is told when the last of its files has ended."""
    with held(service):
        address = send(service.client, *pictures(3)).headers["Location"]
    assert service.client.get(f"{address}?wait=60").json()["status"] == "succeeded"
    assert "event: ended" in service.client.get(f"{address}/events").text


def test_list_shows_batches_and_not_their_children(service: Service) -> None:
    """A batch has one place in the list, whatever is in it."""
    batch = send(service.client, *pictures(3)).json()
    job = hand_in(service.client)
    listed = service.client.get("/v2/jobs").json()["jobs"]
    assert [each["links"]["self"] for each in listed] == [job, batch["links"]["self"]]
    assert [len(each["children"] or []) for each in listed] == [0, 3]
