"""The clients of other projects, as they are installed, against our views of their servers."""

from collections.abc import Callable

import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError
from openai import OpenAI, UnprocessableEntityError
from starlette.testclient import TestClient

TOKEN = "correct-horse"
GOOD, VILE, GERMAN = "what a good day it is", "you are a vile person", "ein guter Tag an der See"
Listen = Callable[..., tuple[str, int]]


@pytest.fixture
def url(listen: Listen) -> str:
    """The address of a service that wants a token."""
    host, port = listen(auth__tokens=f"alice:{TOKEN}")
    return f"http://{host}:{port}"


@pytest.fixture
def openai(url: str) -> OpenAI:
    """OpenAI's client, which believes that it talks to OpenAI."""
    return OpenAI(base_url=f"{url}/v1", api_key=TOKEN, max_retries=0)


def test_openai_client_moderates(openai: OpenAI) -> None:
    """Its typed answer has flags and scores; what is not judged applies to no input."""
    answer = openai.moderations.create(input=[GOOD, VILE], model="omni-moderation-latest")
    good, vile = answer.results
    assert answer.id.startswith("modr-") and answer.model == "fake-text"
    assert (good.flagged, good.categories.harassment, good.category_scores.hate) == (
        False,
        False,
        0.02,
    )
    assert (vile.flagged, vile.categories.harassment, vile.category_scores.harassment) == (
        True,
        True,
        0.9,
    )
    assert vile.category_applied_input_types.harassment == ["text"]
    assert vile.category_applied_input_types.self_harm == []
    assert (vile.categories.violence_graphic, vile.category_scores.sexual_minors) == (False, 0)


def test_openai_client_sends_parts(openai: OpenAI) -> None:
    """An input in parts is one text."""
    parts = [{"type": "text", "text": GOOD}, {"type": "text", "text": VILE}]
    (result,) = openai.moderations.create(input=parts).results  # type: ignore[arg-type]
    assert result.flagged


def test_openai_client_hears_of_a_language(openai: OpenAI) -> None:
    """A text that cannot be judged has no category that applies to it."""
    (result,) = openai.moderations.create(input=GERMAN).results
    assert result.flagged is False
    assert result.category_applied_input_types.hate == []
    assert result.model_extra == {"language_supported": False}


def test_openai_client_hears_refusals(openai: OpenAI) -> None:
    """Our problem is its exception."""
    with pytest.raises(UnprocessableEntityError) as refusal:
        openai.moderations.create(input=" ")
    assert "blank" in refusal.value.response.json()["detail"]


@pytest.fixture
def hub(url: str) -> InferenceClient:
    """Hugging Face's client, which text-embeddings-inference is made for."""
    return InferenceClient(model=f"{url}/predict", token=TOKEN)


def test_hugging_face_client_classifies(hub: InferenceClient) -> None:
    """It gets labels with scores, the likeliest first."""
    found = hub.text_classification(GOOD)
    assert [(each.label, each.score) for each in found] == [
        ("positive", 0.9),
        ("neutral", 0.06),
        ("negative", 0.04),
    ]
    assert [each.label for each in hub.text_classification(GOOD, top_k=1)] == ["positive"]


def test_hugging_face_client_hears_refusals(hub: InferenceClient) -> None:
    """A language that cannot be judged is an error, since no label says so."""
    with pytest.raises(HfHubHTTPError, match="422"):
        hub.text_classification(GERMAN)


def test_text_embeddings_inference_shapes(client: TestClient) -> None:
    """One text gets a list of labels, a batch a list of such lists; the task may be chosen."""
    single = client.post("/predict", json={"inputs": GOOD}).json()
    assert single[0] == {"label": "positive", "score": 0.9}
    assert client.post("/predict", json={"inputs": [GOOD]}).json() == single
    batch = client.post("/predict", json={"inputs": [[GOOD], [VILE]], "truncate": True}).json()
    assert [labels[0]["label"] for labels in batch] == ["positive", "neutral"]
    moderated = client.post("/predict?task=moderation", json={"inputs": VILE}).json()
    assert moderated[0] == {"label": "toxic", "score": 0.9}
