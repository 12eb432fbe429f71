"""What many tests need: the application around fake parts, without an engine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import hypothesis
import pytest
import uvicorn
from starlette.testclient import TestClient

from readstone.settings import LogConfig
from tests.fakes import Clock, FakePool, Service, fake_app, settings, write_logs

# A red build must mean a change, and not another throw of the dice.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")

BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """Logs are written as in production; structlog's default draws every local variable."""
    write_logs(LogConfig(level="info", format="json"))


@pytest.fixture
def start() -> Iterator[Callable[..., Service]]:
    """Start the application with other settings; it stops when the test ends."""
    with ExitStack() as stack:

        def started(**values: object) -> Service:
            pool, clock = FakePool(), Clock()
            app = fake_app(settings(**values), pool, clock)
            return Service(app, stack.enter_context(TestClient(app, BASE_URL)), pool, clock)

        yield started


@pytest.fixture
def service(start: Callable[..., Service]) -> Service:
    """The application as it is configured for one's own machine."""
    return start()


@pytest.fixture
def client(service: Service) -> TestClient:
    """A client of that application."""
    return service.client


@pytest.fixture
def listen() -> Iterator[Callable[..., tuple[str, int]]]:
    """Let the application listen on a socket; the answer is its address."""
    with ExitStack() as stack:

        def listening(**values: object) -> tuple[str, int]:
            app = fake_app(settings(**values), FakePool(), Clock())
            server = uvicorn.Server(
                uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1)
            )
            # Listening already, so that clients may connect before the server has started.
            door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
            thread.start()
            stack.callback(thread.join)
            stack.callback(setattr, server, "should_exit", True)
            address: tuple[str, int] = door.getsockname()
            return address

        yield listening
