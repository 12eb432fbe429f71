"""Tests of evaluation/choice.py: which documents, and read how."""

from pathlib import Path

import pytest

from readstone.errors import InvalidRequest
from readstone.evaluation.choice import Choice, request_of

ROWS = """\
{"file": "manifest.jsonl", "text": "1", "kind": "photo, dark", "lang": "deu"}
{"file": "manifest.jsonl", "text": "2", "kind": "fax", "lang": "deu"}
{"file": "manifest.jsonl", "text": "3", "kind": "photo", "lang": "fra"}
{"file": "manifest.jsonl", "text": "4"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four documents."""
    (tmp_path / "manifest.jsonl").write_text(ROWS)
    return tmp_path


@pytest.mark.parametrize(
    ("choice", "truths"),
    [
        (Choice(), "1234"),
        (Choice(["photo*"]), "13"),
        (Choice(["photo", "fax"]), "23"),
        (Choice(limit=3), "123"),
        (Choice(["photo*"], limit=1), "1"),
        (Choice([""]), "4"),
    ],
)
def test_documents_are_chosen_by_kind_and_number(folder: Path, choice: Choice, truths: str) -> None:
    """Patterns choose, and the limit counts what was chosen."""
    assert [case.truth for case in choice.cases(folder)] == list(truths)


def test_only_pictures_are_turned(tmp_path: Path) -> None:
    """A PDF is left out, and all others say by how much."""
    (tmp_path / "a.pdf").touch()
    (tmp_path / "b.png").touch()
    (tmp_path / "manifest.jsonl").write_text(
        '{"file": "a.pdf", "text": "1"}\n{"file": "b.png", "text": "2"}\n'
    )
    assert [(c.file.name, c.turn) for c in Choice(turn=90).cases(tmp_path)] == [("b.png", 90)]


def test_cases_know_whether_words_are_cut_at_signs(folder: Path) -> None:
    """They are not, unless that is chosen."""
    assert not any(case.at_signs for case in Choice().cases(folder))
    assert all(case.at_signs for case in Choice(at_signs=True).cases(folder))


def test_kind_that_is_not_there_is_refused(folder: Path) -> None:
    """The refusal says which kinds there are."""
    with pytest.raises(InvalidRequest, match="there are documents without one, fax, photo, photo"):
        Choice(["letter"]).cases(folder)


def test_rows_are_told_by_kind_or_language(folder: Path) -> None:
    """What a document does not say is empty."""
    cases = Choice().cases(folder)
    assert [Choice().row(case) for case in cases] == ["photo, dark", "fax", "photo", ""]
    assert [Choice(by="lang").row(case) for case in cases] == ["deu", "deu", "fra", ""]


def test_settings_are_those_of_the_service() -> None:
    """Words become a request; Tesseract's variables are set one by one."""
    request = request_of(["psm=6", "text_layer=never", "parameters.load_system_dawg=0"], "deu")
    assert (request.psm, request.text_layer, request.lang) == (6, "never", "deu")
    assert request.parameters == {"load_system_dawg": "0"}
    assert request_of([], None).lang is None


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("psm", "write NAME=VALUE"),
        ("format=text", "the names are dpi, engine, lang,"),
        ("speed=11", "the names are dpi, engine, lang,"),
        ("psm=99", "psm=99: Input should be less than or equal to 13"),
        ("text_layer=perhaps", "text_layer=perhaps: Input should be 'auto', 'never' or 'only'"),
    ],
)
def test_setting_that_cannot_be_is_refused(setting: str, said: str) -> None:
    """The refusal says what would be possible."""
    with pytest.raises(InvalidRequest, match=said):
        request_of([setting], None)
