"""A real S3 server, and a way to it on which things go wrong."""

import logging
import socket
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal, cast
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

BUCKET = "readstone"
CREDENTIALS = {"access_key_id": "tester", "secret_access_key": "secret", "region": "us-east-1"}
RESET_AT_CLOSE = struct.pack("ii", 1, 0)

Fault = Literal["503", "reset", "truncated"]


@contextmanager
def object_server() -> Iterator[str]:
    """Start a server of objects with one empty bucket; the value is its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    with urlopen(Request(f"{address}/{BUCKET}", method="PUT")):
        pass
    try:
        yield address
    finally:
        server.stop()


class FaultyServer(ThreadingHTTPServer):
    """Passes requests on; each of `faults` spoils one answer."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind.removeprefix("http://")
        self.faults: deque[Fault] = deque()
        self.address = f"http://127.0.0.1:{self.server_port}"

    @contextmanager
    def running(self) -> Iterator["FaultyServer"]:
        """Serve until the end of the block."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        server = cast(FaultyServer, self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        behind = HTTPConnection(server.behind)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        content = answer.read()
        match server.faults.popleft() if server.faults else None:
            case "503":
                self._answer(503, {}, b"")
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
                self.close_connection = True
            case "truncated":
                self._answer(answer.status, dict(answer.headers), content, sent=len(content) // 2)
                self.close_connection = True
            case _:
                self._answer(answer.status, dict(answer.headers), content)
        behind.close()

    do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = _pass_on

    def _answer(
        self, status: int, headers: dict[str, str], content: bytes, sent: int | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, format: str, *args: object) -> None:
        pass
