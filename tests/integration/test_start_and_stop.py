"""How the service starts, refuses to start, tells of itself, and stops."""

import re
import signal
import socket
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
import yaml

from tests.fakes import base64_of
from tests.integration.conftest import PAUSE_S, TEXT, RunningService, readstone

AT_ONCE_S = 5.0


def submit(service: RunningService, data: bytes) -> str:
    """Hand in a picture to be read later; return the address of its job."""
    answer = service.client.post("/v1/imageasync", json={"data": base64_of(data)})
    assert answer.status_code == 200
    return f"/v1/imageasync_get/{answer.json()['jobid']}"


def poll_to_the_end(service: RunningService, address: str) -> list[Any]:
    """Return what is answered until the service listens no more."""
    answers = []
    with suppress(httpx2.TransportError):
        while service.lives_for(PAUSE_S):
            answers.append(service.client.get(address))
    return answers


def test_a_service_that_is_told_to_stop_ends_its_jobs(
    start_service: Callable[..., RunningService], line: bytes, long_work: bytes
) -> None:
    """Jobs end and can be asked for meanwhile, new work is refused, and nothing is left."""
    service = start_service()
    address = submit(service, long_work)
    while service.client.get(address).json()["status"] == "queued":
        assert service.lives_for(PAUSE_S)
    service.signal()
    while service.client.get("/ready").status_code == 200:
        assert service.lives_for(PAUSE_S)
    refused = service.client.post("/v2/ocr", content=line)
    assert (refused.status_code, refused.json()["code"]) == (503, "draining")
    answers = poll_to_the_end(service, address)
    assert answers
    assert {answer.status_code for answer in answers} == {200}
    assert (service.end(), service.left()) == (0, [])
    assert re.search(r"job ended.*status=succeeded", service.log.read_text())


def test_a_second_signal_stops_at_once(
    start_service: Callable[..., RunningService], long_work: bytes
) -> None:
    """Who insists need wait neither for jobs nor for requests, and still nothing is left."""
    service = start_service(ocr__workers=2)
    for number in range(4):
        submit(service, long_work + bytes([number]))  # else they would share one reading
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(service.client.post, "/v2/ocr", content=long_work)
        while not service.client.get("/ready").json()["waiting"]:
            assert not asked.done()
        service.signal()
        while service.client.get("/ready").status_code == 200:
            assert service.lives_for(PAUSE_S)
        began = monotonic()
        service.signal()
        service.end()
        assert monotonic() - began < AT_ONCE_S
        assert (asked.result().status_code, asked.result().json()["code"]) == (503, "draining")
    assert service.left() == []


def test_jobs_get_no_more_than_the_grace_time(
    start_service: Callable[..., RunningService], long_work: bytes
) -> None:
    """After server.grace_s the service stops, whatever is under way."""
    service = start_service(server__grace_s=1, ocr__workers=1)
    for _ in range(4):
        submit(service, long_work)
    began = monotonic()
    service.signal()
    assert service.end() == 0
    assert monotonic() - began < 1 + AT_ONCE_S
    assert service.left() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_service_stops_at_once(
    start_service: Callable[..., RunningService], number: int
) -> None:
    """Without work there is nothing to wait for."""
    service = start_service()
    service.client.get("/health")
    began = monotonic()
    service.signal(number)
    assert (service.end(), service.left()) == (0, [])
    assert monotonic() - began < AT_ONCE_S


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "unknown key": ({"server__prot": 8000}, "READSTONE_SERVER__PROT is no setting; did you mean"),
    "no time at all": ({"ocr__deadline_s": 0}, "ocr.deadline_s"),
    "open to all": ({"server__host": "0.0.0.0"}, "READSTONE_AUTH__TOKENS"),
    "short token": ({"auth__tokens": "alice:secret"}, "auth.tokens"),
    "environment": ({"env": "test"}, "choose one of local, dev, stg, prd"),
    "language": ({"ocr__language": "tlh"}, "ocr.language: tlh is not installed; installed are"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_work_does_not_start(tmp_path: Path, case: str) -> None:
    """A wrong setting ends the start with one line that names it, and exit code 2."""
    settings, named = REFUSED[case]
    ended = readstone(tmp_path, "serve", "--port", "1", **settings)
    said = ended.stderr.splitlines()
    assert ended.returncode == 2
    assert len(said) == 1
    assert said[0].startswith("readstone: ")
    assert named in said[0]
    assert "secret" not in ended.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """A service that cannot listen says where, ends with an exit code, and leaves nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
        ended = readstone(tmp_path, "serve", "--port", port)
    assert ended.returncode != 0
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_greeting_tells_how_to_begin(running: RunningService) -> None:
    """The first line holds the address at which the service listens."""
    assert str(running.client.base_url).rstrip("/") in running.greeting


def test_check_prints_the_configuration_and_the_engine(tmp_path: Path) -> None:
    """Settings in force stand there as YAML, the engine and its languages below, no secret."""
    ended = readstone(tmp_path, "check", auth__tokens="alice:correct-horse", ocr__deadline_s="12.5")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "correct-horse" not in ended.stdout
    settings, _, facts = ended.stdout.partition("readstone ")
    config = yaml.safe_load(settings)
    assert config["environment"] == "local"
    assert config["ocr"]["deadline_s"] == 12.5
    assert list(config["auth"]["tokens"]) == ["alice"]
    assert "engine: tesseract " in facts
    assert "eng" in facts.partition("languages: ")[2].strip().split(", ")


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    """`check` refuses what `serve` refuses."""
    ended = readstone(tmp_path, "check", ocr__wait_s=0)
    assert ended.returncode == 2
    assert ended.stderr.startswith("readstone: ocr.wait_s")


def test_token_prints_a_token_that_works(
    tmp_path: Path, start_service: Callable[..., RunningService], line: bytes
) -> None:
    """Each token is new, and a service takes it."""
    token, other = (readstone(tmp_path, "token").stdout.strip() for _ in range(2))
    assert token != other
    assert len(token) >= 32
    service = start_service(auth__tokens=f"alice:{token}")
    for sent, status in ((token, 200), (other, 401)):
        headers = {"Authorization": f"Bearer {sent}"}
        answer = service.client.post("/v2/ocr?format=text", content=line, headers=headers)
        assert answer.status_code == status
        assert (answer.text == TEXT) is (status == 200)
    assert token not in service.log.read_text()
    service.signal()
    assert service.end() == 0


def test_documentation_opens_in_a_browser(running: RunningService, tmp_path: Path) -> None:
    """A browser that reaches no other host draws every route of the documentation."""
    url = str(running.client.base_url.join("/docs"))
    drawn = subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={tmp_path}",
            "--virtual-time-budget=10000",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    for path in ("/v1/imagesync", "/v1/imageasync", "/img-echo/", "/v2/ocr", "/health"):
        assert f'data-path="{path}"' in drawn
