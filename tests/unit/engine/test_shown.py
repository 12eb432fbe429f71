"""Tests of engine/shown.py, with a network of the test's own and the real onnxruntime."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from readstone.engine.base import PictureLimits
from readstone.engine.recognise import Reader
from readstone.engine.shown import FILES, open_classifier, picture_scores
from readstone.errors import ConfigError
from tests.fakes import FakeEngine
from tests.picture_classifier import write_classifier

READER = Reader(FakeEngine(), PictureLimits(10_000, 1_000))


def written(kind: str, *colours: str) -> bytes:
    """Return a picture with a page of each colour."""
    out = BytesIO()
    first, *others = [Image.new("RGB", (30, 20), colour) for colour in colours]
    first.save(out, kind, **({"save_all": True, "append_images": others} if others else {}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "is_red"),
    [
        (written("PNG", "red"), True),
        (written("JPEG", "red"), True),
        (written("PNG", "grey"), False),
        (written("PNG", "blue"), False),
        (written("TIFF", "grey", "grey", "red"), True),
    ],
)
def test_classifier_tells_what_a_picture_shows(tmp_path: Path, data: bytes, is_red: bool) -> None:
    """Any page of it counts."""
    scores = picture_scores(READER, data, write_classifier(tmp_path / "model"))
    assert (scores["red"] > 0.9) is is_red
    assert (scores["red"] < 0.6) is not is_red


def test_labels_may_exclude_each_other_or_not(tmp_path: Path) -> None:
    """As the model says: the scores of one kind are shares, those of the other are not."""
    image = Image.new("RGB", (30, 20), "red")
    one = open_classifier(write_classifier(tmp_path / "one")).scores(image)
    assert sum(one.values()) == pytest.approx(1)
    many = write_classifier(tmp_path / "many", problem_type="multi_label_classification")
    scores = open_classifier(many).scores(image)
    assert scores["plain"] == pytest.approx(0.5)
    assert scores["red"] > 0.9


@pytest.mark.parametrize("size", [8, {"shortest_edge": 8}])
def test_size_may_be_one_for_both_sides(tmp_path: Path, size: object) -> None:
    """Preprocessors write it in three ways."""
    folder = write_classifier(tmp_path / "model")
    (folder / "preprocessor_config.json").write_text(json.dumps({"size": size}))
    assert open_classifier(folder).size == (8, 8)


@pytest.mark.parametrize(
    "files",
    [
        {"config.json": {"id2label": {"0": "plain", "1": "red", "2": "blue"}}},
        {"preprocessor_config.json": {"size": 9}},
        {"preprocessor_config.json": {"size": 8, "image_mean": [0.5, 0.5]}},
    ],
)
def test_files_that_do_not_fit_together_are_refused(
    tmp_path: Path, files: dict[str, object]
) -> None:
    """At the start, and not at the first picture."""
    folder = write_classifier(tmp_path / "model")
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    with pytest.raises(ConfigError, match=r"compliance\.classifier"):
        open_classifier(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, "{}", "[]"])
def test_folder_without_a_classifier_is_refused(
    tmp_path: Path, name: str, content: str | None
) -> None:
    """A file is missing, or holds something else."""
    folder = write_classifier(tmp_path / "model")
    (folder / name).unlink()
    if content:
        (folder / name).write_text(content)
    with pytest.raises(ConfigError, match=r"compliance\.classifier: .* must hold model\.onnx"):
        open_classifier(folder)
