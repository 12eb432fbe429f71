"""Any model folder of the Hugging Face kind, beside the library's own pipeline."""

import os
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from readstone.engine.nlp import hub
from readstone.engine.nlp.base import Task
from readstone.engine.nlp.hub import TransformersEngine, has_fast_bf16
from readstone.engine.nlp.usage import Usage
from readstone.errors import EngineFailed, Unavailable

if "CI" not in os.environ:
    pytest.importorskip("transformers", reason="scripts/setup.sh --with transformers")

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = [*SPECIAL, "the", "day", "was", "good", "bad", "very", "long", "and", "grey", "not"]
TEXTS = ["the day was very good", "bad", "the very long and grey day was not bad"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model with random weights, saved as such models are."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "mood"
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=32
    ).save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        id2label={0: "BAD", 1: "SO_SO", 2: "GOOD"},
        initializer_range=0.8,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def engine(folder: Path | str, task: Task = Task.SENTIMENT) -> TransformersEngine:
    """Return an engine with the model of a folder."""
    return TransformersEngine(str(folder), Usage(task, ["bad"], ["en"], max_windows=3))


def test_scores_are_those_of_the_pipeline(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of several lengths together get what the library gives each alone."""
    from transformers import pipeline

    monkeypatch.setattr(hub, "has_fast_bf16", lambda: False)
    classify = pipeline("text-classification", str(folder), top_k=None)
    judgements = engine(folder).judge(TEXTS)
    for text, judgement in zip(TEXTS, judgements, strict=True):
        (expected,) = classify([text])
        labels = judgement.labels[Task.SENTIMENT]
        assert [label.name for label in labels] == [each["label"].lower() for each in expected]
        assert [label.score for label in labels] == pytest.approx(
            [each["score"] for each in expected], abs=1e-5
        )


def test_sixteen_bits_are_close(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numbers of 16 bits are faster, the scores are nearly the same."""
    scores = []
    for fast in (True, False):
        monkeypatch.setattr(hub, "has_fast_bf16", lambda fast=fast: fast)
        labels = engine(folder).judge(TEXTS[:1])[0].labels[Task.SENTIMENT]
        scores.append({label.name: label.score for label in labels})
    assert scores[0] != scores[1]
    assert scores[0] == pytest.approx(scores[1], abs=0.05)


def test_long_text_is_judged_in_windows(folder: Path) -> None:
    """What the model cannot take at once comes in pieces, and the answer says how many."""
    (judgement,) = engine(folder, Task.MODERATION).judge(["the day was very bad " * 30])
    assert (judgement.windows, judgement.is_truncated) == (3, True)
    assert {label.name for label in judgement.labels[Task.MODERATION]} == {"bad", "so_so", "good"}


def test_what_is_no_model_fails_safely(tmp_path: Path) -> None:
    """The failure names no path."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineFailed, match="empty cannot be loaded") as failure:
        engine(tmp_path / "empty").judge(["the day"])
    assert str(tmp_path) not in failure.value.detail


def test_languages_are_those_the_operator_names(folder: Path) -> None:
    """The model itself does not say what it reads."""
    assert [engine(folder).reads(code) for code in ("en", "de")] == [True, False]


def test_installed_libraries_are_enough_for_the_start(folder: Path) -> None:
    """Nothing is loaded before the first text."""
    engine(folder).check()


def test_a_missing_library_is_named_with_its_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start is refused with the command that installs it."""
    monkeypatch.setattr(hub, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match=r"text\.sentiment: .*setup.sh --with transformers"):
        engine(folder).check()


@pytest.mark.parametrize(
    ("facts", "expected"), [("flags : fpu avx512_bf16 sse", True), ("flags : fpu sse", False)]
)
def test_the_processor_tells_what_is_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: str, expected: bool
) -> None:
    """Linux lists what a processor can; where nothing is listed, nothing is assumed."""
    monkeypatch.setattr(hub, "CPU_FACTS", tmp_path / "cpuinfo")
    assert not has_fast_bf16()
    (tmp_path / "cpuinfo").write_text(facts)
    assert has_fast_bf16() is expected
