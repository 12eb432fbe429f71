"""Takes out of a picture what is said beside its pixels: places, devices, people, previews."""

from collections.abc import Iterator
from io import BytesIO
from struct import error as StructError
from struct import unpack_from

from PIL import Image

from readstone.engine.pages import EXIF_ORIENTATION, PILLOW_FAILURES
from readstone.errors import CorruptInput

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
WITHOUT_LENGTH = frozenset({0x01, SOI, EOI, *range(0xD0, 0xD8)})
COMMENT, ICC_PROFILE = 0xFE, b"ICC_PROFILE\0"
JFIF, ICC, ADOBE = 0xE0, 0xE2, 0xEE
PNG_HEAD = 8
PNG_TOLD = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})


def without_metadata(data: bytes) -> bytes:
    """Return a JPEG or PNG with the same pixels and nothing told beside them; all else as it is.

    The orientation of a JPEG stays, and so do colour profiles: a picture looks the same.

    Raises:
        CorruptInput: its parts do not follow each other as they must.
    """
    try:
        if data[:2] == b"\xff\xd8":
            return _bare_jpeg(data)
        if data[:4] == b"\x89PNG":
            return data[:PNG_HEAD] + b"".join(_png_chunks(data))
    except (IndexError, StructError) as error:
        raise CorruptInput("the picture ends too early; save it again and send that") from error
    return data


def _bare_jpeg(data: bytes) -> bytes:
    orientation, told = _orientation(data), b""
    if orientation != 1:
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = orientation
        content = exif.tobytes()
        told = b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
    return b"\xff\xd8" + told + b"".join(_jpeg_parts(data)) + b"\xff\xd9"


def _orientation(data: bytes) -> int:
    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as image:
            return int(image.getexif().get(EXIF_ORIENTATION, 1))
    except PILLOW_FAILURES as error:
        raise CorruptInput("the picture is damaged; save it again and send that") from error


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Yield the segments between the first two bytes and the end that belong to the pixels."""
    at = 2
    while (marker := data[at + 1]) != EOI:
        if data[at] != 0xFF:
            raise CorruptInput("the picture is damaged; save it again and send that")
        end = at + 2
        if marker not in WITHOUT_LENGTH:
            end += unpack_from(">H", data, at + 2)[0]
        if marker == SOS:
            end = _next_marker(data, end)
        if _belongs_to_pixels(marker, data[at + 4 : end]):
            yield data[at:end]
        at = end


def _next_marker(data: bytes, at: int) -> int:
    """Return where the next segment begins after compressed pixels."""
    while True:
        found = data.find(b"\xff", at)
        at = len(data) if found < 0 else found
        if data[at + 1] and data[at + 1] not in range(0xD0, 0xD8):
            return at
        at += 2


def _belongs_to_pixels(marker: int, content: bytes) -> bool:
    if marker == ICC:
        return content.startswith(ICC_PROFILE)
    return marker in (JFIF, ADOBE) or not (marker == COMMENT or 0xE0 <= marker <= 0xEF)


def _png_chunks(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG that belong to its pixels, up to the last one."""
    at, name = PNG_HEAD, b""
    while name != b"IEND":
        length, name = unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise CorruptInput("the picture ends too early; save it again and send that")
        if name not in PNG_TOLD:
            yield data[at:end]
        at = end
