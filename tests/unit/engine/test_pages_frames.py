"""Tests of what engine/pages.py knows of documents: their kind, and the pages of a TIFF."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from readstone.engine.base import PictureLimits
from readstone.engine.pages import decode_picture, document_format, frame_count
from readstone.errors import CorruptInput, ImageTooLarge, UnsupportedType

TESTDATA = Path(__file__).parents[3] / "testdata"
LIMITS = PictureLimits(max_pixels=1_000_000, max_side=32_767)


def tiff(*sizes: tuple[int, int]) -> bytes:
    """Return a TIFF with a frame of each size."""
    first, *others = [Image.new("L", size, 200) for size in sizes]
    out = BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others)
    return out.getvalue()


def test_frames_of_a_tiff_are_its_pages() -> None:
    """Each of them is decoded by its number."""
    data = (TESTDATA / "format" / "two_pages.tif").read_bytes()
    assert frame_count(data, LIMITS) == 2
    first, second = (decode_picture(data, LIMITS, frame=number).gray for number in (0, 1))
    assert first.shape != second.shape


@pytest.mark.parametrize("name", ["animated.gif", "animated.webp", "rgb.png"])
def test_any_other_picture_is_one_page(name: str) -> None:
    """The later pictures of an animation are no pages."""
    assert frame_count((TESTDATA / "format" / name).read_bytes(), LIMITS) == 1


def test_frame_that_is_not_there_is_damage() -> None:
    """Whoever asks has counted before, so the file has changed its mind."""
    with pytest.raises(CorruptInput):
        decode_picture(tiff((10, 10)), LIMITS, frame=1)


def test_frame_over_the_limit_is_refused_and_those_before_it_are_not() -> None:
    """The limit is that of a page, and not of the document."""
    data = tiff((10, 10), (2_000, 1_000))
    assert decode_picture(data, LIMITS).gray.shape == (10, 10)
    with pytest.raises(ImageTooLarge):
        decode_picture(data, LIMITS, frame=1)


def test_pdf_is_told_by_its_header_within_the_first_kilobyte() -> None:
    """Whatever stands before it, as readers of PDF have always done."""
    pdf = (TESTDATA / "pdf" / "line.pdf").read_bytes()
    assert document_format(pdf) == "PDF"
    assert document_format(b"\n" * 1_000 + pdf) == "PDF"
    with pytest.raises(UnsupportedType):
        document_format(b"\n" * 2_000 + pdf)


def test_picture_that_holds_a_pdf_is_a_picture() -> None:
    """The first bytes win."""
    line = (TESTDATA / "line" / "line.png").read_bytes()
    assert document_format(line[:100] + b"%PDF-1.7" + line[100:]) == "PNG"


def test_unknown_bytes_are_refused_with_what_can_be_read() -> None:
    """The answer names PDF beside the pictures."""
    with pytest.raises(UnsupportedType, match=r"send PDF, PNG, .*TIFF"):
        document_format(b"MZ\x90\x00")
