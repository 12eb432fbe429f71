"""Tests of engine/recognise.py: what a worker does with one request."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.recognise import (
    EngineFacts,
    Reader,
    build_reader,
    describe_engine,
    echo_picture,
    read_page,
)
from readstone.errors import ImageTooLarge, UnsupportedType
from tests.unit.stand_ins import OneWordEngine, picture

READER = Reader(OneWordEngine(), PictureLimits(100, 50))


class EngineOfArguments(OneWordEngine):
    """Keeps what it was built with."""

    def __init__(self, tessdata: Path, *, warm: str) -> None:
        self.built_with = (tessdata, warm)


def test_picture_becomes_a_page() -> None:
    """The page says what was read, and in which language."""
    page = read_page(READER, picture(), OcrOptions(lang="fra"))
    assert (page.text, page.source, page.error) == ("seen", "ocr", None)
    assert (page.number, page.width, page.height, page.language) == (1, 8, 4, "fra")


def test_limits_of_the_reader_hold() -> None:
    """What may not be decoded is neither read nor sent back."""
    small = Reader(OneWordEngine(), PictureLimits(31, 50))
    with pytest.raises(ImageTooLarge):
        read_page(small, picture(), OcrOptions())
    with pytest.raises(ImageTooLarge):
        echo_picture(small, picture())
    with pytest.raises(UnsupportedType):
        read_page(small, b"%PDF-1.7", OcrOptions())


def test_echo_is_a_picture_with_its_media_type() -> None:
    """The picture comes back in its own format."""
    data, media_type = echo_picture(READER, picture())
    assert media_type == "image/png"
    assert Image.open(BytesIO(data)).size == (8, 4)


def test_engine_is_described() -> None:
    """Name, version and languages are those of the engine."""
    assert describe_engine(READER) == EngineFacts("one word", "1.0", ("eng", "fra"))


def test_reader_is_built_by_name() -> None:
    """The engine is the class that the target names, built with data and language."""
    limits = PictureLimits(3, 2)
    target = f"{__name__}:EngineOfArguments"
    reader = build_reader(target, tessdata=Path("/data"), language="fra", limits=limits)
    assert reader.engine.built_with == (Path("/data"), "fra")  # type: ignore[attr-defined]
    assert reader.limits == limits
