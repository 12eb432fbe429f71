"""The engine whose weights ship with the service: one small encoder, two heads, 8-bit ONNX."""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np

from readstone.engine.nlp.base import Judgement, Task
from readstone.engine.nlp.windows import OVERLAP, Head, Ids, Scores, WindowedModel
from readstone.errors import Unavailable

Run = Callable[[Ids, Ids], list[Scores]]

WEIGHTS = Path(__file__).parent / "weights"


class OnnxEngine:
    """Judges English with a model that `scripts/train` made; loads it when first asked.

    Args:
        folder: holds model.json, and beside it the graph and the tokenizer that it describes.
        max_windows: of one text.
    """

    def __init__(self, folder: Path = WEIGHTS, *, max_windows: int) -> None:
        self._folder = folder
        self._max_windows = max_windows
        self._about: dict[str, Any] = json.loads((folder / "model.json").read_text())
        self.name: str = self._about["name"]

    def check(self) -> None:
        """Raise Unavailable when a file is not the one that was shipped."""
        for name, digest in self._about["sha256"].items():
            file = self._folder / name
            if not file.is_file() or _digest(file) != digest:
                raise Unavailable(f"the weights in {name} are damaged; install Readstone again")

    def reads(self, language: str) -> bool:
        """Say whether the model has learned a language."""
        return language in self._about["languages"]

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """Return sentiment and moderation of each text."""
        return self._model.judge(texts)

    @cached_property
    def _model(self) -> WindowedModel:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # see engine/pool.py; a command has no pool
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(self._about["window"], stride=OVERLAP)
        tokenizer.no_padding()
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = InferenceSession(
            self._folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        heads = [
            Head(Task(each["task"]), tuple(each["labels"]), each["thresholds"])
            for each in self._about["heads"]
        ]

        tasks = [head.task for head in heads]

        def run(ids: Ids, mask: Ids) -> list[Scores]:
            scores: list[Scores] = session.run(tasks, {"ids": ids, "mask": mask})
            return scores

        forward = partial(in_parts, run, cores=len(os.sched_getaffinity(0)))
        return WindowedModel(tokenizer, forward, heads, max_windows=self._max_windows)


def in_parts(run: Run, ids: Ids, mask: Ids, *, cores: int) -> list[Scores]:
    """Return the scores of some windows, of which each core judges a part."""
    parts = min(cores, len(ids))
    if parts == 1:
        return run(ids, mask)
    with ThreadPoolExecutor(parts) as threads:
        scores = threads.map(run, np.array_split(ids, parts), np.array_split(mask, parts))
        return [np.concatenate(each) for each in zip(*scores, strict=True)]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
