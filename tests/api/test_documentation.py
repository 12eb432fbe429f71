"""What the service says about itself: routes, examples, problems, settings."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from starlette.testclient import TestClient

from readstone.settings import AppConfig
from tests.fakes import Service

CONFIG = Path(__file__).parents[2] / "config"
ROUTES = [
    ("POST", "/v1/imagesync"),
    ("POST", "/v1/imageasync"),
    ("POST", "/v1/imageasync_get"),
    ("GET", "/v1/imageasync_get/{jobid}"),
    ("POST", "/"),
    ("POST", "/img-echo/"),
    ("POST", "/v2/ocr"),
    ("GET", "/v2/languages"),
    ("GET", "/v2/capabilities"),
    ("GET", "/v2/usage"),
    ("POST", "/v2/invoices"),
    ("POST", "/api/v1/process-invoice"),
    ("GET", "/api/v1/tasks/{task_id}"),
    ("POST", "/upload"),
    ("POST", "/v2/files"),
    ("GET", "/v2/files"),
    ("GET", "/v2/files/{file_id}"),
    ("GET", "/v2/files/{file_id}/content"),
    ("GET", "/v2/files/{file_id}/link"),
    ("GET", "/v2/files/{file_id}/masked"),
    ("DELETE", "/v2/files/{file_id}"),
    ("GET", "/v2/export"),
    ("POST", "/v2/redact"),
    ("POST", "/v2/batches"),
    ("GET", "/v2/jobs"),
    ("GET", "/v2/jobs/{job_id}"),
    ("GET", "/v2/jobs/{job_id}/events"),
    ("GET", "/v2/jobs/{job_id}/result"),
    ("POST", "/v2/jobs/{job_id}/redeliver"),
    ("POST", "/v2/jobs/{job_id}/cancel"),
    ("DELETE", "/v2/jobs/{job_id}"),
    ("POST", "/classify"),
    ("POST", "/v1/sentiment"),
    ("POST", "/v2/classify"),
    ("POST", "/predict"),
    ("POST", "/v1/moderations"),
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/version"),
    ("GET", "/metrics"),
]
TAKES_A_PICTURE = ["/v1/imagesync", "/v1/imageasync", "/", "/img-echo/", "/v2/ocr"]
# Names that say all there is to say.
SELF_EVIDENT = {
    "server.port",
    "limits.body_bytes",
    "limits.pixels",
    "limits.side_px",
    "jobs.max_jobs",
    "ocr.worker_memory_mb",
}

Schema = dict[str, Any]


@pytest.fixture
def openapi(client: TestClient) -> Schema:
    """The description of the routes."""
    return dict(client.get("/openapi.json").json())


def operation(openapi: Schema, method: str, path: str) -> Schema:
    """Return what is said of one route."""
    return dict(openapi["paths"][path][method.lower()])


def examples(openapi: Schema, content: Schema) -> list[object]:
    """Return the examples of a body, those of its schema among them."""
    found: list[object] = []
    for media in content.values():
        schema = media.get("schema", {})
        if name := schema.get("$ref", "").rpartition("/")[2]:
            schema = openapi["components"]["schemas"][name]
        found += [media["example"]] if "example" in media else []
        found += [*media.get("examples", {}).values(), *schema.get("examples", [])]
    return found


def is_picture(content: Schema) -> bool:
    """Whether a body is bytes of a picture, or a form with such a part."""
    return any(
        kind.startswith("image/")
        or "binary" in {each.get("format") for each in media["schema"]["properties"].values()}
        for kind, media in content.items()
    )


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_is_described_by_an_example(openapi: Schema, method: str, path: str) -> None:
    """Each JSON body, sent or answered, has an example; a picture needs none."""
    told = operation(openapi, method, path)
    assert told["summary"] and told["description"]
    good = {status: each for status, each in told["responses"].items() if status[0] == "2"}
    assert good
    bodies = [each["content"] for status, each in good.items() if status != "204"]
    bodies += [told["requestBody"]["content"]] if "requestBody" in told else []
    for content in bodies:
        assert examples(openapi, content) or is_picture(content)


def test_no_route_is_hidden(openapi: Schema) -> None:
    """The description holds the routes above and no others."""
    described = {(m.upper(), path) for path, each in openapi["paths"].items() for m in each}
    assert described == set(ROUTES)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_lists_its_problems(openapi: Schema, method: str, path: str) -> None:
    """Refusals are described as problem documents, and as nothing else."""
    responses = operation(openapi, method, path)["responses"]
    refusals = {status: each for status, each in responses.items() if status[0] in "45d"}
    assert refusals
    for each in refusals.values():
        assert list(each["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("path", sorted({path for _, path in ROUTES}))
def test_every_address_names_its_methods(client: TestClient, path: str) -> None:
    """All of them, whichever route takes them; and nothing else is taken."""
    answer = client.request("TRACE", re.sub(r"{\w+}", "0", path))
    assert answer.status_code == 405
    known = {method for method, each in ROUTES if each == path}
    assert known <= set(answer.headers["Allow"].split(", ")) <= known | {"GET", "HEAD"}


@pytest.mark.parametrize("path", TAKES_A_PICTURE)
def test_routes_that_take_work_know_of_tokens(openapi: Schema, path: str) -> None:
    """The documentation can send a token with each route that takes one."""
    assert operation(openapi, "POST", path)["security"] == [{"HTTPBearer": []}]


def test_example_requests_work(client: TestClient, openapi: Schema) -> None:
    """What the documentation shows can be sent as it stands."""
    for path in ("/v2/ocr", "/v2/redact", "/v1/imagesync", "/v1/imageasync"):
        told = operation(openapi, "POST", path)["requestBody"]["content"]
        for example in examples(openapi, {"json": told["application/json"]}):
            assert client.post(path, json=example).status_code == 200


def assets(client: TestClient, page: str) -> set[str]:
    """Return the addresses that a page loads."""
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    return set(re.findall(r"""(?:src|href|url|spec-url)\s*[=:]\s*["']([^"']+)["']""", answer.text))


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_documentation_needs_no_other_host(client: TestClient, page: str) -> None:
    """Every address on the page is one of the service's own, and answers."""
    loaded = assets(client, page)
    assert len(loaded) >= 2
    for address in loaded:
        assert client.put(address).status_code == 405
        assert address.startswith("/") and not address.startswith("//")
        assert client.get(address).status_code == 200
    assert not re.search(r"https?://(?!127\.0\.0\.1)", client.get(page).text)


def test_the_address_of_the_service_leads_to_its_documentation(client: TestClient) -> None:
    """A person who opens the address in a browser finds the documentation."""
    answer = client.get("/")
    assert answer.url.path == "/docs"


def test_documentation_can_be_switched_off(start: Any) -> None:
    """Without docs.active there is no page, and a problem document says so."""
    service: Service = start(docs__active=False)
    for path in ("/", "/docs", "/redoc"):
        answer = service.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def keys(section: type[BaseModel], prefix: str = "") -> set[str]:
    """Return the names of all settings."""
    found = set()
    for name, field in section.model_fields.items():
        inner = field.annotation
        is_section = isinstance(inner, type) and issubclass(inner, BaseModel)
        found |= keys(inner, f"{name}.") if is_section else {prefix + name}
    return found - {"environment"}


def explained(text: str) -> set[str]:
    """Return the names of the settings that a file explains in a comment beside them."""
    found, section = set(), ""
    for line in text.splitlines():
        if match := re.match(r"(\w+):", line):
            section = match[1]
        elif match := re.match(r"  (\w+):.*#\s*\S", line):
            found.add(f"{section}.{match[1]}")
    return found


@pytest.mark.parametrize("environment", ["local", "dev", "stg", "prd"])
def test_every_setting_stands_in_the_file(environment: str) -> None:
    """Each environment's file holds every setting, and nothing that is none."""
    text = (CONFIG / environment / "app_conf.yml").read_text()
    settings = yaml.safe_load(text)
    assert {f"{s}.{key}" for s, each in settings.items() for key in each} == keys(AppConfig)


def test_every_setting_is_explained() -> None:
    """A comment stands beside each setting whose name does not say it all."""
    told = explained((CONFIG / "local/app_conf.yml").read_text())
    assert keys(AppConfig) - told <= SELF_EVIDENT
