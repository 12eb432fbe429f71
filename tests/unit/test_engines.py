"""Tests of engines.py: the configuration chooses what reads, or refuses the start."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from readstone.engine.ocr.rapid import wheel
from readstone.engines import ENGINES, build_pool, build_second_engine, choose_binding
from readstone.errors import ConfigError, Unavailable
from tests.unit.stand_ins import config

BINDINGS = ["tesserocr", "pytesseract"]


@pytest.mark.parametrize("target", ENGINES.values())
def test_every_engine_of_the_table_exists(target: str) -> None:
    """A name of the table leads to a class."""
    module, _, name = target.partition(":")
    assert isinstance(getattr(import_module(module), name), type)


@pytest.mark.parametrize("binding", BINDINGS)
def test_chosen_binding_is_used(binding: str) -> None:
    """The configuration decides."""
    assert choose_binding(config(ocr__engine=binding).ocr) == binding


def test_wheel_is_found_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `auto` the wheel is used where it is installed, and the program where it is not."""
    assert choose_binding(config().ocr) == "tesserocr"
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    assert choose_binding(config().ocr) == "pytesseract"
    assert choose_binding(config(ocr__engine="pytesseract").ocr) == "pytesseract"
    with pytest.raises(Unavailable, match="choose pytesseract or auto"):
        choose_binding(config(ocr__engine="tesserocr").ocr)


def test_missing_language_refuses_the_start() -> None:
    """The missing ones and the installed ones are named."""
    with pytest.raises(ConfigError, match=r"ocr\.language: xyz is not installed.* eng"):
        choose_binding(config(ocr__language="eng+xyz").ocr)


def test_missing_language_data_refuses_the_start(tmp_path: Path) -> None:
    """A folder without data is named by its setting."""
    with pytest.raises(Unavailable, match=r"ocr\.tessdata"):
        build_pool(config(ocr__tessdata=str(tmp_path)))


@pytest.mark.parametrize("binding", BINDINGS)
def test_state_of_a_worker_is_built_from_the_configuration(binding: str) -> None:
    """The factory builds the chosen engine with the configured limits."""
    chosen = config(ocr__engine=binding, limits__pixels="4711", limits__side_px="99")
    reader = build_pool(chosen).factory()
    assert f"{type(reader.engine).__module__}:{type(reader.engine).__name__}" == ENGINES[binding]
    assert (reader.limits.max_pixels, reader.limits.max_side) == (4711, 99)


def test_second_engine_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is none when it is off, and none where its wheel is not installed."""
    assert build_second_engine(config(ocr__second_engine="off")) is None
    second = build_second_engine(config(ocr__second_engine="always"))
    assert second
    assert (second.facts.name, second.policy) == ("rapidocr", "always")
    monkeypatch.setattr(wheel, "PACKAGE", "no_such_wheel")
    assert build_second_engine(config()) is None
    with pytest.raises(Unavailable, match=r"setup\.sh --with rapidocr.* auto or off"):
        build_second_engine(config(ocr__second_engine="always"))
