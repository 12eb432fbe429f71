"""Bodies that are too large, too slow or unfinished, on a real socket."""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

Listen = Callable[..., tuple[str, int]]
ENVELOPE = 65_536


def exchange(address: tuple[str, int], head: str, *chunks: bytes) -> tuple[str, dict[str, Any]]:
    """Send a request as a plain client does; return the head of the answer and its document."""
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        for chunk in chunks:
            connection.sendall(chunk)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head, json.loads(body)


def chunked(data: bytes) -> bytes:
    """Return data as one chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def request(route: str, *headers: str) -> str:
    """Return the head of a request after which the connection closes."""
    return "\n".join([f"POST {route} HTTP/1.1", "Host: x", "Connection: close", *headers])


@pytest.mark.parametrize("route", ["/v2/ocr", "/v1/imagesync", "/", "/img-echo/", "/nowhere"])
def test_a_large_declared_body_is_read_and_refused(listen: Listen, route: str) -> None:
    """A client that sends 40 MB before it looks for an answer sees the refusal."""
    size = 40_000_000
    head = request(route, f"Content-Length: {size}", "Content-Type: application/json")
    said, problem = exchange(listen(), head, bytes(size))
    assert said.startswith("HTTP/1.1 413 ")
    assert (problem["code"], problem["setting"]) == ("body_too_large", "limits.body_bytes")


@pytest.mark.parametrize(
    ("route", "content_type"),
    [
        ("/v2/ocr", "image/png"),
        ("/v2/ocr", "application/json"),
        ("/v2/ocr", "multipart/form-data; boundary=x"),
        ("/v1/imagesync", "application/json"),
        ("/v1/imageasync", "application/json"),
        ("/", "multipart/form-data; boundary=x"),
        ("/img-echo/", "multipart/form-data; boundary=x"),
    ],
)
def test_a_large_chunked_body_is_read_and_refused(
    listen: Listen, route: str, content_type: str
) -> None:
    """A body that does not say its length is measured as it comes."""
    address = listen(limits__body_bytes=1_000)
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    head = request(route, "Transfer-Encoding: chunked", f"Content-Type: {content_type}")
    parts = [chunked(form), *[chunked(bytes(ENVELOPE))] * 4, b"0\r\n\r\n"]
    said, problem = exchange(address, head, *parts)
    assert said.startswith("HTTP/1.1 413 ")
    assert problem["code"] == "body_too_large"


@pytest.mark.parametrize(
    ("route", "content_type"),
    [
        ("/v2/ocr", "image/png"),
        ("/v2/ocr", "multipart/form-data; boundary=x"),
        ("/v1/imagesync", "application/json"),
        ("/", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_does_not_come_is_given_up(
    listen: Listen, route: str, content_type: str
) -> None:
    """Who stops sending is told so once server.body_s has passed."""
    head = request(route, "Content-Length: 1000", f"Content-Type: {content_type}")
    said, problem = exchange(listen(server__body_s=0.2), head, b"--x\r\n")
    assert said.startswith("HTTP/1.1 408 ")
    assert (problem["code"], problem["setting"]) == ("body_too_slow", "server.body_s")


def test_who_asks_before_sending_is_refused_at_once(listen: Listen) -> None:
    """A client that waits for 100 Continue need not send what will be refused."""
    head = request("/v2/ocr", "Content-Length: 40000000", "Expect: 100-continue")
    said, problem = exchange(listen(), head)
    assert said.startswith("HTTP/1.1 413 ")
    assert problem["code"] == "body_too_large"


def test_a_refusal_before_the_body_is_seen_too(listen: Listen) -> None:
    """A wrong token is told to a client that first sends all it has."""
    address = listen(auth__tokens="alice:correct-horse")
    size = 20_000_000
    said, problem = exchange(
        address, request("/", f"Content-Length: {size}", "Content-Type: image/png"), bytes(size)
    )
    assert said.startswith("HTTP/1.1 401 ")
    assert problem["code"] == "unauthorized"


def test_what_is_no_http_is_refused(listen: Listen) -> None:
    """Bytes that are no request are answered 400, and the service goes on."""
    address = listen()
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    said, health = exchange(address, "GET /health HTTP/1.1\nHost: x\nConnection: close")
    assert said.startswith("HTTP/1.1 200 ")
    assert health == {"status": "ok"}
