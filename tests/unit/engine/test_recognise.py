"""Tests of engine/recognise.py: what a worker does with one request."""

from io import BytesIO
from pathlib import Path
from typing import Literal

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
    read_text_layers,
)
from readstone.errors import ImageTooLarge, UnsupportedType
from tests.unit.stand_ins import OneWordEngine, picture

PDFS = Path(__file__).parents[3] / "testdata" / "pdf"
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


@pytest.mark.parametrize(
    ("name", "numbers", "choice", "believed"),
    [
        ("two_columns.pdf", [1], "auto", [1]),
        ("scan.pdf", [1], "auto", []),
        ("scan.pdf", [1], "only", [1]),
        ("scan_with_text.pdf", [1], "auto", []),
        ("broken_page.pdf", [1, 2], "auto", [1]),
    ],
)
def test_text_that_is_certain_needs_no_engine(
    name: str, numbers: list[int], choice: Literal["auto", "only"], believed: list[int]
) -> None:
    """Pages without text, with text to be proofread, or with damage are left for another look."""
    reader = Reader(OneWordEngine(), PictureLimits(50_000_000, 32_767))
    pages = read_text_layers(reader, PDFS / name, OcrOptions(text_layer=choice), numbers)
    assert [page.number for page in pages] == believed
    assert {page.source for page in pages} <= {"text_layer"}


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
