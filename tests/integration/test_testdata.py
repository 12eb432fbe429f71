"""Every picture of testdata/ against what its manifest says of it."""

import json
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import httpx2
import pytest

from readstone.engine.pages import CREDIBLE_DPI

TESTDATA = Path(__file__).parents[2] / "testdata"
# What a reader without special preparation reaches; skewed and noisy pictures are harder.
LEAST_LIKENESS = {"distorted": 0.7}
USUAL_LIKENESS = 0.95


def rows() -> list[dict[str, Any]]:
    """Return the rows of the manifest of testdata/."""
    return [json.loads(row) for row in (TESTDATA / "manifest.jsonl").read_text().splitlines()]


def truth_of(row: dict[str, Any]) -> str:
    """Return the text that stands on the pages of a file, in one line."""
    text = str(row["text"])
    return " ".join(((TESTDATA / text).read_text() if text.endswith(".txt") else text).split())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_our_pictures_are_read(http: httpx2.Client, row: dict[str, Any]) -> None:
    """A picture of testdata/ has its text, or is refused with the code that its row names."""
    answer = http.post("/v2/ocr", content=(TESTDATA / row["file"]).read_bytes())
    if "error" in row:
        assert answer.json()["code"] == row["error"]
        return
    read = " ".join(answer.json()["text"].split())
    likeness = SequenceMatcher(None, truth_of(row), read, autojunk=False).ratio()
    assert likeness >= LEAST_LIKENESS.get(row["kind"], USUAL_LIKENESS)
    if "dpi" in row:
        stated = row["dpi"] if row["dpi"] in CREDIBLE_DPI else None
        assert answer.json()["pages"][0]["dpi"] == stated
    if "rotation" in row and not row.get("mirrored"):
        assert answer.json()["pages"][0]["rotation"] == row["rotation"]
