"""The routes that classify text, and how they refuse."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.fakes import Service, picture

GOOD, VILE, GERMAN = "what a good day it is", "you are a vile person", "ein guter Tag an der See"


def test_classify_tells_what_may_offend(client: TestClient) -> None:
    """Labels come by falling score, and one that is flagged flags the text."""
    answer = client.post("/classify", json={"text": VILE}).json()
    assert answer == {
        "labels": [{"label": "toxic", "score": 0.9}, {"label": "hate", "score": 0.02}],
        "flagged": True,
        "model": "fake-text",
        "language_supported": True,
    }
    assert client.post("/classify", json={"text": GOOD}).json()["flagged"] is False


def test_sentiment_tells_the_mood(client: TestClient) -> None:
    """The label, its score and the scores of all."""
    answer = client.post("/v1/sentiment", json={"text": GOOD}).json()
    assert answer.pop("ts") > 1_700_000_000
    assert answer == {
        "label": "positive",
        "score": 0.9,
        "scores": {"positive": 0.9, "neutral": 0.06, "negative": 0.04},
        "version": "v1",
        "language_supported": True,
    }


def test_other_languages_get_no_label(client: TestClient) -> None:
    """Instead of a guess the answer says that the language is not supported."""
    classified = client.post("/classify", json={"text": GERMAN}).json()
    assert (classified["labels"], classified["language_supported"]) == ([], False)
    mood = client.post("/v1/sentiment", json={"text": GERMAN}).json()
    assert (mood["label"], mood["score"], mood["scores"]) == (None, None, {})
    assert mood["language_supported"] is False


def classify(client: TestClient, **body: Any) -> dict[str, Any]:
    """Return the answer of the second version."""
    answer = client.post("/v2/classify", json=body)
    assert answer.status_code == 200
    result: dict[str, Any] = answer.json()
    return result


def test_one_bad_text_does_not_fail_the_batch(client: TestClient) -> None:
    """Each text has a result of its own, in the order of the request."""
    answer = classify(client, inputs=[GOOD, " ", GERMAN, "x" * 100_001], task="sentiment")
    good, blank, german, long = answer["results"]
    assert [each["index"] for each in answer["results"]] == [0, 1, 2, 3]
    assert (good["label"], good["score"], good["flagged"], good["windows"]) == (
        "positive",
        0.9,
        None,
        2,
    )
    assert good["error"] is None
    assert blank["error"] == {
        "code": "invalid_request",
        "detail": "the text is blank; send one with words",
    }
    assert blank["label"] is None
    assert (german["label"], german["scores"], german["error"]) == (None, [], None)
    assert (german["language"]["code"], german["language"]["supported"]) == ("de", False)
    assert long["error"]["code"] == "body_too_large"
    assert answer["model"] == "fake-text"
    assert answer["usage"] == {
        "texts": 4,
        "characters": len(GOOD) + 1 + len(GERMAN) + 100_001,
        "windows": 2,
    }


def test_one_text_needs_no_list(client: TestClient) -> None:
    """A single text is answered as a list of one."""
    (result,) = classify(client, inputs=VILE, task="moderation")["results"]
    assert (result["label"], result["flagged"], result["truncated"]) == ("toxic", True, False)


def test_top_k_shortens_the_scores(client: TestClient) -> None:
    """Only the likeliest labels come back."""
    (result,) = classify(client, inputs=GOOD, task="sentiment", top_k=2)["results"]
    assert [each["label"] for each in result["scores"]] == ["positive", "neutral"]


def test_texts_of_a_request_are_judged_together(service: Service) -> None:
    """Two rounds at most: the first text, and all that came while it was judged."""
    texts = [f"a good day number {number}" for number in range(64)]
    results = classify(service.client, inputs=texts, task="sentiment")["results"]
    assert {each["label"] for each in results} == {"positive"}
    engine = service.app.state.parts.classifier.engines["sentiment"]
    assert len(engine.batches) <= 2


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/classify", {}, 422, "invalid_request"),
        ("/classify", {"text": None}, 422, "invalid_request"),
        ("/classify", {"text": 5}, 422, "invalid_request"),
        ("/classify", {"text": "  "}, 422, "invalid_request"),
        ("/v1/sentiment", {"text": "x" * 100_001}, 413, "body_too_large"),
        ("/v1/sentiment", {"text": "crash"}, 503, "engine_failed"),
        ("/v2/classify", {"inputs": [], "task": "sentiment"}, 422, "invalid_request"),
        ("/v2/classify", {"inputs": ["a"] * 65, "task": "sentiment"}, 422, "invalid_request"),
        ("/v2/classify", {"inputs": "a", "task": "poetry"}, 422, "invalid_request"),
        ("/v2/classify", {"inputs": "a", "task": "sentiment", "top_k": 0}, 422, "invalid_request"),
        ("/v2/classify", {"inputs": "a", "task": "sentiment", "k": 1}, 422, "invalid_request"),
        ("/predict", {"inputs": ["a", "b"]}, 422, "invalid_request"),
        ("/predict", {"inputs": [["a", "b"]]}, 422, "invalid_request"),
        ("/predict", {"inputs": GERMAN}, 422, "language_not_read"),
        ("/predict", {"inputs": "a", "raw_scores": True}, 422, "invalid_request"),
        ("/v1/moderations", {"input": [{"type": "image_url"}]}, 422, "invalid_request"),
    ],
)
def test_refusals_are_problems(
    client: TestClient, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    """Whatever cannot be classified is refused with a reason."""
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", {422}),
        (b'{"text": "cut o', {400}),
        (b'{"text": "\xff\xfe"}', {400}),
        (b'{"text": NaN}', {422}),
        (rb'{"text": "\ud800 lone"}', {400}),
        (b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", {400, 422}),
        ('{"text": "a good day"}'.encode("utf-16"), {200, 400, 422}),
        ('{"text": "p\u0430yp\u0430l is g\u043e\u043ed"}'.encode(), {200}),
        ('{"text": "\u202egood\u202c <b>day</b>"}'.encode(), {200}),
        (b'{"text": "a%s"}' % (b"\xcc\x81" * 4_000), {200}),
        (b'{"text": "%s"}' % (b" " * 50_000), {422}),
        (b'{"text": "%s!"}' % (b"a" * 50_000), {200}),
    ],
)
def test_hostile_bodies_do_no_harm(client: TestClient, content: bytes, expected: set[int]) -> None:
    """Bodies that are made to break something are answered or refused."""
    answer = client.post(
        "/v1/sentiment", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in expected


def test_metrics_count_what_was_asked(client: TestClient) -> None:
    """Calls by method, and how many verdicts were kept."""
    for _ in range(3):
        client.post("/v1/sentiment", json={"text": GOOD})
    client.post("/classify", json={"text": GOOD})
    lines = client.get("/metrics").text.splitlines()
    assert 'readstone_method_calls_total{method="sentiment"} 3.0' in lines
    assert 'readstone_method_calls_total{method="classify"} 1.0' in lines
    assert "readstone_text_cache_hits_total 3.0" in lines
    assert "readstone_text_cache_misses_total 1.0" in lines


def test_a_document_is_classified_in_the_same_call(service: Service) -> None:
    """The text that was read is judged for each task that was asked for."""
    service.pool.engine.text = "What a good day\nyou are vile"
    asked = {"classify": "sentiment,moderation"}
    answer = service.client.post("/v2/ocr", params=asked, content=picture()).json()
    found = answer["classifications"]
    assert (found["sentiment"]["label"], found["sentiment"]["flagged"]) == ("positive", None)
    assert (found["moderation"]["label"], found["moderation"]["flagged"]) == ("toxic", True)
    assert service.client.post("/v2/ocr", content=picture()).json()["classifications"] == {}


def test_a_document_without_text_is_not_classified(service: Service) -> None:
    """The document is read all the same, and the reason stands where the label would."""
    service.pool.engine.text = ""
    answer = service.client.post("/v2/ocr?classify=sentiment", content=picture())
    assert answer.status_code == 200
    assert answer.json()["classifications"]["sentiment"]["error"]["code"] == "invalid_request"


@pytest.mark.parametrize("tasks", ["poetry", "sentiment,", "sentiment moderation"])
def test_a_document_is_not_classified_by_unknown_tasks(client: TestClient, tasks: str) -> None:
    """The refusal comes before anything is read."""
    answer = client.post("/v2/ocr", params={"classify": tasks}, content=picture())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
