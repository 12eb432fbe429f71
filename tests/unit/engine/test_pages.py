"""Tests of engine/pages.py: every kind of picture becomes an upright grey page, or is refused."""

import resource
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from time import monotonic
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin
from PIL.Image import Transpose

from readstone.engine.base import PictureLimits
from readstone.engine.pages import (
    MEDIA_TYPES,
    PILLOW_FAILURES,
    decode_picture,
    picture_format,
    reencode,
)
from readstone.errors import CorruptInput, ImageTooLarge, ReadstoneError, UnsupportedType

LIMITS = PictureLimits(max_pixels=1_000_000, max_side=30_000)
SIZE = (48, 32)
INK = (4, 4, 19, 11)
SECRET = "SECRET-7f3a"

# How a picture has to be stored to be upright once its EXIF orientation is heeded.
STORED = {
    1: None,
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}
TURNED_DEG = {1: 0, 2: 0, 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}

MODES = [
    *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
    *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    *(("TIFF", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F")),
    *(("BMP", mode) for mode in ("1", "L", "P", "RGB", "RGBA")),
    *(("GIF", mode) for mode in ("1", "L", "P", "RGB")),
]
PAPER = {"CMYK": (0, 0, 0, 0), "I;16": 65535, "I": 65535, "F": 1.0}
BLACK = {"CMYK": (0, 0, 0, 255), "I;16": 0, "I": 0, "F": 0.0}


def drawn(mode: str = "L") -> Image.Image:
    """Return a white picture with a black box near its upper left corner."""
    if mode not in PAPER:
        image = Image.new("RGB", SIZE, "white")
        ImageDraw.Draw(image).rectangle(INK, "black")
        return image.convert(mode)
    image = Image.new(mode, SIZE, PAPER[mode])
    image.paste(BLACK[mode], (INK[0], INK[1], INK[2] + 1, INK[3] + 1))
    return image


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    """Return the picture as a file, without loss where the format can."""
    best: dict[str, Any] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95}}.get(name, {})
    out = BytesIO()
    image.save(out, name, **(best | options))
    return out.getvalue()


def assert_shows_the_box(gray: np.ndarray) -> None:
    """Fail unless this is the drawn picture, upright and in full size."""
    assert gray.dtype == np.uint8
    assert gray.shape == SIZE[::-1]
    expected = np.asarray(drawn("L"), dtype=int)
    assert np.abs(gray.astype(int) - expected).max() <= 40


def reopened(data: bytes) -> Image.Image:
    """Return the loaded first frame of a file."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def png_chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file with its right checksum."""
    return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))


def png_of_size(width: int, height: int) -> bytes:
    """Return a small file that claims a size and holds no more than one row of it."""
    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def jpeg_of_size(width: int, height: int) -> bytes:
    """Return a small JPEG file whose frame header claims a size."""
    data = bytearray(encoded(drawn(), "JPEG"))
    struct.pack_into("!HH", data, data.index(b"\xff\xc0") + 5, height, width)
    return bytes(data)


def bmp_of_size(width: int, height: int) -> bytes:
    """Return a small BMP file that claims a size."""
    data = bytearray(encoded(drawn(), "BMP"))
    struct.pack_into("<ii", data, 18, width, height)
    return bytes(data)


def gif_of_size(width: int, height: int) -> bytes:
    """Return a small GIF file whose screen has a size."""
    data = bytearray(encoded(drawn(), "GIF"))
    struct.pack_into("<HH", data, 6, width, height)
    return bytes(data)


def gif_with_frame_of_size(width: int, height: int) -> bytes:
    """Return a GIF file with a small screen and a first frame that is far larger."""
    data = bytearray(encoded(drawn(), "GIF"))
    struct.pack_into("<HH", data, data.index(b"\x2c\0\0\0\0") + 5, width, height)
    return bytes(data)


def tiff_of_size(width: int, height: int) -> bytes:
    """Return a small TIFF file that claims a size."""
    data = bytearray(encoded(drawn(), "TIFF"))
    for tag, value in ((256, width), (257, height)):
        for kind in (3, 4):
            entry = struct.pack("<HHI", tag, kind, 1)
            if entry in data:
                struct.pack_into("<HHII", data, data.index(entry), tag, 4, 1, value)
    return bytes(data)


def webp_of_size(width: int, height: int) -> bytes:
    """Return an animated WebP file of small frames on a canvas of a size."""
    frames = [drawn("RGB"), drawn("RGB").rotate(180)]
    data = bytearray(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    place = data.index(b"VP8X") + 12
    data[place : place + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_format_is_told_by_the_bytes(name: str) -> None:
    """The first bytes of a file name its format."""
    assert picture_format(encoded(drawn("RGB"), name)) == name


def test_both_byte_orders_of_tiff_are_known() -> None:
    """A TIFF file may begin with either end."""
    assert picture_format(b"MM\0*\0\0\0\x08") == picture_format(b"II*\0\x08\0\0\0") == "TIFF"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"%PDF-1.7",
        b"<svg/>",
        b"RIFF\0\0\0\0WAVE",
        b"\x89PN",
        b"P5 1 1 255 \0",
        b"\0" * 64,
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    """What is no picture, or one that is not read, is refused with what would be."""
    for function in (decode_picture, reencode):
        with pytest.raises(UnsupportedType, match="send PNG, JPEG, WebP, TIFF, BMP or GIF"):
            function(data, LIMITS)


@pytest.mark.parametrize("deceiving", ["JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_first_bytes_alone_do_not_make_a_picture(deceiving: str) -> None:
    """A file that begins as one format and goes on as another is corrupt."""
    data = encoded(drawn("RGB"), deceiving)[:12] + encoded(drawn(), "PNG")
    with pytest.raises(CorruptInput, match=deceiving):
        decode_picture(data, LIMITS)


@pytest.mark.parametrize(("name", "mode"), MODES)
def test_every_mode_of_every_format_is_read(name: str, mode: str) -> None:
    """The picture is grey, upright and of the same size, however it was stored."""
    page = decode_picture(encoded(drawn(mode), name), LIMITS)
    assert_shows_the_box(page.gray)
    assert page.rotation == 0


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 2}, {"quality": 10}])
def test_every_kind_of_jpeg_is_read(options: dict[str, Any]) -> None:
    """Progressive, subsampled and coarse files are read in full size."""
    gray = decode_picture(encoded(drawn("RGB"), "JPEG", **options), LIMITS).gray
    assert gray.shape == SIZE[::-1]
    assert gray[30, 46] > 200
    assert gray[7, 10] < 60


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
def test_every_compression_of_tiff_is_read(compression: str) -> None:
    """Compressed strips are decoded."""
    data = encoded(drawn("RGB"), "TIFF", compression=compression)
    assert_shows_the_box(decode_picture(data, LIMITS).gray)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_fax_is_read(compression: str) -> None:
    """Two-level pictures in fax compression are decoded."""
    data = encoded(drawn("1"), "TIFF", compression=compression)
    assert_shows_the_box(decode_picture(data, LIMITS).gray)


@pytest.mark.parametrize("name", ["PNG", "WEBP", "TIFF"])
def test_transparency_is_white_paper(name: str) -> None:
    """What is transparent looks as on white paper, whatever colour lies beneath."""
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 8, 8))
    image.paste((0, 0, 0, 128), (16, 0, 24, 8))
    gray = decode_picture(encoded(image, name), LIMITS).gray
    assert gray[4, 4] == 0
    assert 126 <= gray[4, 20] <= 128
    assert gray[20, 20] == 255


def test_grey_with_alpha_is_on_white_paper() -> None:
    """Mode LA is laid on white too."""
    gray = decode_picture(encoded(Image.new("LA", SIZE, (0, 0)), "PNG"), LIMITS).gray
    assert gray.min() == 255


@pytest.mark.parametrize(
    ("name", "transparency"), [("PNG", 0), ("PNG", b"\0\xff"), ("GIF", 0)], ids=repr
)
def test_transparent_palette_entry_is_white(name: str, transparency: int | bytes) -> None:
    """A transparent entry of a palette is paper, though its colour is black."""
    image = Image.new("P", SIZE, 0)
    image.putpalette([0, 0, 0, 0, 0, 0])
    image.paste(1, (INK[0], INK[1], INK[2] + 1, INK[3] + 1))
    data = encoded(image, name, transparency=transparency)
    assert_shows_the_box(decode_picture(data, LIMITS).gray)


def test_transparent_colour_of_png_is_white() -> None:
    """A colour that a PNG file declares transparent is paper."""
    image = Image.new("RGB", SIZE, (10, 20, 30))
    image.paste((0, 0, 0), (INK[0], INK[1], INK[2] + 1, INK[3] + 1))
    data = encoded(image, "PNG", transparency=(10, 20, 30))
    assert_shows_the_box(decode_picture(data, LIMITS).gray)


@pytest.mark.parametrize(("name", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I;16B")])
def test_sixteen_bits_become_eight(name: str, mode: str) -> None:
    """Deep grey keeps its order and its range."""
    shades = np.array([[0, 16_384, 32_768, 49_152, 65_535]], dtype=np.uint16)
    image = Image.fromarray(shades)
    if mode == "I;16B":
        image = Image.frombytes("I;16B", image.size, shades.astype(">u2").tobytes())
    gray = decode_picture(encoded(image, name), LIMITS).gray
    assert gray.tolist() == [[0, 63, 127, 191, 255]]


def test_floating_point_is_brought_to_its_own_maximum() -> None:
    """Float pixels of any range become grey; what is no number is black."""
    pixels = np.array([[0, 50, 100, np.nan, -5]], dtype=np.float32)
    gray = decode_picture(encoded(Image.fromarray(pixels), "TIFF"), LIMITS).gray
    assert gray.tolist() == [[0, 127, 255, 0, 0]]


def test_black_floating_point_page_is_black() -> None:
    """A maximum of zero divides nothing."""
    pixels = np.zeros((4, 4), dtype=np.float32)
    assert not decode_picture(encoded(Image.fromarray(pixels), "TIFF"), LIMITS).gray.any()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", STORED)
def test_orientation_is_applied(name: str, orientation: int) -> None:
    """A picture that was stored turned or mirrored is upright on the page."""
    page = decode_picture(stored_as(orientation, name), LIMITS)
    assert_shows_the_box(page.gray)
    assert page.rotation == TURNED_DEG[orientation]


def stored_as(orientation: int, name: str, **options: Any) -> bytes:
    """Return the drawn picture as a camera stores it that was held this way."""
    method = STORED[orientation]
    image = drawn("RGB") if method is None else drawn("RGB").transpose(method)
    if name == "TIFF":
        return encoded(image, name, tiffinfo={274: orientation}, **options)
    exif = Image.Exif()
    exif[274] = orientation
    return encoded(image, name, exif=exif, **options)


@pytest.mark.parametrize("value", [0, 9, 65_535])
def test_impossible_orientation_is_ignored(value: int) -> None:
    """An orientation that EXIF does not know leaves the picture as it is."""
    exif = Image.Exif()
    exif[274] = value
    assert_shows_the_box(decode_picture(encoded(drawn(), "JPEG", exif=exif), LIMITS).gray)


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 20,
        struct.pack("<4sIHHHI4sI", b"II*\0", 8, 1, 274, 2, 2, b"x\0", 0),
    ],
    ids=["empty", "no offset", "wild offset", "wild entries", "text"],
)
def test_damaged_exif_does_not_matter(exif: bytes) -> None:
    """A picture is read though its metadata cannot be."""
    for name in ("JPEG", "PNG", "WEBP"):
        data = encoded(drawn(), name, exif=b"Exif\0\0" + exif)
        assert_shows_the_box(decode_picture(data, LIMITS).gray)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF", "BMP"])
@pytest.mark.parametrize(
    ("stated", "understood"),
    [(None, None), (1, None), (69, None), (72, 72), (300, 300), (2400, 2400), (50_000, None)],
)
def test_resolution_is_believed_when_it_is_credible(
    name: str, stated: int | None, understood: int | None
) -> None:
    """A resolution that no scanner has is none."""
    options = {} if stated is None else {"dpi": (stated, stated)}
    page = decode_picture(encoded(drawn(), name, **options), LIMITS)
    if name == "BMP" and stated is None:
        understood = 96  # Pillow writes one all the same
    assert page.dpi == understood


def test_zero_resolution_is_none() -> None:
    """A PNG file may state zero pixels a metre, a JPEG file a density of zero."""
    assert decode_picture(encoded(drawn(), "PNG", dpi=(0, 0)), LIMITS).dpi is None
    jpeg = bytearray(encoded(drawn(), "JPEG", dpi=(300, 300)))
    struct.pack_into("!HH", jpeg, jpeg.index(b"JFIF\0") + 8, 0, 0)
    assert decode_picture(bytes(jpeg), LIMITS).dpi is None


def test_greater_of_two_resolutions_counts() -> None:
    """Fax pages have fewer lines than columns an inch."""
    assert decode_picture(encoded(drawn(), "TIFF", dpi=(204, 98)), LIMITS).dpi == 204


@pytest.mark.parametrize("name", ["GIF", "WEBP", "TIFF", "PNG", "MPO"])
def test_first_of_several_frames_is_read(name: str) -> None:
    """Of an animation, and of several pages, the first is the picture."""
    frames = [Image.new("L", SIZE, shade) for shade in (255, 128, 0)]
    frames[0].paste(0, (INK[0], INK[1], INK[2] + 1, INK[3] + 1))
    data = encoded(frames[0], name, save_all=True, append_images=frames[1:])
    assert getattr(Image.open(BytesIO(data)), "n_frames", 1) == 3
    assert_shows_the_box(decode_picture(data, LIMITS).gray)


def test_picture_at_the_limits_is_read() -> None:
    """The limits themselves are allowed."""
    width, height = SIZE
    page = decode_picture(encoded(drawn(), "PNG"), PictureLimits(width * height, width))
    assert_shows_the_box(page.gray)


def test_too_many_pixels_are_refused_with_limit_and_actual() -> None:
    """One pixel too many is refused, with the setting that allows it."""
    width, height = SIZE
    with pytest.raises(ImageTooLarge) as caught:
        decode_picture(encoded(drawn(), "PNG"), PictureLimits(width * height - 1, 99))
    assert caught.value.facts == {
        "limit": width * height - 1,
        "actual": width * height,
        "setting": "limits.pixels",
    }


def test_too_long_a_side_is_refused_with_limit_and_actual() -> None:
    """One column too many is refused, though the pixels are few."""
    with pytest.raises(ImageTooLarge) as caught:
        decode_picture(encoded(drawn(), "PNG"), PictureLimits(10**9, SIZE[0] - 1))
    assert caught.value.facts == {
        "limit": SIZE[0] - 1,
        "actual": SIZE[0],
        "setting": "limits.side_px",
    }


@pytest.mark.parametrize("function", [decode_picture, reencode])
@pytest.mark.parametrize(
    "of_size",
    [
        bmp_of_size,
        gif_of_size,
        gif_with_frame_of_size,
        jpeg_of_size,
        png_of_size,
        tiff_of_size,
        webp_of_size,
    ],
)
def test_bombs_are_refused_by_their_header(
    function: Callable[..., Any], of_size: Callable[[int, int], bytes]
) -> None:
    """The claimed size alone refuses a tiny file, before a pixel of it is decoded."""
    bomb = of_size(16_000, 15_000)
    assert len(bomb) < 20_000
    began = monotonic()
    with pytest.raises(ImageTooLarge) as caught:
        function(bomb, LIMITS)
    assert caught.value.facts["actual"] == 240_000_000
    assert monotonic() - began < 1


def test_bomb_takes_no_memory() -> None:
    """A canvas of two gigabytes is told as too large where there is not so much memory."""
    bomb = webp_of_size(16_383, 16_383)
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (2**31, hard))
    try:
        with pytest.raises(ImageTooLarge):
            decode_picture(bomb, LIMITS)
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def test_bomb_in_the_metadata_is_harmless() -> None:
    """A text chunk that would grow to gigabytes makes the file corrupt, or is passed over."""
    text = zlib.compress(b"\0" * 80_000_000, 9)
    data = encoded(drawn(), "PNG")
    bomb = data[:33] + png_chunk(b"zTXt", b"Comment\0\0" + text) + data[33:]
    assert len(bomb) < 100_000
    with pytest.raises(CorruptInput):
        decode_picture(bomb, LIMITS)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_truncated_picture_is_corrupt(name: str, share: float) -> None:
    """A file that ends too early is refused, not read in part."""
    noise = np.random.default_rng(7).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), name)
    for function in (decode_picture, reencode):
        with pytest.raises(CorruptInput) as caught:
            function(data[: int(len(data) * share)], LIMITS)
        assert caught.value.detail == f"the {name} data is damaged or incomplete"
        assert isinstance(caught.value.__cause__, PILLOW_FAILURES)


@pytest.mark.parametrize(("name", "mode"), MODES)
def test_echo_keeps_format_size_and_mode(name: str, mode: str) -> None:
    """The picture that comes back is the one that was sent."""
    sent = encoded(drawn(mode), name)
    data, media_type = reencode(sent, LIMITS)
    before, after = reopened(sent), reopened(data)
    assert media_type == MEDIA_TYPES[name]
    assert (after.format, after.size) == (name, SIZE)
    assert after.mode == before.mode or name == "GIF"  # which knows palettes only
    assert_shows_the_box(decode_picture(data, LIMITS).gray)


@pytest.mark.parametrize(
    ("name", "mode"), [case for case in MODES if case[0] not in ("JPEG", "WEBP")]
)
def test_echo_without_loss_keeps_every_pixel(name: str, mode: str) -> None:
    """A format that loses nothing gives back the same pixels."""
    sent = encoded(drawn(mode), name)
    before, after = reopened(sent), reopened(reencode(sent, LIMITS)[0])
    if name == "GIF":
        before, after = before.convert("RGB"), after.convert("RGB")
    assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    "sent",
    [
        encoded(Image.new("RGBA", SIZE, (9, 8, 7, 60)), "PNG"),
        encoded(Image.new("LA", SIZE, (9, 60)), "PNG"),
        encoded(Image.new("RGB", SIZE, (9, 8, 7)), "PNG", transparency=(9, 8, 7)),
        encoded(Image.new("L", SIZE, 9), "PNG", transparency=9),
        encoded(drawn("RGB").quantize(2), "PNG", transparency=b"\xff\x40"),
        encoded(Image.new("P", SIZE, 1), "GIF", transparency=1),
        encoded(Image.new("RGBA", SIZE, (9, 8, 7, 60)), "WEBP", exact=True),
        encoded(Image.new("RGBA", SIZE, (9, 8, 7, 60)), "TIFF"),
    ],
    ids=["rgba", "la", "rgb key", "l key", "palette", "gif", "webp", "tiff"],
)
def test_echo_keeps_transparency(sent: bytes) -> None:
    """Every way of being transparent survives."""
    alpha = reopened(sent).convert("RGBA").getchannel("A").getextrema()
    assert alpha[0] < 255
    assert reopened(reencode(sent, LIMITS)[0]).convert("RGBA").getchannel("A").getextrema() == alpha


def with_secrets(name: str) -> bytes:
    """Return a picture with a secret at every place that its format has for one."""
    secret = SECRET.encode()
    exif = Image.Exif()
    exif[270] = SECRET
    exif.get_ifd(0x8825)[29] = SECRET
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET)
    text.add_itxt("XML:com.adobe.xmp", SECRET)
    options: dict[str, Any] = {
        "PNG": {"pnginfo": text, "exif": exif},
        "JPEG": {"comment": secret, "exif": exif, "xmp": secret},
        "WEBP": {"exif": exif, "xmp": secret},
        "TIFF": {"tiffinfo": {270: SECRET, 305: SECRET, 315: SECRET, 700: secret}},
        "GIF": {"comment": secret},
    }[name]
    if name != "GIF":
        options |= {"icc_profile": secret * 20, "dpi": (300, 300)}
    return encoded(drawn("RGB"), name, **options)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "TIFF", "GIF"])
def test_echo_drops_metadata(name: str) -> None:
    """Nothing that tells of a person, a place or a program comes back."""
    sent = with_secrets(name)
    assert SECRET.encode() in sent
    data, _ = reencode(sent, LIMITS)
    assert SECRET.encode() not in data
    told = {"exif", "icc_profile", "xmp", "comment", "Author", "XML:com.adobe.xmp", "photoshop"}
    assert not told & set(reopened(data).info)
    assert not {270, 305, 315, 700, 0x8825, 34675} & set(reopened(data).getexif())


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", STORED)
def test_echo_is_upright(name: str, orientation: int) -> None:
    """The orientation is applied, since the mark that tells it is gone."""
    data, _ = reencode(stored_as(orientation, name), LIMITS)
    page = decode_picture(data, LIMITS)
    assert_shows_the_box(page.gray)
    assert page.rotation == 0


def test_echo_of_an_animation_is_its_first_frame() -> None:
    """What comes back is the one frame that would be read."""
    frames = [Image.new("L", SIZE, shade) for shade in (255, 0)]
    data, _ = reencode(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), LIMITS)
    assert reopened(data).n_frames == 1  # type: ignore[attr-defined]


def test_echo_of_a_compressed_picture_is_of_like_size() -> None:
    """A small file does not come back a hundred times larger."""
    sent = encoded(Image.new("RGB", (1000, 1000), "white"), "TIFF", compression="tiff_deflate")
    assert len(reencode(sent, LIMITS)[0]) < 100 * len(sent)


GOOD = [
    *(encoded(drawn(mode), name) for name, mode in MODES),
    *(with_secrets(name) for name in ("PNG", "JPEG", "WEBP", "TIFF", "GIF")),
    encoded(drawn("1"), "TIFF", compression="group4"),
    encoded(drawn("RGB"), "TIFF", compression="tiff_lzw"),
    encoded(drawn("RGB"), "JPEG", progressive=True),
    encoded(drawn("P"), "GIF", save_all=True, append_images=[drawn("P"), drawn("P").rotate(9)]),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a good file with some bytes changed, and perhaps its end or a middle part gone."""
    data = bytearray(draw(st.sampled_from(GOOD)))
    near = st.integers(0, min(len(data) - 1, 400)) | st.integers(0, len(data) - 1)
    for place in draw(st.lists(near, max_size=6)):
        data[place] = draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))
    if draw(st.integers(0, 3)) == 0:
        begin, end = sorted((draw(near), draw(near)))
        del data[begin:end]
    return bytes(data)


@settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(damaged())
def test_damaged_files_are_read_or_refused(data: bytes) -> None:
    """Whatever happens to a file, the answer is a page or an error of ours."""
    for function in (decode_picture, reencode):
        try:
            function(data, LIMITS)
        except ReadstoneError as error:
            assert type(error) in (CorruptInput, ImageTooLarge, UnsupportedType)
