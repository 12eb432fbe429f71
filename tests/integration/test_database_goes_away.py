"""PostgreSQL is killed under a service that takes jobs and files, and started again."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

import httpx2

from readstone.database.connection import open_database
from readstone.database.upgrade import upgrade
from tests.database_server import mortal_database
from tests.fakes import as_file, picture
from tests.integration.conftest import RunningService

SENDERS, EACH = 3, 6
PAUSE_S = 0.1
LATER = {"Prefer": "respond-async"}


class Senders:
    """Clients that send a document to be read and to be kept, again and again until it is taken."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self.refusals: Counter[str] = Counter()
        self.is_refused = Event()
        self.jobs: dict[str, str] = {}
        self.files: dict[str, str] = {}

    def send(self, sender: int) -> None:
        """Send some documents, each with a number of its own."""
        for number in range(sender * EACH, (sender + 1) * EACH):
            text = f"Sheet {number}"
            data = picture(text=text, size=(200, 60))
            self.jobs[self._taken("/v2/ocr", content=data, headers=LATER)["id"]] = text
            kept = self._taken("/v2/files", files=as_file(data))
            self.files[kept["id"]] = sha256(data).hexdigest()

    def _taken(self, address: str, **request: Any) -> Any:
        while not (answer := self._client.post(address, **request)).is_success:
            after = "later" if "retry-after" in answer.headers else "never"
            self.refusals[f"{answer.status_code} {answer.json()['code']} {after}"] += 1
            self.is_refused.set()
            Event().wait(PAUSE_S)
        return answer.json()


async def make_tables(url: str) -> None:
    """Make the tables of the service."""
    database = open_database(url)
    await upgrade(database)
    await database.close()


def listed(client: httpx2.Client, what: str) -> list[dict[str, Any]]:
    """Return all jobs or files there are."""
    return list(client.get(f"/v2/{what}?limit=100").json()[what])


def test_service_outlives_its_database(
    start_service: Callable[..., RunningService], tmp_path: Path
) -> None:
    """Whoever sends is told to come back, and what is sent twice is there once."""
    with mortal_database() as database:
        asyncio.run(make_tables(database.address))
        service = start_service(
            jobs__store="database",
            database__url=database.address,
            data__folder=tmp_path / "data",
            data__floor_bytes=0,
        )
        senders = Senders(service.client)
        with ThreadPoolExecutor(SENDERS) as threads:
            sending = [threads.submit(senders.send, number) for number in range(SENDERS)]
            while not senders.jobs:
                Event().wait(PAUSE_S)
            database.kill()
            assert senders.is_refused.wait(30)
            assert service.client.get("/health").status_code == 200
            assert service.client.get("/ready").status_code == 503
            database.start()
            wait(sending)
        assert [each.exception() for each in sending] == [None] * SENDERS
        assert senders.refusals.keys() == {"503 storage_failed later"}
        for job, text in senders.jobs.items():
            assert service.client.get(f"/v2/jobs/{job}?wait=60").json()["status"] == "succeeded"
            assert service.client.get(f"/v2/jobs/{job}/result?format=text").text == text
        for file, digest in senders.files.items():
            content = service.client.get(f"/v2/files/{file}/content").content
            assert sha256(content).hexdigest() == digest
        for what, sent in (("jobs", senders.jobs), ("files", senders.files)):
            assert {each["id"] for each in listed(service.client, what)} == sent.keys()
            assert len(sent) == SENDERS * EACH
        service.signal()
        assert service.end() == 0
