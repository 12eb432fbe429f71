"""A model on another server: real connections to a server that does what the test says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from readstone.engine.nlp import remote
from readstone.engine.nlp.base import Task
from readstone.engine.nlp.remote import WINDOW_CHARACTERS, RemoteEngine
from readstone.engine.nlp.usage import Usage
from readstone.errors import EngineFailed, NotReady, ReadstoneError, Unavailable

MILD = [{"label": "Toxic", "score": 0.1}, {"label": "insult", "score": 0.6}]
TOKEN = "open-sesame"


class ModelServer(ThreadingHTTPServer):
    """Answers with what `script` says, one after the other, and then always with the last."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, Any]] = [(200, MILD)]
        self.asked: list[dict[str, Any]] = []
        self.tokens: set[str | None] = set()
        self.released = Event()
        self.released.set()

    @property
    def url(self) -> str:
        """Where it takes texts."""
        return f"http://127.0.0.1:{self.server_port}/predict"


class Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        server = self.server
        server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        server.tokens.add(self.headers["Authorization"])
        server.released.wait(10)
        status, answer = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running(server: ModelServer) -> Iterator[ModelServer]:
    """Let a server run."""
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A server that runs; nobody pauses long between two tries."""
    monkeypatch.setattr(remote, "PAUSES_S", (0.001, 0.001))
    with running(ModelServer()) as server:
        yield server


def engine(server: ModelServer, **known: Any) -> RemoteEngine:
    """Return an engine that asks that server about moderation."""
    use = {"task": Task.MODERATION, "flags": (), "languages": (), "max_windows": 5} | known
    return RemoteEngine(server.url, Usage(**use), token=TOKEN, timeout_s=5)


@pytest.mark.parametrize("answer", [MILD, [MILD]])
def test_labels_of_a_server_are_ours(server: ModelServer, answer: Any) -> None:
    """The list of labels, or a list that holds it, becomes a judgement, in lower case."""
    server.script = [(200, answer)]
    (judgement,) = engine(server).judge(["hey you"])
    labels = judgement.labels[Task.MODERATION]
    assert [(each.name, each.score, each.is_flagged) for each in labels] == [
        ("insult", 0.6, True),
        ("toxic", 0.1, False),
    ]
    assert server.asked == [{"inputs": "hey you", "truncate": True}]
    assert server.tokens == {f"Bearer {TOKEN}"}


def test_only_chosen_labels_flag(server: ModelServer) -> None:
    """The operator says which labels are bad."""
    (judgement,) = engine(server, flags=("toxic",)).judge(["hey you"])
    assert not any(label.is_flagged for label in judgement.labels[Task.MODERATION])


def test_languages_are_those_the_operator_names(server: ModelServer) -> None:
    """Without a word about them, the model is believed to read any."""
    assert engine(server).reads("de")
    named = engine(server, languages=("en", "fr"))
    assert [named.reads(code) for code in ("en", "fr", "de")] == [True, True, False]


def test_a_long_text_is_sent_in_pieces(server: ModelServer) -> None:
    """The worst piece decides; more pieces than are looked at are left out."""
    server.script = [(200, [{"label": "toxic", "score": share / 10}]) for share in (1, 9, 2, 3)]
    long, short = engine(server, max_windows=3).judge(["well " * WINDOW_CHARACTERS, "ok"])
    assert long.labels[Task.MODERATION][0].score == 0.9
    assert (long.windows, long.is_truncated, short.windows) == (3, True, 1)
    assert max(len(each["inputs"]) for each in server.asked) <= WINDOW_CHARACTERS


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_recovers_is_asked_again(server: ModelServer, status: int) -> None:
    """A try that meets a server which is starting or busy is followed by another."""
    server.script = [(status, {}), (status, {}), (200, MILD)]
    (judgement,) = engine(server).judge(["hey you"])
    assert judgement.labels[Task.MODERATION][0].name == "insult"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (503, {"error": "loading"}, NotReady),
        (429, {}, NotReady),
        (502, {}, EngineFailed),
        (401, {}, EngineFailed),
        (500, {}, EngineFailed),
        (307, {}, EngineFailed),
        (200, b"<html>", EngineFailed),
        (200, [], EngineFailed),
        (200, {"error": "no"}, EngineFailed),
        (200, [{"name": "toxic"}], EngineFailed),
        (200, [{"label": "toxic", "score": "much"}], EngineFailed),
    ],
)
def test_a_server_that_cannot_is_a_failure(
    server: ModelServer, status: int, answer: Any, error: type[ReadstoneError]
) -> None:
    """Whatever comes instead of labels is told as ours, and may be tried again."""
    server.script = [(status, answer)]
    with pytest.raises(error) as failure:
        engine(server).judge(["hey you"])
    assert failure.value.retryable


def test_a_server_that_hangs_is_given_up(server: ModelServer) -> None:
    """No answer within its time is a failure."""
    server.released.clear()
    slow = RemoteEngine(server.url, Usage(Task.SENTIMENT, (), (), 5), token="", timeout_s=0.05)
    with pytest.raises(EngineFailed, match="does not answer"):
        slow.judge(["hey you"])


def test_a_server_that_is_not_there_is_a_failure() -> None:
    """Nobody at the address is told without the address."""
    with running(ModelServer()) as gone:
        pass
    with pytest.raises(EngineFailed, match="does not answer"):
        engine(gone).judge(["hey you"])


@pytest.mark.parametrize("url", ["", "tei", "ftp://tei/predict", "http://"])
def test_an_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    """The refusal shows how an address looks."""
    wrong = RemoteEngine(url, Usage(Task.SENTIMENT, (), (), 5), token="", timeout_s=5)
    with pytest.raises(Unavailable, match="remote:http://host"):
        wrong.check()


def test_an_address_is_believed_at_the_start(server: ModelServer) -> None:
    """The other server may start later than this one."""
    engine(server).check()
    assert server.asked == []
