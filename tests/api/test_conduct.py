"""How every request is treated: its id, its log line, its end, and a service that is stopping."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from readstone.errors import StorageFull
from readstone.settings import LogConfig
from tests.fakes import TEXT, Gate, Service, as_file, base64_of, picture, write_logs

TOKEN = "correct-horse"
NAME = "Payslip-of-Okafor.png"


@pytest.mark.parametrize("given", ["a", "A-z.0_9", "x" * 64])
def test_a_request_id_is_sent_back(client: TestClient, given: str) -> None:
    """The client's own id is that of the answer, and of a refusal."""
    headers = {"X-Request-ID": given}
    assert client.get("/health", headers=headers).headers["X-Request-ID"] == given
    assert client.get("/nowhere", headers=headers).json()["request_id"] == given


@pytest.mark.parametrize("given", ["", " ", "a b", "x" * 65, "<script>", "a\tb", "%0a", "é"])
def test_a_bad_request_id_is_replaced(client: TestClient, given: str) -> None:
    """What could not stand in a header or a log line is not sent back."""
    headers = [(b"X-Request-ID", given.encode("latin-1"))]
    answer = client.get("/nowhere", headers=headers)
    made = answer.headers["X-Request-ID"]
    assert made != given
    assert len(made) == 32
    assert answer.json()["request_id"] == made


def test_every_request_has_its_own_id(client: TestClient) -> None:
    """Ids that the service makes differ."""
    assert len({client.get("/health").headers["X-Request-ID"] for _ in range(5)}) == 5


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """The lines that were logged so far, at the most talkative level."""
    before = logging.getLogger().handlers, logging.getLogger().level
    written = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        write_logs(LogConfig(level="debug", format="json"))
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.basicConfig(handlers=before[0], level=before[1], force=True)


Lines = Callable[[], list[dict[str, object]]]


def test_a_request_has_a_log_line(client: TestClient, log_lines: Lines) -> None:
    """The line says what was asked, how it ended, how long it took, and which request it was."""
    answer = client.get("/v1/nothing", headers={"X-Request-ID": "mine-1"})
    line = next(each for each in log_lines() if each["event"] == "request")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/nothing", 404)
    assert line["request_id"] == answer.headers["X-Request-ID"] == "mine-1"
    assert isinstance(line["seconds"], float)


def test_a_request_id_goes_with_the_job(service: Service, log_lines: Lines) -> None:
    """Whoever sent it finds it at the job, and in the line that tells of its end."""
    headers, files = {"X-Request-ID": "order-4711"}, as_file(picture())
    accepted = service.client.post("/api/v1/process-invoice", files=files, headers=headers)
    service.finish_jobs()
    job = service.client.get(f"/v2/jobs/{accepted.json()['task_id']}").json()
    line = next(each for each in log_lines() if each["event"] == "job ended")
    assert job["request_id"] == line["request_id"] == "order-4711"


def test_no_log_line_tells_what_was_sent_or_read(
    start: Callable[..., Service], log_lines: Lines
) -> None:
    """No text, no file name and no token is logged, whether all goes well or nothing does."""
    service = start(auth__tokens=f"alice:{TOKEN}")
    client, data = service.client, base64_of(picture())
    headers = {"Authorization": f"Bearer {TOKEN}"}
    service.pool.script.append(RuntimeError("broken"))
    for content in (picture(), picture(), picture()[:60], b"", b"%PDF"):
        files = {"file": (NAME, content, "image/png")}
        client.post("/", files=files, headers=headers)
        client.post("/v2/ocr", files=files, headers=headers)
        client.post("/img-echo/", files=files, headers=headers)
        client.post("/v1/imagesync", json={"data": base64_of(content), "token": TOKEN})
    client.post("/v1/imageasync", json={"data": data, "token": TOKEN})
    client.post("/v1/imagesync", json={"data": data, "token": "wrong-horse"})
    client.post("/v1/imagesync", json={"data": 5, "lang": "x-y", "token": "wrong-horse"})
    client.post("/v2/ocr", content=picture(), headers={"Authorization": "Bearer wrong-horse"})
    service.finish_jobs()
    logged = json.dumps(log_lines())
    assert "job ended" in logged
    assert "request broke" in logged
    for secret in ("Quince", "Total", NAME, "Okafor", TOKEN, "wrong-horse", data):
        assert secret not in logged


def test_a_broken_request_is_in_the_log(service: Service, log_lines: Lines) -> None:
    """What the answer hides stands in the log, under the same request id."""
    service.pool.script.append(RuntimeError("a valve is stuck"))
    answer = service.client.post("/v2/ocr", content=picture())
    line = next(each for each in log_lines() if each["event"] == "request broke")
    assert line["request_id"] == answer.json()["request_id"]
    assert "a valve is stuck" in str(line["exception"])
    assert "valve" not in answer.text


class Visitor:
    """A client at the level of ASGI that sends its request and leaves when told to."""

    def __init__(self, path: str, content_type: str, body: bytes) -> None:
        self.scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:8000"), (b"content-type", content_type.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        self._messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self.leave = Gate()
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        """Return the request, and the disconnection once the gate is open."""
        if self._messages:
            return self._messages.pop()
        await self.leave.passed()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Keep what is answered."""
        self.sent.append(message)


FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    + picture()
    + b"\r\n--x--\r\n"
)
VISITS = [
    ("/v2/ocr", "image/png", picture()),
    ("/v2/ocr", "multipart/form-data; boundary=x", FORM),
    ("/v2/ocr", "application/json", json.dumps({"data": base64_of(picture())}).encode()),
    ("/v1/imagesync", "application/json", json.dumps({"data": base64_of(picture())}).encode()),
    ("/", "multipart/form-data; boundary=x", FORM),
    ("/img-echo/", "multipart/form-data; boundary=x", FORM),
]


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: f"{visit[0]} {visit[1]}")
def test_work_ends_when_its_client_leaves(
    service: Service, log_lines: Lines, visit: tuple[str, str, bytes]
) -> None:
    """Work that nobody waits for is cancelled, and the log says that the client had gone."""
    work, visitor = Gate(), Visitor(*visit)
    service.pool.script.append(work)
    done = service.portal.start_task_soon(service.app, visitor.scope, visitor.receive, visitor.send)
    assert work.reached.wait(5)
    assert visitor.leave.reached.wait(5)
    visitor.leave.open()
    done.result(timeout=5)
    assert service.pool.cancelled == 1
    assert [each["status"] for each in log_lines() if each["event"] == "request"] == [499]


def test_a_client_that_leaves_while_it_sends_is_no_mistake(
    service: Service, log_lines: Lines
) -> None:
    """A body that ends early is not logged as a fault of the service."""
    for path, content_type, _ in VISITS:
        visitor = Visitor(path, content_type, b"")
        visitor._messages = [{"type": "http.disconnect"}]
        service.portal.call(service.app, visitor.scope, visitor.receive, visitor.send)
    assert [each for each in log_lines() if each["level"] == "error"] == []


NEW_WORK: dict[str, Callable[[TestClient], Response]] = {
    "ocr": lambda c: c.post("/v2/ocr", content=picture()),
    "imagesync": lambda c: c.post("/v1/imagesync", json={"data": base64_of(picture())}),
    "imageasync": lambda c: c.post("/v1/imageasync", json={"data": base64_of(picture())}),
    "root": lambda c: c.post("/", files=as_file(picture())),
    "echo": lambda c: c.post("/img-echo/", files=as_file(picture())),
}


@pytest.mark.parametrize("work", NEW_WORK)
def test_a_stopping_service_takes_no_new_work(service: Service, work: str) -> None:
    """New work is refused with the time after which another process will be there."""
    service.app.state.is_draining = True
    answer = NEW_WORK[work](service.client)
    assert (answer.status_code, answer.json()["code"]) == (503, "draining")
    assert answer.json()["retryable"] is True
    assert int(answer.headers["Retry-After"]) >= 1
    assert service.pool.calls == []


def test_a_stopping_service_still_tells_of_its_jobs(service: Service) -> None:
    """Whoever waits for a job learns its end; whoever asks whether it is ready learns why not."""
    gate = Gate()
    service.pool.script.append(gate)
    job = NEW_WORK["imageasync"](service.client).json()["jobid"]
    assert gate.reached.wait(5)
    service.app.state.is_draining = True
    address = f"/v1/imageasync_get/{job}"
    assert service.client.get(address).json()["status"] == "running"
    gate.open()
    service.finish_jobs()
    assert service.client.get(address).json()["text"] == TEXT
    assert service.client.get("/health").status_code == 200
    ready = service.client.get("/ready")
    assert (ready.status_code, ready.json()["code"]) == (503, "not_ready")
    assert "stop" in ready.json()["detail"]


def test_a_service_whose_disk_is_full_is_not_ready(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer says why, and which setting decides."""

    async def check_room(size: int) -> None:
        raise StorageFull("the disk has too little room", setting="data.floor_bytes")

    monkeypatch.setattr(service.app.state.parts.storage, "check_room", check_room)
    answer = service.client.get("/ready")
    assert (answer.status_code, answer.json()["setting"]) == (507, "data.floor_bytes")
    assert service.client.get("/health").status_code == 200
