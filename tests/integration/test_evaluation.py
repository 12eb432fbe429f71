"""The verb `eval ocr` with the real engine: what it writes, and a floor for accuracy."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_cli import call

TESTDATA = Path(__file__).parents[2] / "testdata"
# What is read today, less a word: a change that costs more than that has to be seen.
LEAST_F1 = {"page": 0.97, "font": 0.98, "format": 0.99, "poor": 0.97}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page, one that is broken, and one in a language that is not installed."""
    folder = tmp_path_factory.mktemp("scans")
    page, broken = TESTDATA / "page" / "receipt.png", TESTDATA / "broken" / "truncated.png"
    truth = str(page.with_suffix(".txt"))
    rows: list[dict[str, Any]] = [
        {"file": str(page), "text": truth, "kind": "receipt"},
        {"file": str(broken), "text": "Total", "kind": "broken"},
        {"file": str(page), "text": truth, "lang": "xxx"},
    ]
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_accuracy_does_not_fall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Clean pages of testdata are read about as well as when this was written."""
    path = tmp_path / "figures.json"
    kinds = [word for kind in LEAST_F1 for word in ("--kind", kind)]
    assert call(monkeypatch, "eval", "ocr", str(TESTDATA), *kinds, "--json", str(path)) == 0
    rows = {row["name"].strip(): row for row in json.loads(path.read_text())["rows"]}
    for kind, least in LEAST_F1.items():
        assert rows[kind]["f1"] >= least, kind
    assert rows["testdata"]["cer"] <= 0.01
    assert "testdata" in capsys.readouterr().out


def test_turned_pictures_are_read_as_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is turned before it is read, and it is told how many were turned back."""
    words = ("--kind", "page", "--turn", "90")
    assert call(monkeypatch, "eval", "ocr", str(TESTDATA), *words) == 0
    said = capsys.readouterr().out
    assert "testdata: 2 of 2 pages were turned back" in said
    assert float(next(line for line in said.splitlines() if "testdata" in line).split()[3]) >= 0.97


def test_report_and_figures_are_written(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What could not be read, or not be tried, is told beside the table."""
    report, figures = tmp_path / "report.html", tmp_path / "figures.json"
    words = ["--report", str(report), "--json", str(figures), "--limit", "3"]
    assert call(monkeypatch, "eval", "ocr", str(folder), str(TESTDATA), *words) == 0
    said = capsys.readouterr().out
    assert "1 in xxx, which is not installed; scripts/setup.sh --languages xxx" in said
    assert re.search(r"not read: .*truncated\.png: the PNG data is damaged", said)
    named = [line.split()[0] for line in said.splitlines() if re.match("[a-z]+[0-9]* +[0-9]", line)]
    assert named == [folder.name, "testdata", "all"]
    html = report.read_text()
    assert html.count("data:image/jpeg;base64,") == 4
    assert ">GREENGROCER 0.9" in html
    documents = json.loads(figures.read_text())["documents"]
    assert [each["error"] for each in documents] == [None, "corrupt_input", None, None, None]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lang", "xxx"], "xxx is not installed; installed are"),
        (["--kind", "letter"], "has none of this kind"),
        (["--set", "psm=99"], "psm=99: "),
        (["--report", "/nowhere/report.html"], "there is no folder /nowhere"),
    ],
)
def test_evaluation_that_cannot_be_is_refused_in_one_line(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    """The message says what is wrong before anything is read."""
    assert call(monkeypatch, "eval", "ocr", str(folder), *words) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert said in written.err


def test_confidences_of_the_second_engine_are_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file holds a curve that rises, and it is told how good it is."""
    path = tmp_path / "confidence.json"
    words = (str(TESTDATA), "--limit", "6", "--write", str(path))
    assert call(monkeypatch, "eval", "calibrate-words", *words) == 0
    assert json.loads(path.read_text())["slope"] > 0
    assert re.match(
        r"\d+ words, [01]\.\d+ of them right; .* are off by 0\.", capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("policy", "limit", "said"),
    [("off", "6", "there is no second engine"), ("auto", "1", "at least 5 documents")],
)
def test_learning_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    policy: str,
    limit: str,
    said: str,
) -> None:
    """Without the engine, or with too little to learn from."""
    monkeypatch.setenv("READSTONE_OCR__SECOND_ENGINE", policy)
    assert call(monkeypatch, "eval", "calibrate-words", str(TESTDATA), "--limit", limit) == 2
    assert said in capsys.readouterr().err
