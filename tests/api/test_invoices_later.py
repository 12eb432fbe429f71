"""Invoices that are read later: a task, its result, who may see it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.events.event import EventStatus
from tests.fakes import Service, as_file, picture
from tests.webhook_receiver import SECRET, receive

XML = (Path(__file__).parents[2] / "testdata" / "invoice" / "xml" / "ubl.xml").read_bytes()


def test_invoice_is_read_later(service: Service) -> None:
    """The answer names a task at once, and the task has the invoice in the end."""
    accepted = service.client.post("/api/v1/process-invoice", files=as_file(XML))
    task = accepted.json()
    assert (accepted.status_code, task["status"], task["durability"]) == (202, "queued", "volatile")
    service.finish_jobs()
    body = service.client.get(task["status_url"]).json()
    assert (body["task_id"], body["status"], body["error"]) == (task["task_id"], "succeeded", None)
    assert body["result"]["total"]["value"] == "125.87"


def test_task_that_fails_has_a_problem(service: Service) -> None:
    """What is wrong with the file is said as everywhere else."""
    damaged = b"\x89PNG\r\n\x1a\n" + b"no picture"
    task = service.client.post("/api/v1/process-invoice", files=as_file(damaged)).json()
    service.finish_jobs()
    body = service.client.get(task["status_url"]).json()
    assert (body["status"], body["result"]) == ("failed", None)
    assert body["error"]["code"] == "corrupt_input"
    assert body["error"]["status"] == 422


def test_task_belongs_to_its_caller(start: Callable[..., Service]) -> None:
    """Another caller does not learn that there is one."""
    client = start(auth__tokens="ann:" + "a" * 32 + ",bob:" + "b" * 32).client
    ann, bob = ({"Authorization": f"Bearer {each * 32}"} for each in "ab")
    task = client.post("/api/v1/process-invoice", files=as_file(XML), headers=ann).json()
    assert client.get(task["status_url"], headers=ann).status_code == 200
    assert client.get(task["status_url"], headers=bob).status_code == 404
    assert client.get(task["status_url"]).status_code == 401


def test_tasks_and_jobs_are_not_mixed_up(service: Service) -> None:
    """A picture that is read later is no invoice task, nor the other way about."""
    client = service.client
    task = client.post("/api/v1/process-invoice", files=as_file(picture())).json()["task_id"]
    assert client.get(f"/v1/imageasync_get/{task}").status_code == 404
    assert client.get("/api/v1/tasks/nobody").status_code == 404


def ask(client: TestClient, **fields: str) -> Response:
    """Hand in an invoice with further parts of the form."""
    return client.post("/api/v1/process-invoice", files=as_file(XML), data=fields)


def test_target_is_told_of_the_end(start: Callable[..., Service]) -> None:
    """The message is signed, and names the task, so that its invoice can be asked for."""
    with receive() as target:
        service = start(webhooks__targets=f"erp:{target.address}", webhooks__secret=SECRET)
        task = ask(service.client, callback="erp").json()["task_id"]
        told = target.next().verified()
    assert (told["type"], told["subject"]) == ("job.finished", task)
    assert told["data"]["id"] == task
    assert (told["data"]["kind"], told["data"]["status"]) == ("invoice", "succeeded")


def is_told(service: Service, task: str) -> bool:
    """Return whether the service knows that the target has taken the message."""
    [event] = service.portal.call(service.app.state.parts.outbox.about, task)
    return bool(event.status == EventStatus.TAKEN)


def test_target_is_told_again_when_it_asks(start: Callable[..., Service]) -> None:
    """With the same id, so that it knows the message; a job without a callback tells nobody."""
    with receive() as target:
        service = start(webhooks__targets=f"erp:{target.address}", webhooks__secret=SECRET)
        task = ask(service.client, callback="erp").json()["task_id"]
        first = target.next()
        while not is_told(service, task):
            assert target.messages.empty()
        assert service.client.post(f"/v2/jobs/{task}/redeliver").status_code == 202
        assert target.next().headers["webhook-id"] == first.headers["webhook-id"]
    silent = ask(service.client).json()["task_id"]
    assert service.client.post(f"/v2/jobs/{silent}/redeliver").status_code == 409


@pytest.mark.parametrize(
    "fields",
    [{"callback": "nobody"}, {"callback_url": "https://other.example/"}, {"callback_url": "x"}],
)
def test_callback_that_is_not_allowed_is_refused(
    start: Callable[..., Service], fields: dict[str, str]
) -> None:
    """Only targets of the configuration, and hosts that it allows."""
    client = start(webhooks__allowed_hosts="hooks.example", webhooks__secret=SECRET).client
    assert ask(client, **fields).status_code == 422
    assert ask(client, callback_url="https://hooks.example/x").status_code == 202


def test_nobody_is_called_back_by_default(client: TestClient) -> None:
    """The refusal names the setting."""
    answer = ask(client, callback="erp")
    assert (answer.status_code, answer.json()["setting"]) == (422, "webhooks.targets")


def test_what_is_no_document_is_refused_at_once(service: Service) -> None:
    """Nobody waits for a task that cannot succeed."""
    for data, status in ((b"", 422), (b"Dear Ms. Okafor", 415)):
        answer = service.client.post("/api/v1/process-invoice", files=as_file(data))
        assert answer.status_code == status
