"""Tests of redaction/masked.py: pictures come back in their format, with only what is seen."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.pages import decode_picture, written_format
from readstone.engine.pdf import open_page, open_pdf, render_page
from readstone.engine.recognise import Reader
from readstone.engine.redaction.masked import MaskedPage, bind_pages, mask_page
from readstone.errors import NotRedacted
from tests.fakes import FakeEngine

TESTDATA = Path(__file__).parents[4] / "testdata"
LIMITS = PictureLimits(50_000_000, 32_767)
READER = Reader(FakeEngine(), LIMITS)
PICTURES = sorted((TESTDATA / "format").iterdir()) + sorted((TESTDATA / "exif").iterdir())
BOX = Box(10, 10, 30, 24)


def page_of(width: int, height: int, *, rotation: int = 0, number: int = 1) -> Page:
    """Return a page of this size as if it had been read."""
    return Page(number, width, height, None, rotation, "eng", "", 0.0, ())


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_what_is_painted_over_is_what_was_read(path: Path) -> None:
    """The boxes of words lie on the same pixels in what is read and in what is painted over."""
    data = path.read_bytes()
    read = decode_picture(data, LIMITS)
    height, width = read.gray.shape
    page = page_of(width, height, rotation=read.rotation)
    masked = mask_page(READER, data, OcrOptions(), page, [(BOX,)])
    assert Image.open(BytesIO(masked.data)).format == written_format(data)
    after = decode_picture(masked.data, LIMITS)
    assert (after.gray.shape, after.dpi, after.rotation) == (read.gray.shape, read.dpi, 0)
    assert after.gray[10:24, 10:30].max() < 40
    difference = np.abs(after.gray[30:].astype(int) - read.gray[30:])
    assert difference.mean() < 3


def test_what_transparency_hid_is_gone() -> None:
    """Pixels that are not seen may hold anything; they become paper."""
    secret = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    secret.putpixel((50, 30), (200, 0, 0, 0))
    out = BytesIO()
    secret.save(out, "PNG")
    masked = mask_page(READER, out.getvalue(), OcrOptions(), page_of(60, 40), [])
    assert Image.open(BytesIO(masked.data)).convert("RGB").getcolors() == [(2400, (255,) * 3)]


def test_page_that_was_turned_to_be_read() -> None:
    """A page that its reader turned is turned here as well, and comes back upright."""
    image = Image.new("L", (60, 40), 255)
    image.putpixel((0, 0), 0)
    out = BytesIO()
    image.save(out, "PNG")
    masked = mask_page(READER, out.getvalue(), OcrOptions(), page_of(40, 60, rotation=90), [])
    upright = Image.open(BytesIO(masked.data))
    assert upright.size == (40, 60)
    assert upright.getpixel((39, 0)) == 0


def test_boxes_of_another_picture_are_refused() -> None:
    """Nothing is painted, and nothing given out, where the sizes do not agree."""
    data = (TESTDATA / "format/rgb.png").read_bytes()
    with pytest.raises(NotRedacted, match="page 1"):
        mask_page(READER, data, OcrOptions(), page_of(7, 7), [(BOX,)])


@pytest.mark.parametrize("name", ["turned.pdf", "line.pdf", "scan.pdf"])
def test_pdf_page_becomes_a_picture_of_the_same_size(name: str) -> None:
    """A page is painted over where it was read, also one that the file turns."""
    source = TESTDATA / "pdf" / name
    with open_pdf(source) as pdf, open_page(pdf, 1, LIMITS) as opened:
        page = page_of(opened.width, opened.height, rotation=opened.rotation)
        seen = render_page(opened).gray
    masked = mask_page(READER, source, OcrOptions(), page, [(BOX,)])
    data, media_type = bind_pages(READER, [masked], "PDF")
    assert media_type == "application/pdf"
    before, after = pdfium.PdfDocument(source), pdfium.PdfDocument(data)
    assert after[0].get_size() == pytest.approx(before[0].get_size(), abs=1)
    pixels = np.asarray(Image.open(BytesIO(masked.data)).convert("L"))
    assert pixels.shape == seen.shape
    assert pixels[10:24, 10:30].max() < 40
    assert np.abs(pixels[40:].astype(int) - seen[40:]).mean() < 3


def test_frames_are_bound_with_their_resolution() -> None:
    """A TIFF keeps bilevel frames bilevel beside others."""
    frames = []
    for mode in ("1", "RGB"):
        out = BytesIO()
        compression = "group4" if mode == "1" else "tiff_lzw"
        Image.new(mode, (50, 40), "white").save(out, "TIFF", compression=compression)
        frames.append(MaskedPage(out.getvalue(), 200))
    data, media_type = bind_pages(READER, frames, "TIFF")
    bound = Image.open(BytesIO(data))
    assert (media_type, bound.n_frames, bound.mode) == ("image/tiff", 2, "1")
    assert bound.info["compression"] == "group4" and bound.info["dpi"] == (200, 200)
    bound.seek(1)
    assert (bound.mode, bound.info["compression"]) == ("RGB", "tiff_lzw")
