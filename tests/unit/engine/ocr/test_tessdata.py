"""Tests of engine/ocr/tessdata.py: where the language data is, and what is there."""

import sys
from pathlib import Path

import pytest

from readstone.engine.ocr.tessdata import find_tessdata, installed_languages
from readstone.errors import Unavailable


def install(folder: Path, *codes: str) -> Path:
    """Put empty language data into a folder."""
    for code in codes:
        file = folder / f"{code}.traineddata"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return folder


def test_configured_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the configuration names counts before all others."""
    monkeypatch.setenv("TESSDATA_PREFIX", str(install(tmp_path / "named", "eng")))
    assert find_tessdata(str(install(tmp_path / "mine", "eng"))) == tmp_path / "mine"


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_folder_without_data_is_refused(tmp_path: Path, folder: str) -> None:
    """A wrong folder is not replaced by another one."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unavailable, match=r"ocr\.tessdata"):
        find_tessdata(str(tmp_path / folder))


@pytest.mark.parametrize("below", ["", "tessdata"])
def test_variable_of_tesseract_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    """TESSDATA_PREFIX names the folder, or the one above it."""
    place = install(tmp_path / "prefix" / below, "eng")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path / "prefix"))
    assert find_tessdata() == place


def test_virtual_environment_comes_before_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was installed beside the service is meant for it."""
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    place = install(tmp_path / "share" / "tessdata", "eng")
    assert find_tessdata() == place


def test_languages_are_sorted_codes(tmp_path: Path) -> None:
    """Scripts count, orientation data does not, nor does any other file."""
    install(tmp_path, "fra", "eng", "osd", "equ", "chi_sim", "script/Latin")
    (tmp_path / "pdf.ttf").touch()
    assert installed_languages(tmp_path) == ("chi_sim", "eng", "fra", "script/Latin")
