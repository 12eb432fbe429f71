"""Bytes become upright grey page images: what is it, is it within limits, decode it."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

from readstone.engine.base import PageImage, PictureLimits
from readstone.engine.heif import is_heif, register_heif
from readstone.errors import CorruptInput, ImageTooLarge, UnsupportedType

READABLE = "PNG, JPEG, WebP, TIFF, BMP or GIF"
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}
MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)

PDF, PDF_MAGIC, PDF_MAGIC_WITHIN = "PDF", b"%PDF-", 1024
PDF_MEDIA_TYPE = "application/pdf"

# Everything that Pillow 13 was seen to raise for damaged files.
PILLOW_FAILURES = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

EXIF_ORIENTATION = 0x0112
CLOCKWISE_DEG = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
CREDIBLE_DPI = range(70, 2401)
DEEP_MODES = {"I;16": 255 / 65535, "I;16B": 255 / 65535, "I": 255 / 65535, "F": 1.0}


def picture_format(data: bytes) -> str:
    """Return Pillow's name of the format, told by the first bytes alone.

    Raises:
        UnsupportedType: the bytes are not one of the readable formats.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if is_heif(data):
        return "HEIF"
    for magic, name in MAGIC:
        if data.startswith(magic):
            return name
    raise UnsupportedType(f"the bytes are not a picture that can be read; send {READABLE}")


def written_format(data: bytes) -> str:
    """Return the format in which a document is sent back: its own, but HEIC as JPEG."""
    name = document_format(data)
    return "JPEG" if name == "HEIF" else name


def document_format(data: bytes) -> str:
    """Return "PDF", or the format of a picture; bytes that may be both are a picture.

    Raises:
        UnsupportedType: the bytes are not one of the readable formats.
    """
    try:
        return picture_format(data)
    except UnsupportedType as error:
        if PDF_MAGIC in data[:PDF_MAGIC_WITHIN]:
            return PDF
        raise UnsupportedType(
            f"the bytes are not a document that can be read; send {PDF}, {READABLE}"
        ) from error


def media_type_of(data: bytes) -> str:
    """Return the media type of a document; raise UnsupportedType for anything else."""
    name = document_format(data)
    return PDF_MEDIA_TYPE if name == PDF else MEDIA_TYPES[name]


def frame_count(data: bytes, limits: PictureLimits) -> int:
    """Return how many pages a picture has: the frames of a TIFF, 1 of any other.

    Raises:
        UnsupportedType, ImageTooLarge, CorruptInput: it cannot be decoded, or may not be.
    """
    with opened(data, limits) as image:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def is_animated(data: bytes, limits: PictureLimits) -> bool:
    """Say whether a picture has frames that follow each other in time, and not as pages.

    Raises:
        UnsupportedType, ImageTooLarge, CorruptInput: it cannot be decoded, or may not be.
    """
    with opened(data, limits) as image:
        return image.format != "TIFF" and getattr(image, "n_frames", 1) > 1


def decode_picture(data: bytes, limits: PictureLimits, *, frame: int = 0) -> PageImage:
    """Return a frame of a picture, grey and turned as its EXIF orientation says.

    Raises:
        UnsupportedType, ImageTooLarge, CorruptInput: it cannot be decoded, or may not be.
    """
    with opened_frame(data, limits, frame) as (image, orientation, dpi):
        image.draft("L", image.size)  # of a JPEG, only the luminance is decoded
        gray = _gray(_upright(image, orientation))
        return PageImage(np.asarray(gray), dpi, CLOCKWISE_DEG.get(orientation, 0))


class Seen(NamedTuple):
    """A picture as a person sees it: upright, on white paper, in mode 1, L or RGB."""

    image: Image.Image
    dpi: float | None
    rotation: int


def visible_picture(data: bytes, limits: PictureLimits, *, frame: int = 0) -> Seen:
    """Return a frame of a picture with nothing that is not seen, turned as decode_picture does.

    Raises:
        UnsupportedType, ImageTooLarge, CorruptInput: it cannot be decoded, or may not be.
    """
    with opened_frame(data, limits, frame) as (image, orientation, dpi):
        upright = on_paper(_upright(image, orientation))
        pixels = Image.new(upright.mode, upright.size)  # has no metadata
        pixels.paste(upright)
        return Seen(pixels, dpi, CLOCKWISE_DEG.get(orientation, 0))


def reencode(data: bytes, limits: PictureLimits) -> tuple[bytes, str]:
    """Return the first frame in its own format, HEIC as JPEG, without metadata; and what it is.

    Raises:
        UnsupportedType, ImageTooLarge, CorruptInput: it cannot be decoded, or may not be.
    """
    out = BytesIO()
    with opened(data, limits) as image:
        name = written_format(data)
        upright = _upright(image, _orientation(image))
        if image.format == "HEIF":
            upright = on_paper(upright)  # a JPEG has no transparency
        bare = Image.new(upright.mode, upright.size)
        if palette := upright.getpalette():
            bare.putpalette(palette)
        bare.paste(upright)
        kept = {k: v for k, v in image.info.items() if k in ("transparency", "compression")}
        bare.save(out, name, **kept)
    return out.getvalue(), MEDIA_TYPES[name]


@contextmanager
def opened(data: bytes, limits: PictureLimits) -> Iterator[Image.Image]:
    """Open a picture whose header is within the limits; damage found inside is a CorruptInput."""
    name = picture_format(data)
    if name == "WEBP":  # Pillow 13 asks for the memory of the whole canvas when it opens one
        check_size(*_webp_size(data), limits)
    if name == "HEIF":
        register_heif()
    Image.MAX_IMAGE_PIXELS = None  # checked below, with an answer that says the limit
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's doubts about metadata
            with Image.open(BytesIO(data), formats=[name]) as image:
                check_size(*image.size, limits)
                yield image
    except PILLOW_FAILURES as error:
        raise CorruptInput(f"the {name} data is damaged or incomplete") from error


@contextmanager
def opened_frame(
    data: bytes, limits: PictureLimits, frame: int
) -> Iterator[tuple[Image.Image, int, int | None]]:
    """Open a frame of a picture, with its EXIF orientation and its resolution."""
    with opened(data, limits) as image:
        if frame:
            image.seek(frame)
            check_size(*image.size, limits)
        yield image, _orientation(image), _dpi(image)


def check_size(width: int, height: int, limits: PictureLimits) -> None:
    """Raise ImageTooLarge when a picture of this size may not be decoded."""
    if max(width, height) > limits.max_side:
        raise ImageTooLarge(
            f"the picture's longer side is over {limits.max_side} pixels; send a smaller one",
            limit=limits.max_side,
            actual=max(width, height),
            setting="limits.side_px",
        )
    if width * height > limits.max_pixels:
        raise ImageTooLarge(
            f"the picture has more than {limits.max_pixels} pixels; send a smaller one",
            limit=limits.max_pixels,
            actual=width * height,
            setting="limits.pixels",
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height as the first chunk says; 0 where it is cut off (RFC 9649)."""

    def number(start: int, stop: int) -> int:
        return int.from_bytes(data[start:stop], "little")

    match data[12:16]:
        case b"VP8X":
            return number(24, 27) + 1, number(27, 30) + 1
        case b"VP8L":
            return (number(21, 23) & 0x3FFF) + 1, ((number(22, 25) >> 6) & 0x3FFF) + 1
        case _:
            return number(26, 28) & 0x3FFF, number(28, 30) & 0x3FFF


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(EXIF_ORIENTATION, 1))
    except PILLOW_FAILURES:  # the picture is readable, only its EXIF data is not
        return 1


def _dpi(image: Image.Image) -> int | None:
    try:
        dpi = round(max(image.info["dpi"]))
    except PILLOW_FAILURES:
        return None
    return dpi if dpi in CREDIBLE_DPI else None


def _gray(image: Image.Image) -> Image.Image:
    """Return the picture in mode L, as it looks on white paper."""
    image = on_paper(image)
    return image if image.mode == "L" else image.convert("L")


def on_paper(image: Image.Image) -> Image.Image:
    """Return the picture in mode 1, L or RGB, as it looks on white paper."""
    if image.mode in DEEP_MODES:
        return _from_deep(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image if image.mode in ("1", "L", "RGB") else image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Bring 16-bit pixels, and floating-point ones by their own maximum, to 8 bits."""
    pixels = np.asarray(image, dtype=np.float32)
    scale = DEEP_MODES[image.mode]
    if image.mode == "F":
        scale = 255 / max(1e-9, float(np.nanmax(pixels, initial=0)))
    return Image.fromarray(np.clip(np.nan_to_num(pixels * scale), 0, 255).astype(np.uint8))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn and mirror a picture as its EXIF orientation (1 to 8) says."""
    if image.format == "TIFF":  # Pillow 13 does so while it decodes
        return image
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if method is None else image.transpose(method)
