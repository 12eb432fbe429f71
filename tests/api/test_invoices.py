"""The route that reads invoices: ways in, the shape of the answer, refusals."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from readstone.engine.line import Lane
from tests.fakes import Service, as_file, base64_of, picture

XML = (Path(__file__).parents[2] / "testdata" / "invoice" / "xml" / "ubl.xml").read_bytes()
Send = Callable[[TestClient, bytes], Response]

WAYS_IN: dict[str, Send] = {
    "form": lambda c, data: c.post("/v2/invoices", files=as_file(data)),
    "json": lambda c, data: c.post("/v2/invoices", json={"data": base64_of(data)}),
    "raw": lambda c, data: c.post("/v2/invoices", content=data),
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_invoice_comes_in_every_way(client: TestClient, way: str) -> None:
    """An invoice is read whichever way it comes."""
    assert WAYS_IN[way](client, XML).json()["invoice_number"]["value"] == "INV-2023-0417"


def test_answer_has_every_field(client: TestClient) -> None:
    """Values are strings, each with where it is from and how sure it is."""
    body = client.post("/v2/invoices", content=XML).json()
    assert body["total"] == {
        "value": "125.87",
        "raw": "125.87",
        "confidence": 1.0,
        "page": None,
        "bbox": None,
        "source": "embedded_xml",
        "alternatives": [],
    }
    assert body["issue_date"]["value"] == "2023-01-09"
    assert body["vendor"]["name"]["value"] == "Marlow & Finch Ltd"
    assert body["taxes"][1]["rate"]["value"] == "20"
    assert body["lines"][0]["description"]["value"] == "Linen thread, waxed"
    assert {"rule": "subtotal + tax = total", "ok": True, "delta": "0.00"} in body["checks"]
    assert (body["needs_review"], body["reasons"]) == (False, [])
    assert (body["status"], body["pages"]) == ("succeeded", [])
    assert body["usage"]["bytes"] == len(XML)


def test_what_is_no_invoice_has_only_nulls(client: TestClient) -> None:
    """A picture of something else is an answer, and not a refusal."""
    answer = client.post("/v2/invoices", content=picture())
    body = answer.json()
    assert answer.status_code == 200
    assert body["reasons"] == ["not_an_invoice"]
    assert body["needs_review"]
    assert {each["value"] for each in values(body)} == {None}
    assert body["pages"] == [{"page": 1, "width": 40, "height": 30, "rotation": 0}]


def values(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all fields of an answer, those of the parties included."""
    parties = [*body["vendor"].values(), *body["customer"].values()]
    return [*(each for each in body.values() if isinstance(each, dict) and "raw" in each), *parties]


def test_pages_are_read_as_the_request_says(service: Service) -> None:
    """Options reach the engine, and the sender waits in the line of those who wait."""
    service.client.post("/v2/invoices?lang=fra&psm=6&dpi=300", content=picture())
    (options,) = service.pool.engine.asked
    assert (options.lang, options.psm, options.dpi) == ("fra", 6, 300)
    assert {call.lane for call in service.pool.calls} == {Lane.NOW}


REFUSED = {
    "nothing": (b"", 422),
    "text": (b"Dear Ms. Okafor", 415),
    "other xml": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415),
    "damaged xml": (b"<Invoice>", 422),
    "an entity": (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 422),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(client: TestClient, name: str) -> None:
    """Each refusal has the status that says whose fault it is."""
    data, status = REFUSED[name]
    assert client.post("/v2/invoices", content=data).status_code == status


@pytest.mark.parametrize("query", ["psm=2", "lang=xxx", "embedded_xml=maybe", "colour=red"])
def test_wrong_options_are_refused(client: TestClient, query: str) -> None:
    """An option that does not exist is not passed over."""
    assert client.post(f"/v2/invoices?{query}", content=picture()).status_code == 422


@pytest.mark.parametrize(
    ("name", "media_type", "beginning"),
    [
        ("ubl", "application/xml", "<?xml"),
        ("csv", "text/csv; charset=utf-8", "document_type,invoice_number"),
    ],
)
def test_answer_has_other_formats(
    client: TestClient, name: str, media_type: str, beginning: str
) -> None:
    """What goes into other systems does so without a program between."""
    answer = client.post(f"/v2/invoices?format={name}", content=XML)
    assert answer.headers["Content-Type"] == media_type
    assert answer.text.startswith(beginning)
    assert "INV-2023-0417" in answer.text
