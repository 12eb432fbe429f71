"""Tells what a picture shows, by a classifier that the operator brings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from readstone.engine.pages import frame_count, visible_picture
from readstone.engine.recognise import Reader
from readstone.errors import ConfigError

Floats = npt.NDArray[np.float32]

WHITE = 255
ONLY_FATAL = 4  # of what onnxruntime writes to standard error
FILES = ("model.onnx", "config.json", "preprocessor_config.json")


@dataclass(frozen=True, slots=True)
class PictureClassifier:
    """A network with what it expects and what its outputs stand for.

    Attributes:
        size: width and height of what it takes, in pixels.
        mean, deviation: of each colour from 0 to 1, to which pixels are brought.
        are_exclusive: whether a picture shows one of the labels, or any number of them.
    """

    session: Any
    size: tuple[int, int]
    mean: Floats
    deviation: Floats
    labels: Sequence[str]
    are_exclusive: bool

    def scores(self, image: Image.Image) -> dict[str, float]:
        """Return how probable each label is; all of the picture counts, to its edges."""
        small = image.convert("RGB").resize(self.size, Image.Resampling.BILINEAR)
        pixels = (np.asarray(small, np.float32) / WHITE - self.mean) / self.deviation
        name = self.session.get_inputs()[0].name
        logits = self.session.run(None, {name: pixels.transpose(2, 0, 1)[None]})[0][0]
        return dict(zip(self.labels, map(float, self._probabilities(logits)), strict=True))

    def _probabilities(self, logits: Floats) -> Floats:
        others = np.logaddexp.reduce(logits) if self.are_exclusive else np.logaddexp(0, logits)
        probabilities: Floats = np.exp(logits - others)
        return probabilities


def open_classifier(folder: Path) -> PictureClassifier:
    """Return the classifier in a folder such as `optimum-cli export onnx` writes.

    Raises:
        ConfigError: there is none, or one that cannot be used.
    """
    from onnxruntime import InferenceSession, SessionOptions
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    # What it raises has no other common class.
    unusable = (
        *(state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf),
        *(state.NoSuchFile, state.NotImplemented, state.RuntimeException),
    )
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ONLY_FATAL
    try:
        model, config, expected = (folder / name for name in FILES)
        about, wanted = (json.loads(each.read_text()) for each in (config, expected))
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        names = about["id2label"]
        classifier = PictureClassifier(
            session,
            _size(wanted),
            np.array(wanted.get("image_mean", (0, 0, 0)), np.float32),
            np.array(wanted.get("image_std", (1, 1, 1)), np.float32),
            [names[str(number)] for number in range(len(names))],
            about.get("problem_type") != "multi_label_classification",
        )
        classifier.scores(Image.new("RGB", (1, 1)))
        return classifier
    except (OSError, ValueError, LookupError, TypeError, AttributeError, *unusable) as error:
        raise ConfigError(
            f"compliance.classifier: {folder} must hold {', '.join(FILES)} of a picture classifier"
        ) from error


def _size(wanted: Mapping[str, Any]) -> tuple[int, int]:
    """Return width and height as a preprocessor has them: by name, or one for both sides."""
    size = wanted.get("crop_size") or wanted["size"]
    if isinstance(size, int):
        return size, size
    side = size.get("shortest_edge")
    return (side, side) if side else (size["width"], size["height"])


@cache
def _classifier(folder: Path) -> PictureClassifier:
    return open_classifier(folder)


def picture_scores(reader: Reader, data: bytes, folder: Path) -> dict[str, float]:
    """Return how probable it is for each label that some page of a picture shows it."""
    classifier = _classifier(folder)
    pages = [
        classifier.scores(visible_picture(data, reader.limits, frame=frame).image)
        for frame in range(frame_count(data, reader.limits))
    ]
    return {label: max(page[label] for page in pages) for label in classifier.labels}
