"""Tests of parts.py: names of the configuration become parts, or refuse the start."""

import sys
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest

from readstone.config import load_config
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.ocr.rapid import wheel
from readstone.engine.recognise import read_page
from readstone.errors import ConfigError, Draining, Unavailable
from readstone.parts import (
    ENGINES,
    Parts,
    build_parts,
    build_pool,
    build_second_engine,
    choose_binding,
)
from readstone.settings import AppConfig
from tests.unit.processes import until, worker_pids
from tests.unit.stand_ins import picture

TICKET = Ticket(Lane.NOW, 30)
BINDINGS = ["tesserocr", "pytesseract"]


def config(**settings: str) -> AppConfig:
    """Return the local configuration with one worker and these settings."""
    given = {"ocr__workers": "1"} | settings
    return load_config({f"READSTONE_{name}".upper(): value for name, value in given.items()})


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """The parts of the shipped configuration."""
    built = await build_parts(config())
    yield built
    await built.close()


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


@pytest.mark.anyio
async def test_parts_are_warm_and_known(parts: Parts) -> None:
    """A service that has started knows its engine and can read."""
    assert (parts.engine.name, parts.pool.size, parts.pool.warm) == ("tesseract", 1, 1)
    assert "eng" in parts.engine.languages
    outcome = await parts.pool.run(
        read_page, picture(255), OcrOptions(), deadline_s=30, ticket=TICKET
    )
    assert outcome.value.lines == ()


@pytest.mark.anyio
async def test_stores_have_the_configured_room(parts: Parts) -> None:
    """A picture as large as a body may be finds room."""
    await parts.storage.put("a", bytes(parts.config.limits.body_bytes))
    assert parts.jobs.durability == "volatile"


@pytest.mark.anyio
async def test_close_leaves_nothing() -> None:
    """No worker outlives its parts, and no work is taken."""
    built = await build_parts(config())
    assert worker_pids()
    await built.close()
    await until(lambda: not worker_pids(), limit_s=2)
    with pytest.raises(Draining):
        await built.pool.run(read_page, deadline_s=1, ticket=TICKET)


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


@pytest.mark.anyio
async def test_second_engine_rests_until_it_is_needed() -> None:
    """It reads in a worker of its own, which is there from its first page to the end."""
    built = await build_parts(config())
    assert built.second
    at_rest = worker_pids()
    work = (read_page, picture(255), OcrOptions())
    outcome = await built.second.pool.run(*work, deadline_s=30, ticket=TICKET)
    assert outcome.value.engines == ("rapidocr",)
    assert len(worker_pids() - at_rest) == 1
    figures = {reading.name: reading.read() for reading in built.readings()}
    assert figures["readstone_second_engine_running"] == 1
    await built.close()
    await until(lambda: not worker_pids(), limit_s=2)
