"""The model that ships: what a person would try by hand, and what keeps it whole."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from readstone.engine.nlp.base import Judgement, Task
from readstone.engine.nlp.onnx import WEIGHTS, OnnxEngine, in_parts
from readstone.engine.nlp.windows import Ids, Scores
from readstone.errors import Unavailable


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    """The engine as it is configured."""
    return OnnxEngine(max_windows=256)


def judged(engine: OnnxEngine, text: str) -> Judgement:
    """Return what the engine says of one text."""
    (judgement,) = engine.judge([text])
    return judgement


@pytest.mark.parametrize(("cores", "shapes"), [(1, [3]), (2, [1, 2]), (8, [1, 1, 1])])
def test_scores_stand_at_the_place_of_their_window(cores: int, shapes: list[int]) -> None:
    """Every core judges a part of the windows, none an empty one."""
    seen = []

    def run(ids: Ids, mask: Ids) -> list[Scores]:
        seen.append(len(ids))
        return [ids.astype(np.float32), (ids * mask).astype(np.float32)]

    ids, mask = np.array([[1, 2], [3, 4], [5, 6]]), np.array([[1, 1], [1, 0], [1, 1]])
    first, second = in_parts(run, ids, mask, cores=cores)
    assert first.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert second.tolist() == [[1, 2], [3, 0], [5, 6]]
    assert sorted(seen) == shapes


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("This is a beautiful day", "positive"),
        ("I had a very bad day", "negative"),
        ("The meeting is at 3 pm", "neutral"),
        ("The food was not bad at all", "positive"),
        ("The room was not clean and the staff did not care", "negative"),
        ("Oh great, another delay. Just what I needed.", "negative"),
        ("Whisk two eggs with the sugar, fold in the flour and bake for 25 minutes.", "neutral"),
        ("Invoice 2041, total due 56.00 EUR", "neutral"),
        ("😍😍😍", "positive"),
        ("😡", "negative"),
    ],
)
def test_sentiment_is_what_a_person_would_say(engine: OnnxEngine, text: str, label: str) -> None:
    """Plain opinions, negation, irony, facts and emoji."""
    assert judged(engine, text).labels[Task.SENTIMENT][0].name == label


@pytest.mark.parametrize(
    ("text", "offends"),
    [
        ("You are a stupid idiot, shut up", True),
        ("Thank you for your help yesterday", False),
        ("He is gay and proud of it", False),
        ("I had a very bad day", False),
        ("The meeting is at 3 pm", False),
        ("", False),
    ],
)
def test_moderation_flags_what_offends(engine: OnnxEngine, text: str, offends: bool) -> None:
    """An insult is flagged; a complaint, and the mention of a group, are not."""
    labels = judged(engine, text).labels[Task.MODERATION]
    assert any(label.is_flagged for label in labels) == offends


def test_a_long_text_is_judged_whole(engine: OnnxEngine) -> None:
    """An insult at the end of a long text is found, and counts little for the sentiment."""
    text = "The train leaves from platform four. " * 200 + "You are a stupid idiot, shut up!"
    judgement = judged(engine, text)
    assert judgement.windows > 10 and not judgement.is_truncated
    assert any(label.is_flagged for label in judgement.labels[Task.MODERATION])
    assert judgement.labels[Task.SENTIMENT][0].name == "neutral"


def test_neighbours_change_next_to_nothing(engine: OnnxEngine) -> None:
    """A text gets the same scores alone and in company, but for the rounding of a shared batch."""
    texts = ["A fine day", "the soup was cold, and the waiter was rude " * 3, "ok"]
    for text, together in zip(texts, engine.judge(texts), strict=True):
        for task in Task:
            alone = {label.name: label.score for label in judged(engine, text).labels[task]}
            assert {label.name: label.score for label in together.labels[task]} == pytest.approx(
                alone, abs=0.05
            )


def test_it_reads_english_alone(engine: OnnxEngine) -> None:
    """Languages that it has not learned are left to others."""
    assert [engine.reads(code) for code in ("en", "de", "und")] == [True, False, False]


def test_weights_are_those_that_were_shipped(engine: OnnxEngine) -> None:
    """The files have the digests that stand beside them."""
    engine.check()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("harm", ["one byte", "gone"])
def test_damaged_weights_are_refused(tmp_path: Path, name: str, harm: str) -> None:
    """A changed or missing file ends the start, with its name and the remedy."""
    for file in WEIGHTS.iterdir():
        shutil.copy(file, tmp_path)
    victim = tmp_path / name
    if harm == "gone":
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[:-1] + b"\0")
    with pytest.raises(Unavailable, match=f"{name} are damaged; install"):
        OnnxEngine(tmp_path, max_windows=1).check()


def test_weights_are_small_and_described() -> None:
    """All files together stay under 25 MB, and a card tells where they come from."""
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 25_000_000
    card = (WEIGHTS / "MODEL_CARD.md").read_text()
    assert json.loads((WEIGHTS / "model.json").read_text())["name"] in card


def test_nothing_heavy_is_loaded_before_the_first_text() -> None:
    """Who reads pictures only does not pay for the model."""
    code = (
        "import sys; from readstone.engine.nlp.onnx import OnnxEngine; "
        "OnnxEngine(max_windows=1).check(); "
        "print(*({'onnxruntime', 'tokenizers', 'torch', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_nobody_is_told_that_texts_are_judged(tmp_path: Path) -> None:
    """The runtime does not prepare to tell its maker: that would begin with a file."""
    code = (
        "from readstone.engine.nlp.onnx import OnnxEngine; "
        "OnnxEngine(max_windows=1).judge(['hello'])"
    )
    silent = {"CI", "ORT_DISABLE_TELEMETRY"}
    usual = {name: value for name, value in os.environ.items() if name not in silent}
    own = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), str(tmp_path))
    subprocess.run([sys.executable, "-c", code], env=usual | own, check=True)
    assert list(tmp_path.iterdir()) == []
