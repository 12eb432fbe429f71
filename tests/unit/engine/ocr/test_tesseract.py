"""Tests of engine/ocr/tesseract.py, beyond what tests/contract says of every engine."""

from pathlib import Path

import numpy as np
import pytest

from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr import tesseract
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.errors import EngineFailed, InvalidRequest
from tests.contract.pages import written

LINE = PageImage(written("Order 4711"), 300)


@pytest.fixture(scope="module")
def engine() -> TesseractEngine:
    """A warm engine."""
    return TesseractEngine(find_tessdata())


def test_parameters_hold_for_one_page(engine: TesseractEngine) -> None:
    """A warm model is for the next page as it was before."""
    digits = OcrOptions(psm=7, parameters={"tessedit_char_whitelist": "0123456789"})
    before = engine.read(LINE, OcrOptions(psm=7)).text
    assert "Order" not in engine.read(LINE, digits).text
    assert engine.read(LINE, OcrOptions(psm=7)).text == before == "Order 4711"


def test_refused_parameter_leaves_the_model_as_it_was(engine: TesseractEngine) -> None:
    """Those that were set before the refused one are put back."""
    mixed = OcrOptions(psm=7, parameters={"tessedit_char_whitelist": "0123", "no_such_thing": "1"})
    with pytest.raises(InvalidRequest, match="no_such_thing"):
        engine.read(LINE, mixed)
    assert engine.read(LINE, OcrOptions(psm=7)).text == "Order 4711"


def test_segmentation_mode_holds_for_one_page(engine: TesseractEngine) -> None:
    """The mode is that of each request."""
    engine.read(LINE, OcrOptions(psm=10))
    assert engine.read(LINE, OcrOptions(psm=7)).text == "Order 4711"


def test_damaged_language_data_is_a_failure_of_the_engine(tmp_path: Path) -> None:
    """What lies in the folder and cannot be loaded is named."""
    (tmp_path / "eng.traineddata").write_bytes(b"no model")
    with pytest.raises(EngineFailed, match="eng"):
        TesseractEngine(tmp_path)


def test_least_recently_used_model_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models of many languages do not pile up, and all of them can be read with."""
    monkeypatch.setattr(tesseract, "MODELS_KEPT", 2)
    data = (find_tessdata() / "eng.traineddata").resolve()
    for code in ("eng", "aaa", "bbb"):
        (tmp_path / f"{code}.traineddata").symlink_to(data)
    engine = TesseractEngine(tmp_path)
    for lang in ("eng", "aaa", "eng", "bbb", "aaa", "eng"):
        assert engine.read(LINE, OcrOptions(lang=lang, psm=7)).text == "Order 4711"
        assert len(engine._models) <= 2


def test_blank_strips_are_read(engine: TesseractEngine) -> None:
    """Shapes at the edge of what Tesseract takes are pages without text."""
    for shape in ((1, 1), (1, 3000), (3000, 1), (2, 2)):
        page = engine.read(PageImage(np.full(shape, 255, np.uint8), None), OcrOptions())
        assert page.text == ""
