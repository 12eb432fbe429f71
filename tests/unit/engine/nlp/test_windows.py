"""Long texts in windows, windows in batches, and their scores put together."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from readstone.engine.nlp.base import Label, Task
from readstone.engine.nlp.windows import BATCH_TOKENS, Head, Ids, Scores, WindowedModel, batches

WORDS = ["so", "good", "bad", "vile", "."]
SENTIMENT = Head(Task.SENTIMENT, ("negative", "positive"))
MODERATION = Head(Task.MODERATION, ("hate", "toxic"), {"hate": 0.5, "toxic": 0.4})


class CountingModel:
    """Scores a window by the share of its words that are good, bad or vile."""

    def __init__(self, *, window: int = 4, max_windows: int = 10) -> None:
        tokenizer = Tokenizer(WordLevel(dict(zip(WORDS, range(1, 9), strict=False)), "so"))
        tokenizer.pre_tokenizer = Whitespace()
        tokenizer.enable_truncation(window, stride=0)
        self.shapes: list[tuple[int, ...]] = []
        heads = [SENTIMENT, MODERATION]
        self.judge = WindowedModel(tokenizer, self.forward, heads, max_windows=max_windows).judge

    def forward(self, ids: Ids, mask: Ids) -> Sequence[Scores]:
        self.shapes.append(ids.shape)
        assert not ids[mask == 0].any()
        share = {
            word: (ids == place).sum(axis=1) / mask.sum(axis=1)
            for place, word in enumerate(WORDS, 1)
        }
        return [
            np.stack([share["bad"], share["good"]], axis=1),
            np.stack([0 * share["vile"], share["vile"]], axis=1),
        ]


def scores(labels: Sequence[Label]) -> dict[str, float]:
    """Return labels as a mapping."""
    return {label.name: round(label.score, 4) for label in labels}


def test_each_text_gets_its_own_scores() -> None:
    """Texts of different lengths in one call do not touch each other."""
    good, bad, mixed = CountingModel().judge(["good good", "bad", "so good so bad"])
    assert scores(good.labels[Task.SENTIMENT]) == {"positive": 1, "negative": 0}
    assert scores(bad.labels[Task.SENTIMENT]) == {"negative": 1, "positive": 0}
    assert scores(mixed.labels[Task.SENTIMENT]) == {"negative": 0.25, "positive": 0.25}
    assert (mixed.windows, mixed.is_truncated) == (1, False)


def test_labels_come_by_falling_score() -> None:
    """The first label is the likeliest."""
    (judgement,) = CountingModel().judge(["bad bad good so"])
    assert [label.name for label in judgement.labels[Task.SENTIMENT]] == ["negative", "positive"]


def test_sentiment_of_a_long_text_is_the_mean_by_length() -> None:
    """A window counts as much as it has words."""
    (judgement,) = CountingModel().judge(["good good good good bad"])
    assert judgement.windows == 2
    assert scores(judgement.labels[Task.SENTIMENT]) == {"positive": 0.8, "negative": 0.2}


@pytest.mark.parametrize("text", ["vile . . . so so so so", "so so so so . vile vile ."])
def test_what_offends_offends_wherever_it_stands(text: str) -> None:
    """Of all windows, moderation takes the worst; a threshold of its own decides on each label."""
    (judgement,) = CountingModel().judge([text])
    flagged = {label.name: label.is_flagged for label in judgement.labels[Task.MODERATION]}
    assert flagged == {"toxic": text.count("vile") == 2, "hate": False}


def test_more_windows_than_are_looked_at() -> None:
    """The rest of a very long text is left out, and the answer says so."""
    long, short = CountingModel(max_windows=2).judge(["good " * 8 + "bad " * 8, "bad"])
    assert (long.windows, long.is_truncated) == (2, True)
    assert scores(long.labels[Task.SENTIMENT]) == {"positive": 1, "negative": 0}
    assert scores(short.labels[Task.SENTIMENT]) == {"negative": 1, "positive": 0}


def test_text_without_a_single_word_the_model_knows() -> None:
    """An empty window has scores as well."""
    (judgement,) = CountingModel().judge(["so"])
    assert scores(judgement.labels[Task.SENTIMENT]) == {"positive": 0, "negative": 0}


@given(st.lists(st.integers(1, 128), max_size=200))
def test_batches_hold_every_window_once_and_little_padding(lengths: list[int]) -> None:
    """No batch is larger than one pass may be, and lengths grow from batch to batch."""
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    longest = [max(lengths[place] for place in batch) for batch in found]
    for batch, width in zip(found, longest, strict=True):
        assert len(batch) * width <= BATCH_TOKENS
    for width, batch in zip(longest, found[1:], strict=False):
        assert width <= min(lengths[place] for place in batch)
    assert all(a <= b for a, b in pairwise(longest))
