"""Real pictures, the real engine, a real socket: what a client sees."""

from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from tests.fakes import as_file, base64_of
from tests.integration.conftest import TEXT, RunningService
from tests.unit.engine.render.pdf.places import text_of

TESTDATA = Path(__file__).parents[2] / "testdata"
Read = Callable[[httpx2.Client, bytes], str]


def post_and_poll(client: httpx2.Client, data: bytes) -> str:
    """Hand in a picture and ask until its text is there."""
    job = client.post("/v1/imageasync", json={"data": base64_of(data)}).json()["jobid"]
    while (answer := client.get(f"/v1/imageasync_get/{job}").json())["status"] != "succeeded":
        assert answer["status"] in ("queued", "running")
    return str(answer["text"])


ROUTES: dict[str, Read] = {
    "ocr form": lambda c, data: c.post("/v2/ocr", files=as_file(data)).json()["text"],
    "ocr base64": lambda c, data: c.post("/v2/ocr", json={"data": base64_of(data)}).json()["text"],
    "ocr raw": lambda c, data: c.post("/v2/ocr", content=data).json()["text"],
    "ocr as text": lambda c, data: c.post("/v2/ocr?format=text", content=data).text,
    "ocr as pdf": lambda c, data: text_of(c.post("/v2/ocr?format=pdf", content=data).content),
    "imagesync": lambda c, data: c.post("/v1/imagesync", json={"data": base64_of(data)}).json()[
        "text"
    ],
    "imageasync": post_and_poll,
    "root": lambda c, data: c.post("/", files=as_file(data)).json()["original"],
}


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_reads_a_picture(http: httpx2.Client, line: bytes, route: str) -> None:
    """The text of a picture comes back by every route."""
    assert ROUTES[route](http, line) == TEXT


def test_invoice_is_read_by_workers(http: httpx2.Client) -> None:
    """XML, text layer and a picture of the same invoice give the same total."""
    folder = TESTDATA / "invoice"
    pdf = (folder / "xml" / "same.pdf").read_bytes()
    queries = {"": "embedded_xml", "?embedded_xml=never": "text_layer"}
    queries["?embedded_xml=never&text_layer=never"] = "ocr"
    for query, source in queries.items():
        total = http.post(f"/v2/invoices{query}", content=pdf).json()["total"]
        assert (total["value"], total["source"]) == ("125.87", source)


def test_boxes_lie_on_the_words(http: httpx2.Client, line: bytes) -> None:
    """Each word's box holds its ink, in the order in which one reads."""
    page = http.post("/v2/ocr", content=line).json()["pages"][0]
    words = page["lines"][0]["words"]
    assert [word["text"] for word in words] == TEXT.split()
    assert [word["bbox"] for word in words] == sorted(word["bbox"] for word in words)
    image = Image.open(BytesIO(line)).convert("L")
    for word in words:
        assert image.crop(tuple(word["bbox"])).getextrema()[0] < 64
        assert 0.5 < word["confidence"] <= 1


def test_echo_sends_the_same_pixels(http: httpx2.Client, line: bytes) -> None:
    """A lossless picture comes back as it was, and no metadata with it."""
    sent = Image.open(BytesIO(line))
    file = BytesIO()
    sent.save(file, "PNG", pnginfo=None, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0", dpi=(300, 300))
    answer = http.post("/img-echo/", files=as_file(file.getvalue()))
    back = Image.open(BytesIO(answer.content))
    assert (back.format, back.size, back.tobytes()) == ("PNG", sent.size, sent.tobytes())
    assert back.info == {}


def test_digits_only(http: httpx2.Client, line: bytes) -> None:
    """A parameter from the allow-list changes what is read, for this request only."""
    asked = {"data": b64encode(line).decode(), "psm": 7}
    only = asked | {"parameters": {"tessedit_char_whitelist": "0123456789"}}
    text = http.post("/v2/ocr", json=only).json()["text"]
    assert set(text) <= set("0123456789 \n")
    assert http.post("/v2/ocr", json=asked).json()["text"] == TEXT


def test_many_clients_get_their_own_answers(running: RunningService, line: bytes) -> None:
    """Sixteen clients with different requests at once each get what they asked for."""
    requests: list[tuple[str, dict[str, Any], int]] = [
        ("/v2/ocr", {"content": line}, 200),
        ("/v2/ocr?format=text", {"content": line}, 200),
        ("/v2/ocr", {"content": line[:80]}, 422),
        ("/v2/ocr?lang=tlh", {"content": line}, 422),
        ("/", {"files": as_file(line)}, 200),
        ("/", {"files": as_file(b"%PDF")}, 415),
        ("/img-echo/", {"files": as_file(line)}, 200),
        ("/v1/imagesync", {"json": {"data": base64_of(line)}}, 200),
    ]

    def ask(number: int) -> None:
        path, body, status = requests[number % len(requests)]
        headers = {"X-Request-ID": f"client-{number}"}
        answer = httpx2.post(
            running.client.base_url.join(path), headers=headers, timeout=60, **body
        )
        assert answer.status_code == status
        assert answer.headers["X-Request-ID"] == f"client-{number}"
        if status == 200 and not path.startswith("/img-echo"):
            assert TEXT in answer.text

    with ThreadPoolExecutor(16) as clients:
        assert len(list(clients.map(ask, range(64)))) == 64
