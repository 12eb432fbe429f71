"""Files that are kept: sent, fetched, listed, deleted, and read by their id."""

from collections.abc import Callable

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.fakes import TEXT, Service, picture
from tests.object_server import BUCKET, CREDENTIALS, object_server

PICTURE = picture()
JSON = {"Content-Type": "application/json"}


def keep(
    client: TestClient, data: bytes = PICTURE, name: str = "scan.png", **options: object
) -> str:
    """Send a file to be kept; return its id."""
    answer = client.post("/v2/files", files={"file": (name, data)}, **options)  # type: ignore[arg-type]
    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json()["links"]["self"]
    return str(answer.json()["id"])


def test_upload_answers_as_the_first_version_does(client: TestClient) -> None:
    """The path is an address of the service, and no place on its disk."""
    answer = client.post("/upload", files={"file": ("../scan.png", PICTURE)})
    body = answer.json()
    assert answer.status_code == 200
    assert (body["message"], body["status"]) == ("the file is kept", "validated")
    assert (body["filename"], body["path"]) == ("scan.png", f"/v2/files/{body['id']}/content")
    fetched = client.get(body["path"])
    assert fetched.content == PICTURE
    again = client.get(body["path"], headers={"If-None-Match": fetched.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_file_is_known_by_what_it_is(client: TestClient) -> None:
    """The type is that of the bytes, whatever the sender claims."""
    file_id = keep(client, name="invoice.exe")
    body = client.get(f"/v2/files/{file_id}").json()
    assert (body["media_type"], body["bytes"]) == ("image/png", len(PICTURE))
    assert len(body["sha256"]) == 64


def test_file_is_fetched_as_a_download(client: TestClient) -> None:
    """No browser shows it as a page of the service."""
    answer = client.get(f"/v2/files/{keep(client, name='Über uns.png')}/content")
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%C3%9Cber%20uns.png"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "image/png"


def test_same_file_has_the_same_id(client: TestClient) -> None:
    """It is kept once."""
    assert keep(client) == keep(client, name="other.png")


def test_files_are_listed_page_by_page(client: TestClient) -> None:
    """The newest comes first, and `next` leads on."""
    ids = [keep(client, picture(size=(40, 30 + each))) for each in range(3)]
    first = client.get("/v2/files?limit=2").json()
    rest = client.get(first["next"]).json()
    assert [each["id"] for each in (*first["files"], *rest["files"])] == ids[::-1]
    assert rest["next"] is None


def test_deleted_file_is_gone(client: TestClient) -> None:
    """Its bytes, and what was known of it."""
    file_id = keep(client)
    assert client.delete(f"/v2/files/{file_id}").status_code == 204
    for address in (f"/v2/files/{file_id}", f"/v2/files/{file_id}/content"):
        assert client.get(address).status_code == 404
    assert client.get("/v2/files").json()["files"] == []


def test_file_belongs_to_its_caller(start: Callable[..., Service]) -> None:
    """Another caller does not learn that there is one."""
    client = start(auth__tokens="ann:" + "a" * 32 + ",bob:" + "b" * 32).client
    ann, bob = ({"Authorization": f"Bearer {each * 32}"} for each in "ab")
    file_id = keep(client, headers=ann)
    for call in (client.get, client.delete):
        assert call(f"/v2/files/{file_id}", headers=bob).status_code == 404
        assert call(f"/v2/files/{file_id}").status_code == 401
    assert client.post(f"/v2/ocr?file_id={file_id}", headers=bob).status_code == 404
    assert client.get("/v2/files", headers=bob).json()["files"] == []
    assert client.post(f"/v2/ocr?file_id={file_id}", headers=ann).status_code == 200


def test_kept_file_is_read_by_its_id(client: TestClient) -> None:
    """In the query, the form or the JSON, with the options beside it."""
    file_id = keep(client)
    for answer in (
        client.post(f"/v2/ocr?file_id={file_id}&format=text"),
        client.post("/v2/ocr", files={"file_id": (None, file_id), "format": (None, "text")}),
        client.post("/v2/ocr", json={"file_id": file_id, "format": "text"}),
    ):
        assert (answer.status_code, answer.text.strip()) == (200, TEXT)


def test_file_beside_the_id_of_one_is_refused(client: TestClient) -> None:
    """Nobody guesses which one is meant."""
    file_id = keep(client)
    answer = client.post(f"/v2/ocr?file_id={file_id}", files={"file": ("a.png", PICTURE)})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 422), (b"Dear Ms. Okafor", 415), (b"<html>", 415)]
)
def test_what_cannot_be_read_is_not_kept(client: TestClient, data: bytes, status: int) -> None:
    """The refusal says why."""
    for address in ("/upload", "/v2/files"):
        assert client.post(address, files={"file": ("a", data)}).status_code == status
    assert client.get("/v2/files").json()["files"] == []


def test_link_to_a_file_in_a_bucket_needs_no_token(start: Callable[..., Service]) -> None:
    """Whoever has it can save the file, for five minutes."""
    with object_server() as address, pytest.MonkeyPatch.context() as patched:
        for name, value in CREDENTIALS.items():
            patched.setenv(f"AWS_{name}".upper(), value)
        client = start(storage__url=f"s3://{BUCKET}/kept?endpoint={address}").client
        link = client.get(f"/v2/files/{keep(client)}/link").json()
        fetched = httpx2.get(link["url"])
    assert link["expires_at"] == "2026-11-21T09:35:00Z"
    assert fetched.content == PICTURE
    assert fetched.headers["content-disposition"] == "attachment"


def test_file_that_is_in_no_bucket_has_no_link(client: TestClient) -> None:
    """The refusal says what to do instead."""
    answer = client.get(f"/v2/files/{keep(client)}/link")
    assert (answer.status_code, answer.json()["setting"]) == (409, "storage.url")


def test_unknown_file_is_not_found(client: TestClient) -> None:
    """Whatever stands in its place."""
    answer = client.post("/v2/ocr", content=b'{"file_id": "\\ud800"}', headers=JSON)
    assert answer.status_code == 422
    for file_id in ("0" * 32, "x", "..%2f..%2fetc%2fpasswd", "%00"):
        assert client.get(f"/v2/files/{file_id}").status_code == 404
        assert client.post(f"/v2/ocr?file_id={file_id}").status_code == 404
