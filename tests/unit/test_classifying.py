"""Verdicts: by language, from memory, or from the engine."""

import asyncio

import pytest

from readstone.classifying import TextClassifier, build_classifier
from readstone.engine.nlp.base import Task
from readstone.engine.nlp.hub import TransformersEngine
from readstone.engine.nlp.onnx import OnnxEngine
from readstone.engine.nlp.remote import RemoteEngine
from readstone.errors import BodyTooLarge, ConfigError, EngineFailed, InvalidRequest, Unavailable
from tests.fakes import FakeTextEngine, settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def engine() -> FakeTextEngine:
    """An engine that reads English."""
    return FakeTextEngine()


@pytest.fixture
def classifier(engine: FakeTextEngine) -> TextClassifier:
    """What asks that engine."""
    return TextClassifier(
        dict.fromkeys(Task, engine), max_characters=1_000, cache_bytes=2_000, max_waiting=5
    )


async def test_text_gets_its_labels(classifier: TextClassifier) -> None:
    """Both tasks are answered, with the language beside them."""
    verdict = await classifier.classify("what a good day it is", Task.SENTIMENT)
    assert verdict.labels(Task.SENTIMENT)[0].name == "positive"
    assert verdict.language.code == "en"
    assert classifier.model(Task.SENTIMENT) == "fake-text"


async def test_a_text_is_judged_once(classifier: TextClassifier, engine: FakeTextEngine) -> None:
    """The same text again, for whichever task, comes from memory."""
    for text, task in [("one", Task.SENTIMENT), ("one", Task.MODERATION), ("one", Task.SENTIMENT)]:
        await classifier.classify(text, task)
    assert engine.batches == [["one"]]
    assert (classifier.hits, classifier.misses) == (2, 1)


async def test_memory_is_bounded(classifier: TextClassifier, engine: FakeTextEngine) -> None:
    """Verdicts on other texts make the first one forgotten."""
    for number in [*range(20), 0]:
        await classifier.classify(f"number {number}", Task.SENTIMENT)
    assert len(engine.batches) == 21


async def test_other_languages_are_not_judged(
    classifier: TextClassifier, engine: FakeTextEngine
) -> None:
    """Texts that the engine cannot read get no label, and those beside them do."""
    texts = ["a good day at the sea", "ein guter Tag an der See", "ok", "😍"]
    first = asyncio.create_task(classifier.classify("wait for me", Task.SENTIMENT))
    verdicts = await asyncio.gather(*(classifier.classify(t, Task.SENTIMENT) for t in texts))
    await first
    assert [bool(verdict.judgement) for verdict in verdicts] == [True, False, True, True]
    assert (verdicts[1].language.code, verdicts[1].labels(Task.SENTIMENT)) == ("de", ())
    assert [text for batch in engine.batches for text in batch] == [
        "wait for me",
        *texts[:1],
        "ok",
        "😍",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
async def test_blank_text_is_refused(classifier: TextClassifier, text: str) -> None:
    """There is nothing to judge."""
    with pytest.raises(InvalidRequest, match="blank"):
        await classifier.classify(text, Task.SENTIMENT)


async def test_too_long_text_is_refused(classifier: TextClassifier) -> None:
    """The refusal names the setting."""
    await classifier.classify("x" * 1_000, Task.SENTIMENT)
    with pytest.raises(BodyTooLarge) as refusal:
        await classifier.classify("x" * 1_001, Task.SENTIMENT)
    assert refusal.value.facts == {
        "limit": 1_000,
        "actual": 1_001,
        "setting": "limits.text_characters",
    }


async def test_a_failure_is_not_kept(classifier: TextClassifier, engine: FakeTextEngine) -> None:
    """After a failure the text is judged anew."""
    for _ in range(2):
        with pytest.raises(EngineFailed):
            await classifier.classify("a crash at sea", Task.SENTIMENT)
    assert len(engine.batches) == 2


def built(**text: str) -> dict[Task, object]:
    """Return the engines that the configuration names."""
    config = settings(**{f"text__{name}": value for name, value in text.items()})
    return dict(build_classifier(config.text, max_characters=10).engines)


def test_one_onnx_engine_answers_both_tasks() -> None:
    """The model that ships is loaded once."""
    engines = built()
    assert engines[Task.SENTIMENT] is engines[Task.MODERATION]
    assert isinstance(engines[Task.SENTIMENT], OnnxEngine)


def test_each_task_may_have_its_own_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands behind the colon is the model."""
    monkeypatch.setattr(TransformersEngine, "check", lambda self: None)
    engines = built(
        sentiment="transformers:/models/mood", moderation="remote:http://tei:80/predict"
    )
    sentiment, moderation = engines[Task.SENTIMENT], engines[Task.MODERATION]
    assert isinstance(sentiment, TransformersEngine) and sentiment.name == "mood"
    assert isinstance(moderation, RemoteEngine) and moderation.name == "tei:80"


def test_an_unknown_engine_is_refused() -> None:
    """The refusal names those that there are."""
    with pytest.raises(ConfigError, match=r"text\.moderation: gut .*onnx, transformers, remote"):
        built(moderation="gut:feeling")


def test_an_engine_that_cannot_work_is_refused() -> None:
    """The start ends with the remedy."""
    with pytest.raises(Unavailable, match="remote:http://host"):
        built(sentiment="remote:tei")
