"""What the service does when work is long, hostile or killed: others go on."""

import os
import signal
import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import httpx2
import pytest

from tests.fakes import as_file, base64_of, picture
from tests.integration.conftest import TEXT, RunningService, busy_worker, is_read

SOON_S = 5.0


def png(width: int, height: int, *, rows: int) -> bytes:
    """Return a bilevel PNG that claims a size and holds so many white rows."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * rows, 9)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_killed_worker_costs_nobody_an_answer(
    running: RunningService, line: bytes, long_work: bytes
) -> None:
    """The work of a worker that is killed is done by its successor, while others are served."""
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(running.client.post, "/v2/ocr?format=text", content=long_work)
        os.kill(busy_worker(running), signal.SIGKILL)
        assert is_read(running.client, line)
        answer = asked.result()
    assert answer.status_code == 200
    assert "quick brown" in answer.text
    assert len(running.workers()) == running.client.get("/ready").json()["workers"]


def test_work_that_kills_twice_is_given_up(
    running: RunningService, line: bytes, long_work: bytes
) -> None:
    """Work whose second worker dies too is refused by a problem document; others go on."""
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(running.client.post, "/v2/ocr", content=long_work)
        for _ in range(2):
            os.kill(busy_worker(running), signal.SIGKILL)
        assert is_read(running.client, line)
        answer = asked.result()
    assert (answer.status_code, answer.json()["code"]) == (422, "breaks_engine")


@pytest.mark.parametrize(
    "data",
    [
        png(10_000, 6_000, rows=6_000),
        png(30_000, 30_000, rows=30_000),
        png(2_000_000_000, 2_000_000_000, rows=1),
        png(40_000, 10, rows=10),
    ],
    ids=["60 megapixels", "bomb", "giant header", "long side"],
)
def test_too_many_pixels_are_refused_at_once(http: httpx2.Client, line: bytes, data: bytes) -> None:
    """A picture that may not be decoded is refused by every route, fast, while others are read."""
    began = monotonic()
    answers = [
        http.post("/v2/ocr", content=data),
        http.post("/v1/imagesync", json={"data": base64_of(data)}),
        http.post("/", files=as_file(data)),
        http.post("/img-echo/", files=as_file(data)),
    ]
    assert is_read(http, line)
    assert monotonic() - began < SOON_S
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (413, "image_too_large")
        assert answer.json()["setting"] in ("limits.pixels", "limits.side_px")


HOSTILE = {
    "empty": b"",
    "one byte": b"\x89",
    "only magic": b"\x89PNG\r\n\x1a\n",
    "no pixels": png(100, 100, rows=100)[:45],
    "zero wide": png(0, 10, rows=1),
    "jpeg of nothing": b"\xff\xd8\xff\xe0" + bytes(100),
    "tiff that points to itself": b"II*\0\x08\0\0\0\x01\0" + b"\0\x01" * 6 + b"\x08\0\0\0",
    "gif of nothing": b"GIF89a" + b"\xff" * 20,
    "webp that lies": b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff" + bytes(50),
    "bmp of minus one row": b"BM" + bytes(8) + struct.pack("<IIii", 54, 40, 10, -1) + bytes(40),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>",
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\3\4" + bytes(50),
    "script": b"#!/bin/sh\nexit 1\n",
    "zeros": bytes(100_000),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_refused(http: httpx2.Client, line: bytes, data: bytes) -> None:
    """Bytes that are no good picture get a problem document by every route, never a 5xx."""
    answers = [
        http.post("/v2/ocr", content=data),
        http.post("/v2/ocr", files=as_file(data)),
        http.post("/v1/imagesync", json={"data": base64_of(data)}),
        http.post("/", files=as_file(data)),
        http.post("/img-echo/", files=as_file(data)),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"
    assert is_read(http, line)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_a_cut_picture_ends_in_an_answer(http: httpx2.Client, line: bytes, kind: str) -> None:
    """A picture cut at any of ten places is read or refused."""
    data = picture(kind, text=TEXT, size=(400, 60))
    for tenth in range(10):
        answer = http.post("/v2/ocr", content=data[: len(data) * tenth // 10])
        assert answer.status_code in (200, 415, 422)
    assert is_read(http, line)


def test_a_full_line_sends_people_away(
    start_service: Callable[..., RunningService], line: bytes, long_work: bytes
) -> None:
    """Who would wait longer than ocr.wait_s is told to come back; who leaves frees the worker."""
    service = start_service(ocr__wait_s=0.5, ocr__workers=1)
    with (
        ThreadPoolExecutor(1) as elsewhere,
        httpx2.Client(base_url=service.client.base_url, timeout=1.8) as impatient,
    ):
        asked = elsewhere.submit(impatient.post, "/v2/ocr", content=long_work)
        busy_worker(service)
        answer = service.client.post("/v2/ocr", content=line)
        assert (answer.status_code, answer.json()["code"]) == (503, "queue_full")
        assert int(answer.headers["Retry-After"]) >= 1
        assert isinstance(asked.exception(), httpx2.ReadTimeout)
    began = monotonic()
    while not is_read(service.client, line):
        assert monotonic() - began < SOON_S
    service.signal()
    assert (service.end(), service.left()) == (0, [])
