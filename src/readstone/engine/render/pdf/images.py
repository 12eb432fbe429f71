"""A picture in a PDF: its data as they are, or encoded anew without loss."""

from collections.abc import Iterator
from io import BytesIO
from math import ceil
from struct import Struct, unpack_from
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Stream, String
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from readstone.engine.base import PictureLimits
from readstone.engine.pages import CLOCKWISE_DEG, on_paper, opened_frame

COLOURS: dict[int, pikepdf.Object] = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
BANDS = {"1": 1, "L": 1, "RGB": 3, "CMYK": 4}

# How EXIF's orientations place the unit square of a stored picture.
PLACES = {
    1: Matrix(1, 0, 0, 1, 0, 0),
    2: Matrix(-1, 0, 0, 1, 1, 0),
    3: Matrix(-1, 0, 0, -1, 1, 1),
    4: Matrix(1, 0, 0, -1, 0, 1),
    5: Matrix(0, -1, -1, 0, 1, 1),
    6: Matrix(0, -1, 1, 0, 0, 1),
    7: Matrix(0, 1, 1, 0, 0, 0),
    8: Matrix(0, 1, -1, 0, 1, 0),
}
QUARTER_TURN = PLACES[6]

PNG_MAGIC = 8
PNG_COLOURS = {0: 1, 2: 3, 3: 1}  # PNG's colour types without transparency, and their bands
PALETTE = 3
PNG_MODES = ("1", "L", "P", "RGB", "I;16")
HEADER = Struct(">2I5B")  # of PNG: its first chunk
STRIP_OFFSETS, STRIP_BYTE_COUNTS = 273, 279  # tags of TIFF


class PdfPicture(NamedTuple):
    """A picture for a PDF.

    Attributes:
        stream: its data.
        place: maps the unit square to that of the upright picture.
        width, height: of the upright picture, in pixels.
        dpi: as the file states it.
        rotation: degrees clockwise by which it is turned to be upright.
    """

    stream: Stream
    place: Matrix
    width: int
    height: int
    dpi: int | None
    rotation: int


def pdf_picture(
    pdf: pikepdf.Pdf, data: bytes, limits: PictureLimits, *, frame: int = 0
) -> PdfPicture:
    """Return a frame of a picture for a PDF: a JPEG byte for byte, anything else without loss.

    Raises:
        UnsupportedType, ImageTooLarge, CorruptInput: it cannot be decoded, or may not be.
    """
    with opened_frame(data, limits, frame) as (image, orientation, dpi):
        stream = _stream(pdf, data, image)
        rotation = CLOCKWISE_DEG.get(orientation, 0)
        # Pillow 13 turns a TIFF while it decodes.
        place = PLACES[1] if image.format == "TIFF" else PLACES.get(orientation, PLACES[1])
        width, height = image.size
        if place.a == 0:
            width, height = height, width
    return PdfPicture(stream, place, width, height, dpi, rotation)


def turned(picture: PdfPicture, rotation: int) -> PdfPicture:
    """Return the picture turned further, so that it is turned by so many degrees in all."""
    place, width, height = picture.place, picture.width, picture.height
    for _ in range((rotation - picture.rotation) // 90 % 4):
        place, width, height = place @ QUARTER_TURN, height, width
    return picture._replace(place=place, width=width, height=height, rotation=rotation)


def _stream(pdf: pikepdf.Pdf, data: bytes, image: Image.Image) -> Stream:
    if image.format in ("JPEG", "MPO"):
        return _jpeg(pdf, data, image)
    if image.mode == "1":
        return _fax(pdf, image)
    if image.format != "PNG" or not _is_plain_png(data):
        if image.mode not in PNG_MODES or image.has_transparency_data:
            image = on_paper(image)
        out = BytesIO()
        image.save(out, "PNG")
        data = out.getvalue()
    return _png(pdf, data)


def _jpeg(pdf: pikepdf.Pdf, data: bytes, image: Image.Image) -> Stream:
    bands = BANDS[image.mode]
    stream = _image(pdf, data, image.size, 8, COLOURS[bands], Name.DCTDecode)
    if profile := image.info.get("icc_profile"):
        stream.ColorSpace = Array([Name.ICCBased, Stream(pdf, profile, N=bands)])
    if bands == 4 and "adobe" in image.info:  # Adobe's programs store ink the other way round
        stream.Decode = Array([1, 0] * bands)
    return stream


def _fax(pdf: pikepdf.Pdf, image: Image.Image) -> Stream:
    """Return a black-and-white picture in CCITT Group 4, the way fax machines code it."""
    out = BytesIO()
    in_one_strip = ceil(image.width / 8) * image.height
    image.save(out, "TIFF", compression="group4", strip_size=in_one_strip)
    out.seek(0)
    with TiffImageFile(out) as tiff:
        (start,), (size,) = (tiff.tag_v2[tag] for tag in (STRIP_OFFSETS, STRIP_BYTE_COUNTS))
    data = out.getvalue()[start : start + size]
    stream = _image(pdf, data, image.size, 1, Name.DeviceGray, Name.CCITTFaxDecode)
    stream.DecodeParms = Dictionary(K=-1, BlackIs1=True, Columns=image.width, Rows=image.height)
    return stream


def _png(pdf: pikepdf.Pdf, data: bytes) -> Stream:
    """Return the data of a plain PNG, which PDF reads as they are."""
    chunks = list(_chunks(data))
    width, height, bits, kind, *_ = HEADER.unpack(chunks[0][1])
    bands = PNG_COLOURS[kind]
    colours: pikepdf.Object = COLOURS[bands]
    if kind == PALETTE:
        palette = next(content for name, content in chunks if name == b"PLTE")
        colours = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, String(palette)])
    compressed = b"".join(content for name, content in chunks if name == b"IDAT")
    stream = _image(pdf, compressed, (width, height), bits, colours, Name.FlateDecode)
    stream.DecodeParms = Dictionary(
        Predictor=15, Colors=bands, BitsPerComponent=bits, Columns=width
    )
    return stream


def _image(
    pdf: pikepdf.Pdf,
    data: bytes,
    size: tuple[int, int],
    bits: int,
    colours: pikepdf.Object,
    coding: Name,
) -> Stream:
    return Stream(
        pdf,
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        BitsPerComponent=bits,
        ColorSpace=colours,
        Filter=coding,
    )


def _is_plain_png(data: bytes) -> bool:
    """Return whether a PNG has neither transparency nor interlaced rows."""
    chunks = dict(_chunks(data))
    *_, kind, _, _, interlaced = HEADER.unpack(chunks[b"IHDR"])
    return kind in PNG_COLOURS and not interlaced and b"tRNS" not in chunks


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and the content of each chunk of a PNG."""
    start = PNG_MAGIC
    while start < len(data):
        (size,), name = unpack_from(">I", data, start), data[start + 4 : start + 8]
        yield name, data[start + 8 : start + 8 + size]
        start += size + 12
