"""Every way in and every way out of the routes that read a picture."""

import json
import re
from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.document import Box
from readstone.engine.base import STEPS, PictureLimits
from readstone.engine.line import Lane
from readstone.engine.pages import MEDIA_TYPES
from tests.fakes import TEXT, Service, as_file, base64_of, picture
from tests.unit.engine.render.pdf.places import text_of

TESTDATA = Path(__file__).parents[2] / "testdata"

Send = Callable[[TestClient, bytes], Response]
LINES = TEXT.splitlines()


WAYS_IN: dict[str, Send] = {
    "multipart": lambda c, data: c.post("/v2/ocr", files=as_file(data)),
    "multipart with a wrong type": lambda c, data: c.post(
        "/v2/ocr", files={"file": ("x.pdf", data, "application/pdf")}
    ),
    "base64": lambda c, data: c.post("/v2/ocr", json={"data": base64_of(data)}),
    "base64 with line breaks": lambda c, data: c.post(
        "/v2/ocr", json={"data": encodebytes(data).decode()}
    ),
    "data uri": lambda c, data: c.post(
        "/v2/ocr", json={"data": f"data:image/png;base64,{base64_of(data)}"}
    ),
    "json with a charset": lambda c, data: c.post(
        "/v2/ocr",
        content=json.dumps({"data": base64_of(data)}),
        headers={"Content-Type": "Application/JSON; charset=utf-8"},
    ),
    "raw": lambda c, data: c.post("/v2/ocr", content=data, headers={"Content-Type": "image/png"}),
    "raw without a type": lambda c, data: c.post("/v2/ocr", content=data),
    "raw as curl --data-binary sends it": lambda c, data: c.post(
        "/v2/ocr",
        content=data,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ),
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_v2_takes_a_picture_in_every_way(client: TestClient, way: str) -> None:
    """A picture is read whichever way it comes."""
    answer = WAYS_IN[way](client, picture())
    assert answer.status_code == 200
    assert answer.json()["text"] == TEXT


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_v2_takes_every_format(client: TestClient, kind: str) -> None:
    """The bytes tell the format, and nothing else does."""
    answer = client.post("/v2/ocr", content=picture(kind), headers={"Content-Type": "text/html"})
    assert answer.json()["text"] == TEXT


def test_v2_answers_with_all_that_was_read(client: TestClient) -> None:
    """The result has pages, lines, words, the engine, what it took, and the request's id."""
    data = picture()
    answer = client.post("/v2/ocr", files=as_file(data), headers={"X-Request-ID": "mine-1"})
    result = answer.json()
    page = result["pages"][0]
    assert (result["id"], result["status"], result["confidence"]) == ("mine-1", "succeeded", 0.9)
    assert (page["page"], page["width"], page["height"], page["rotation"]) == (1, 40, 30, 0)
    assert [line["text"] for line in page["lines"]] == LINES
    assert page["lines"][0]["words"][1] == {
        "text": "jam",
        "bbox": [9, 0, 17, 8],
        "confidence": 0.9,
        "span": [7, 10],
    }
    assert result["engine"] == {"name": "fake", "version": "1.2.3", "languages": ["eng"]}
    assert result["usage"] == {
        "pages": 1,
        "bytes": len(data),
        "queue_ms": 1.0,
        "ocr_ms": 20.0,
        "cached": False,
    }
    assert answer.headers["Server-Timing"] == "queue;dur=1.0, ocr;dur=20.0"


def test_spans_are_places_in_the_page_text(client: TestClient) -> None:
    """The text between a word's span is the word."""
    page = client.post("/v2/ocr", content=picture()).json()["pages"][0]
    words = [word for line in page["lines"] for word in line["words"]]
    assert [page["text"][slice(*word["span"])] for word in words] == TEXT.split()


@pytest.mark.parametrize(
    ("detail", "pages", "lines", "words"),
    [("none", 0, 0, 0), ("page", 1, 0, 0), ("line", 1, 2, 0), ("word", 1, 2, 5)],
)
def test_detail_says_how_far_down_the_answer_goes(
    client: TestClient, detail: str, pages: int, lines: int, words: int
) -> None:
    """Each level of detail holds the levels above it, and always the text."""
    result = client.post(f"/v2/ocr?detail={detail}", content=picture()).json()
    found_lines = [line for page in result["pages"] for line in page["lines"] or []]
    found_words = [word for line in found_lines for word in line["words"] or []]
    assert result["text"] == TEXT
    assert (len(result["pages"]), len(found_lines), len(found_words)) == (pages, lines, words)


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/json"),
        ("", "application/json", "application/json"),
        ("", "text/plain", "text/plain"),
        ("", "text/plain; charset=utf-8, */*;q=0.5", "text/plain"),
        ("", "text/html, */*", "application/json"),
        ("?format=text", "application/json", "text/plain"),
        ("?format=json", "text/plain", "application/json"),
    ],
)
def test_v2_answers_in_the_format_that_was_asked_for(
    client: TestClient, query: str, accept: str, media_type: str
) -> None:
    """The query names the format; without it, Accept does."""
    answer = client.post(f"/v2/ocr{query}", content=picture(), headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert (answer.text if media_type == "text/plain" else answer.json()["text"]) == TEXT


OPTIONS = {"lang": "deu+fra", "psm": "6", "dpi": "300"}
PARAMETERS = {"tessedit_char_whitelist": "0123456789"}


@pytest.mark.parametrize(
    "send",
    [
        lambda c, data: c.post(
            "/v2/ocr",
            files=as_file(data),
            data=OPTIONS | {"parameters": json.dumps(PARAMETERS)},
        ),
        lambda c, data: c.post(
            "/v2/ocr", json={"data": base64_of(data), "parameters": PARAMETERS} | OPTIONS
        ),
        lambda c, data: c.post(
            "/v2/ocr",
            content=data,
            params=OPTIONS | {"parameters": json.dumps(PARAMETERS)},
        ),
        lambda c, data: c.post(
            "/v2/ocr",
            json={"data": base64_of(data)},
            params=OPTIONS | {"parameters": json.dumps(PARAMETERS)},
        ),
    ],
    ids=["form", "json", "query", "json with query"],
)
def test_options_reach_the_engine(service: Service, send: Send) -> None:
    """Options count wherever they stand."""
    assert send(service.client, picture()).status_code == 200
    asked = service.pool.engine.asked[0]
    assert (asked.lang, asked.psm, asked.dpi) == ("deu+fra", 6, 300)
    assert asked.parameters == PARAMETERS


PREPROCESS: list[tuple[object, tuple[str, ...]]] = [
    ("auto", STEPS),
    ("none", ()),
    (["deskew"], ("deskew",)),
    ("upscale,background", ("upscale", "background")),
]


@pytest.mark.parametrize(("asked", "steps"), PREPROCESS)
@pytest.mark.parametrize("path", ["/v2/ocr", "/v2/invoices"])
def test_steps_before_reading_can_be_chosen(
    service: Service, path: str, asked: object, steps: tuple[str, ...]
) -> None:
    """All of them where they are needed, none, or some; a form has them parted by commas."""
    body = {"data": base64_of(picture()), "preprocess": asked}
    assert service.client.post(path, json=body).status_code == 200
    assert service.pool.engine.asked[0].preprocess == steps


@pytest.mark.parametrize(
    "asked", [{"json": {"regions": [[1, 2, 30, 20], [0, 0, 9, 9]]}}, {"form": "1,2,30,20;0,0,9,9"}]
)
def test_regions_reach_the_engine(service: Service, asked: dict[str, Any]) -> None:
    """JSON has them as lists, a form or a query parted by semicolons."""
    if "json" in asked:
        answer = service.client.post(
            "/v2/ocr", json={"data": base64_of(picture()), **asked["json"]}
        )
    else:
        answer = service.client.post(
            "/v2/ocr", params={"regions": asked["form"]}, content=picture()
        )
    assert answer.status_code == 200
    assert service.pool.engine.asked[0].regions == (Box(1, 2, 30, 20), Box(0, 0, 9, 9))


@pytest.mark.parametrize("regions", ["1,2,3", "5,5,5,9", "-1,0,4,4", "a,b,c,d", "1,2,3,4;"])
def test_region_that_is_no_box_is_refused(client: TestClient, regions: str) -> None:
    """The problem says where."""
    answer = client.post("/v2/ocr", params={"regions": regions}, content=picture())
    assert answer.status_code == 422
    assert "regions" in answer.text


def test_step_that_does_not_exist_is_refused(client: TestClient) -> None:
    """The problem names those that do."""
    answer = client.post("/v2/ocr?preprocess=deskew,polish", content=picture())
    assert answer.status_code == 422
    assert "'deskew', 'background' or 'upscale'" in answer.text


def test_what_a_request_leaves_out_is_as_configured(start: Callable[..., Service]) -> None:
    """Language and page segmentation mode have configured defaults."""
    service = start(ocr__language="fra", ocr__psm=4)
    service.client.post("/v2/ocr", content=picture())
    asked = service.pool.engine.asked[0]
    assert (asked.lang, asked.psm, asked.dpi, asked.parameters) == ("fra", 4, None, {})


def test_somebody_who_waits_stands_in_the_first_lane(start: Callable[..., Service]) -> None:
    """A request waits and works no longer than configured."""
    service = start(ocr__deadline_s=7, ocr__wait_s=3)
    service.client.post("/v2/ocr", content=picture())
    call = service.pool.calls[0]
    assert (call.deadline_s, call.wait_s, call.lane) == (7, 3, Lane.NOW)


def test_imagesync_answers_with_text(client: TestClient) -> None:
    """The V1 answer has its five members and no others."""
    answer = client.post("/v1/imagesync", json={"data": base64_of(picture()), "lang": "deu"})
    body = answer.json()
    assert answer.status_code == 200
    assert body.pop("ts") > 1_700_000_000
    assert body == {"text": TEXT, "version": "v1", "status": "success"}


def test_imagesync_reads_in_the_language_that_was_asked_for(service: Service) -> None:
    """The V1 field lang reaches the engine."""
    service.client.post("/v1/imagesync", json={"data": base64_of(picture()), "lang": "deu"})
    assert service.pool.engine.asked[0].lang == "deu"


def test_root_answers_with_lines(client: TestClient) -> None:
    """POST / answers with the lines and with the text as it was read."""
    answer = client.post("/", files=as_file(picture()))
    assert (answer.status_code, answer.json()) == (200, {"results": LINES, "original": TEXT})


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_echo_keeps_the_format(client: TestClient, kind: str) -> None:
    """POST /img-echo/ sends the picture back in its own format."""
    answer = client.post("/img-echo/", files=as_file(picture(kind)))
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPES[kind])


def test_a_picture_without_text_is_no_failure(service: Service) -> None:
    """An empty picture has an empty text, and a warning says so."""
    service.pool.engine.text = ""
    result = service.client.post("/v2/ocr", content=picture()).json()
    assert (result["text"], result["confidence"]) == ("", 0.0)
    assert result["warnings"] == [{"code": "no_text", "page": 1}]


def test_a_blank_picture_is_said_to_be_blank(service: Service) -> None:
    """A picture on which nothing can be seen is not read at all."""
    result = service.client.post("/v2/ocr", content=picture(text=" ")).json()
    assert (result["status"], result["text"]) == ("succeeded", "")
    assert result["warnings"] == [{"code": "blank_page", "page": 1}]
    assert not service.pool.engine.asked


def test_language_may_be_left_to_the_service(service: Service) -> None:
    """The engine starts with the usual one, and goes on from there."""
    for path in ("/v2/ocr", "/v2/invoices", "/v2/redact"):
        service.client.post(f"{path}?lang=auto", content=picture())
    asked = service.pool.engine.asked
    assert len(asked) >= 3
    assert all((each.lang, each.finds_language) == ("eng", True) for each in asked)


def test_languages_are_listed_with_their_scripts(client: TestClient) -> None:
    """What is installed, what it is called, and what reads it with which models."""
    listed = client.get("/v2/languages").json()
    assert listed["default"] == "eng"
    assert [each["code"] for each in listed["languages"]] == ["deu", "eng", "fra"]
    assert listed["languages"][0] == {
        "code": "deu",
        "name": "German",
        "tag": "de",
        "script": "Latn",
        "auto": True,
        "engines": ["fake"],
    }
    assert listed["models"] == [{"engine": "fake", "version": "1.2.3"}]


def test_health_and_version_tell_what_runs(client: TestClient) -> None:
    """The routes of operation answer without a token."""
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {
        "status": "ready",
        "workers": 2,
        "warm": 2,
        "waiting": 0,
        "jobs": 0,
    }
    version = client.get("/version").json()
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", version.pop("version"))
    assert version == {
        "name": "readstone",
        "engine": "fake",
        "engine_version": "1.2.3",
        "languages": ["deu", "eng", "fra"],
    }


@pytest.mark.parametrize(
    ("name", "media_type", "sign"),
    [
        ("hocr", "text/vnd.hocr+html", "ocrx_word"),
        ("alto", "application/alto+xml", "<String "),
        ("tsv", "text/tab-separated-values", "level\tpage_num"),
        ("markdown", "text/markdown", ""),
    ],
)
def test_every_format_comes_by_name_and_by_accept(
    service: Service, name: str, media_type: str, sign: str
) -> None:
    """The same recognition is written down as hOCR, ALTO, TSV or Markdown."""
    by_name = service.client.post("/v2/ocr", params={"format": name}, content=picture())
    by_accept = service.client.post("/v2/ocr", headers={"Accept": media_type}, content=picture())
    for answer in (by_name, by_accept):
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert sign in answer.text and answer.text.strip()


@pytest.mark.parametrize(
    "asking", [{"params": {"format": "pdf"}}, {"headers": {"Accept": "application/pdf"}}]
)
def test_searchable_pdf_has_the_text(service: Service, asking: dict[str, Any]) -> None:
    """The picture comes back as a PDF in which its text can be found; it is read once."""
    answer = service.client.post("/v2/ocr", content=picture(), **asking)
    assert answer.headers["content-type"] == "application/pdf"
    assert text_of(answer.content).split() == TEXT.split()
    assert [call.name for call in service.pool.calls] == ["read_page", "searchable_pdf"]


def test_searchable_pdf_has_time_for_each_page(start: Callable[..., Service]) -> None:
    """Writing may take as long as reading might have."""
    service = start(ocr__deadline_s=7)
    service.pool.limits = PictureLimits(10_000_000, 10_000)
    data = (TESTDATA / "format" / "two_pages.tif").read_bytes()
    assert service.client.post("/v2/ocr?format=pdf", content=data).status_code == 200
    assert service.pool.calls[-1].deadline_s == 14
