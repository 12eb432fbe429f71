"""Texts in pieces of a length that a model can take, and the answers to pieces put together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from readstone.engine.nlp.base import Judgement, Label, Task
from readstone.engine.nlp.normalise import normalised

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

# What one pass through a model holds, padding included; with 2,048 a token takes a tenth longer.
BATCH_TOKENS = 512
# A window repeats so much of the one before, for sentences that lie on the border.
OVERLAP = 16


@dataclass(frozen=True, slots=True)
class Head:
    """One answer of a model: the labels in the order of its scores.

    Attributes:
        thresholds: from which score a label is flagged; without any, one label excludes the others.
    """

    task: Task
    labels: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def combined(self, scores: Scores, lengths: Sequence[int]) -> Scores:
        """Return the scores of a text from those of its windows, shape (windows, labels).

        A sentiment is the mean over the text; what offends, offends wherever it stands.
        """
        if self.thresholds:
            return np.asarray(scores.max(axis=0))
        return np.asarray(np.average(scores, axis=0, weights=lengths))

    def labelled(self, scores: Scores) -> tuple[Label, ...]:
        """Return the labels by falling score."""
        labels = (
            Label(name, float(score), bool(score >= self.thresholds.get(name, np.inf)))
            for name, score in zip(self.labels, scores, strict=True)
        )
        return tuple(sorted(labels, key=lambda label: -label.score))


class WindowedModel:
    """A model with its tokenizer, for texts of any length.

    Args:
        tokenizer: truncates at the length of a window and pads nothing.
        forward: takes ids and mask, shape (windows, tokens); returns the scores for each head.
        max_windows: of one text; the rest of it is left out.
    """

    def __init__(
        self,
        tokenizer: "Tokenizer",
        forward: Callable[[Ids, Ids], Sequence[Scores]],
        heads: Sequence[Head],
        *,
        max_windows: int,
    ) -> None:
        self._tokenizer = tokenizer
        self._forward = forward
        self._heads = heads
        self._max_windows = max_windows

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """Return what there is to say of each text."""
        cut = [self._windows(text) for text in texts]
        ids = [window for windows in cut for window in windows[: self._max_windows]]
        scores = self._scores(ids)
        judgements, start = [], 0
        for windows in cut:
            end = start + min(len(windows), self._max_windows)
            lengths = [len(window) for window in ids[start:end]]
            labels = {
                head.task: head.labelled(head.combined(each[start:end], lengths))
                for head, each in zip(self._heads, scores, strict=True)
            }
            judgements.append(Judgement(labels, end - start, end - start < len(windows)))
            start = end
        return judgements

    def _windows(self, text: str) -> list[list[int]]:
        whole = self._tokenizer.encode(normalised(text))
        return [whole.ids, *(rest.ids for rest in whole.overflowing)]

    def _scores(self, windows: Sequence[Sequence[int]]) -> list[Scores]:
        found = [np.empty((len(windows), len(head.labels)), np.float32) for head in self._heads]
        for batch in batches([len(window) for window in windows]):
            answers = self._forward(*padded([windows[place] for place in batch]))
            for scores, answer in zip(found, answers, strict=True):
                scores[batch] = answer
        return found


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of windows, those of similar length together, so that little is padded."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def padded(windows: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Return ids, filled up with zeros to the longest window, and a mask that is 1 on the ids."""
    width = max(map(len, windows))
    mask = np.arange(width) < np.array([[len(window)] for window in windows])
    ids = np.zeros(mask.shape, np.int64)
    ids[mask] = [each for window in windows for each in window]
    return ids, mask.astype(np.int64)
