"""Tests of engine/render/pdf/images.py: pictures keep their data, or at least their pixels."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageCms, ImageOps

from readstone.engine.base import PictureLimits
from readstone.engine.heif import register_heif
from readstone.engine.render.pdf.images import PdfPicture, pdf_picture, turned
from readstone.errors import ImageTooLarge
from tests.unit.engine.render.pdf.places import saved

TESTDATA = Path(__file__).parents[5] / "testdata"
LIMITS = PictureLimits(50_000_000, 32_767)


def read(name: str) -> bytes:
    """Return a file of the test data."""
    return (TESTDATA / name).read_bytes()


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def shown(picture: PdfPicture, pdf: pikepdf.Pdf) -> Image.Image:
    """Return how a page looks that a picture fills, a point for each pixel."""
    size = picture.width, picture.height
    page = pdf.add_blank_page(page_size=size)
    page.add_resource(picture.stream, pikepdf.Name.XObject, pikepdf.Name.Picture)
    matrix = picture.place @ pikepdf.Matrix(size[0], 0, 0, size[1], 0, 0)
    page.contents_add(b"q " + matrix.encode() + b" cm /Picture Do Q")
    with pdfium.PdfDocument(saved(pdf)) as rendered:
        return rendered[0].render(scale=1).to_pil().convert("RGB")


@pytest.mark.parametrize(
    "name",
    ["format/rgb.jpg", "format/progressive.jpg", "format/cmyk.jpg", "exif/orientation_6.jpg"],
)
def test_jpeg_is_kept_byte_for_byte(name: str) -> None:
    """Nothing is lost by encoding it another time."""
    with pikepdf.new() as pdf:
        assert pdf_picture(pdf, read(name), LIMITS).stream.read_raw_bytes() == read(name)


def test_plain_png_keeps_its_compressed_rows() -> None:
    """PDF reads the same data."""
    data = read("page/letter.png")
    with pikepdf.new() as pdf:
        assert pdf_picture(pdf, data, LIMITS).stream.read_raw_bytes() in data


@pytest.mark.parametrize("path", sorted(TESTDATA.glob("format/*")), ids=lambda path: path.name)
def test_picture_looks_as_it_did(path: Path) -> None:
    """Whatever the format, the colours are those that a picture on white paper has."""
    register_heif()
    with Image.open(path) as image:
        if image.mode == "I;16":
            wanted = Image.fromarray((np.asarray(image) // 257).astype(np.uint8)).convert("RGB")
        else:
            paper = Image.new("RGBA", image.size, "white")
            wanted = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    with pikepdf.new() as pdf:
        seen = shown(pdf_picture(pdf, path.read_bytes(), LIMITS), pdf)
    difference = np.abs(np.asarray(seen, dtype=int) - np.asarray(wanted, dtype=int))
    # Programs differ in how they bring ink to the screen.
    assert difference.mean() < (20 if "cmyk" in path.name else 1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16", "CMYK", "F"])
def test_every_mode_finds_its_way(mode: str) -> None:
    """A gradient in any mode that a TIFF can have is seen as a gradient."""
    ramp = np.tile(np.arange(0, 240, 6, dtype=np.uint8), (30, 1))
    image = Image.fromarray(ramp)
    if mode == "I;16":
        image = Image.fromarray(ramp.astype(np.uint16) * 257)
    elif mode != "L":
        image = image.convert(mode)
    with pikepdf.new() as pdf:
        seen = shown(pdf_picture(pdf, encoded(image, "TIFF"), LIMITS), pdf)
    columns = np.asarray(seen.convert("L"), dtype=float).mean(axis=0)
    assert columns[:5].mean() < 60
    assert columns[-5:].mean() > 180


def test_interlaced_png_is_encoded_anew() -> None:
    """PDF does not know its order of pixels: here 1st, 3rd, 2nd and 4th, in passes of one row."""
    passes = zlib.compress(b"\0\x00\0\x80\0\x40\xc0")
    header = struct.pack(">2I5B", 4, 1, 8, 0, 0, 0, 1)
    data = b"\x89PNG\r\n\x1a\n"
    for name, content in ((b"IHDR", header), (b"IDAT", passes), (b"IEND", b"")):
        checksum = zlib.crc32(name + content)
        data += struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
    with pikepdf.new() as pdf:
        picture = pdf_picture(pdf, data, LIMITS)
        assert bytes(picture.stream.read_bytes())[-4:] == b"\x00\x40\x80\xc0"


@pytest.mark.parametrize("number", range(1, 9))
def test_orientation_is_that_of_the_file(number: int) -> None:
    """The page shows what a viewer that knows EXIF shows."""
    data = read(f"exif/orientation_{number}.jpg")
    with Image.open(BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    with pikepdf.new() as pdf:
        picture = pdf_picture(pdf, data, LIMITS)
        assert (picture.width, picture.height) == upright.size
        seen = shown(picture, pdf)
    difference = np.abs(np.asarray(seen, dtype=int) - np.asarray(upright, dtype=int))
    assert difference.mean() < 2


@pytest.mark.parametrize("rotation", [90, 180, 270, 0])
def test_found_turn_is_made_beyond_that_of_the_file(rotation: int) -> None:
    """A picture that says one turn, and was found to need another one, is turned by both."""
    data = read("exif/orientation_6.jpg")
    with Image.open(BytesIO(data)) as image:
        wanted = image.convert("RGB").rotate(-rotation, expand=True)
    with pikepdf.new() as pdf:
        picture = turned(pdf_picture(pdf, data, LIMITS), rotation)
        assert picture.rotation == rotation
        seen = shown(picture, pdf)
    assert seen.size == wanted.size
    assert np.abs(np.asarray(seen, dtype=int) - np.asarray(wanted, dtype=int)).mean() < 2


def test_colour_profile_of_a_jpeg_goes_with_it() -> None:
    """Its colours mean what they meant."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(Image.new("RGB", (8, 8), "teal"), "JPEG", icc_profile=profile)
    with pikepdf.new() as pdf:
        colours = pdf_picture(pdf, data, LIMITS).stream.ColorSpace
        assert colours[0] == pikepdf.Name.ICCBased
        assert colours[1].read_bytes() == profile


def test_second_page_of_a_tiff_is_a_picture_of_its_own() -> None:
    """Frames are counted from 0."""
    data = read("format/two_pages.tif")
    with pikepdf.new() as pdf:
        sizes = [pdf_picture(pdf, data, LIMITS, frame=n)[2:4] for n in (0, 1)]
    with Image.open(BytesIO(data)) as image:
        assert sizes[0] == image.size
        image.seek(1)
        assert sizes[1] == image.size


def test_limits_hold() -> None:
    """A picture that is not decoded for reading is not decoded for writing."""
    with pikepdf.new() as pdf, pytest.raises(ImageTooLarge):
        pdf_picture(pdf, read("page/letter.png"), PictureLimits(1000, 1000))
