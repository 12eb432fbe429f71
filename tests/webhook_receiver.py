"""A server that takes webhooks, and answers as it is told."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

from standardwebhooks import Webhook

SECRET = "whsec_bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0ZXN0cw=="


@dataclass(slots=True)
class Message:
    """What a target was sent."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self) -> Any:
        """Return its content; raise where it is not signed as a receiver expects."""
        return Webhook(SECRET).verify(self.body, self.headers)


@dataclass(slots=True)
class Receiver:
    """A target: what came to it, and with which status it answers next."""

    port: int = 0
    answers: Iterator[int] | None = None
    messages: "Queue[Message]" = field(default_factory=Queue)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def next(self) -> Message:
        """Return the next message, when it has come."""
        return self.messages.get(timeout=30)


@contextmanager
def receive(
    answers: Iterator[int] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Listen for webhooks; after the last of `answers` all are taken."""
    receiver = Receiver(answers=answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = next(receiver.answers, 204) if receiver.answers else 204
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()
            receiver.messages.put(Message(self.path, headers, body))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_port
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
