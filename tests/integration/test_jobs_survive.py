"""Jobs over a real service: work that is carried on, and taken up again."""

import signal
from collections.abc import Callable
from pathlib import Path

import httpx2

from tests.integration.conftest import RunningService, busy_worker

ASYNC = {"Prefer": "respond-async"}


def result(client: httpx2.Client, job: str) -> str:
    """Return the text that a job brings in the end."""
    while not (told := client.get(f"{job}?wait=60").json())["finished_at"]:
        pass
    assert (told["status"], told["error"]) == ("succeeded", None)
    return client.get(f"{job}/result?format=text").text


def test_work_that_takes_long_is_carried_on(http: httpx2.Client, long_work: bytes) -> None:
    """The client has a job before the page is read, and the text in the end."""
    answer = http.post("/v2/ocr", content=long_work, headers={"Prefer": "wait=0"})
    assert (answer.status_code, answer.json()["status"]) == (202, "running")
    assert "quick brown" in result(http, answer.headers["Location"])


def test_jobs_survive_the_death_of_the_service(
    start_service: Callable[..., RunningService], tmp_path: Path, line: bytes, long_work: bytes
) -> None:
    """The next start takes up what was interrupted, and what waited, also within a batch."""
    kept = {"jobs__store": "database", "data__folder": tmp_path / "data", "data__floor_bytes": 0}
    service = start_service(ocr__workers=1, **kept)
    files = [("files", data) for data in (long_work, line)]
    batch = service.client.post("/v2/batches", files=files).headers["Location"]
    job = service.client.post("/v2/ocr", content=line, headers=ASYNC).headers["Location"]
    busy_worker(service)
    service.signal(signal.SIGKILL)
    service.end()
    service = start_service(**kept)
    assert "Quince" in result(service.client, job)
    while not (told := service.client.get(f"{batch}?wait=60").json())["finished_at"]:
        pass
    assert (told["status"], [each["attempts"] for each in told["children"]]) == (
        "succeeded",
        [2, 1],
    )
    texts = [result(service.client, each["links"]["self"]) for each in told["children"]]
    assert "quick brown" in texts[0]
    assert "Quince" in texts[1]
    service.signal()
    assert service.end() == 0
