"""Tests of engine/ocr/tesseract_cli.py, beyond what tests/contract says of every engine."""

import tempfile
from pathlib import Path

import pytesseract
import pytest

from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract_cli import TesseractCliEngine
from readstone.errors import BreaksEngine, Unavailable
from tests.contract.pages import written

LINE = PageImage(written("Order 4711"), 300)


def test_missing_program_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is named."""
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/no/tesseract")
    with pytest.raises(Unavailable, match=r"scripts/setup\.sh"):
        TesseractCliEngine(find_tessdata()).check()


def test_program_that_ends_breaks_the_engine(tmp_path: Path) -> None:
    """What the program could not read is refused as one of ours, without its words."""
    (tmp_path / "eng.traineddata").write_bytes(b"no model")
    with pytest.raises(BreaksEngine) as caught:
        TesseractCliEngine(tmp_path).read(LINE, OcrOptions())
    assert str(tmp_path) not in caught.value.detail


def test_folder_may_have_a_blank_in_its_name(tmp_path: Path) -> None:
    """Switches are quoted on their way through the program's command line."""
    folder = tmp_path / "language data"
    folder.mkdir()
    (folder / "eng.traineddata").symlink_to((find_tessdata() / "eng.traineddata").resolve())
    assert TesseractCliEngine(folder).read(LINE, OcrOptions(psm=7)).text == "Order 4711"


def test_no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read does not stay in the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    TesseractCliEngine(find_tessdata()).read(LINE, OcrOptions(psm=7))
    assert not list(tmp_path.iterdir())
