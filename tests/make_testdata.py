"""Renders the pictures of testdata/ and writes its manifest; `python tests/make_testdata.py`.

Needs the Debian packages fonts-dejavu-core, fonts-dejavu-extra and fonts-liberation2.
The same versions of them and of Pillow give the same bytes.
"""

import io
import json
import shutil
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.Image import Transpose

TESTDATA = Path(__file__).parent.parent / "testdata"
SANS, SERIF, MONO = "LiberationSans-Regular", "LiberationSerif-Regular", "DejaVuSansMono"
LINE = "Order 4711: 12 boxes of blue paper, 1,284.50 EUR"
NOTE = """\
The ferry to Northquay leaves at 07:45 from pier 3.
Bring 2 copies of form B-16; tickets cost $18.20 each."""
LETTER = """\
Marlow & Finch, Bookbinders
14 Harbour Lane
Northquay NQ7 4TB

3 March 2025

Dear Ms. Okafor,

Thank you for your letter of 24 February. We have looked at
the three volumes and are glad to say that all of them can be
repaired. The spine of the first is broken, and about twenty
pages of the second are loose; the third only needs a new cover.

The work takes six weeks. It costs 418.60 EUR, of which we ask
for 25 % in advance. Please tell us whether you prefer linen or
leather: linen lasts longer, leather is 62.50 EUR more expensive.

If you would like to see the workshop, come on any Tuesday
between 10:00 and 16:30. The bus (line 8) stops at our door.

Yours sincerely,
Henry Finch"""
RECEIPT = """\
CORNER GREENGROCER
5 Mill Street, Northquay
Tel. 0555 014 2277

Date: 17/06/2025  14:32
Receipt no. 003918

Apples 1.2 kg       3.48
Brown bread         2.95
Olive oil 500 ml    8.90
Tomatoes            4.15
Sparkling water     1.20

SUBTOTAL           20.68
TAX 7 %             1.45
TOTAL              22.13
CASH               25.00
CHANGE              2.87

Thank you, come again!"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of testdata; its folder is its kind, `facts` is the rest of its manifest row."""

    file: str
    data: bytes
    facts: dict[str, Any] = field(default_factory=dict)


def sheet(
    text: str, font: str = SANS, size: int = 24, *, margin: int = 16, ink: int = 0, paper: int = 255
) -> Image.Image:
    """Return a grey picture of the text, just large enough; 16 shades keep the file small."""
    face = ImageFont.truetype(f"{font}.ttf", size, layout_engine=ImageFont.Layout.BASIC)
    spacing = size // 2
    _, _, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox(
        (margin, margin), text, font=face, spacing=spacing
    )
    image = Image.new("L", (round(right) + margin, round(bottom) + margin), 255)
    ImageDraw.Draw(image).multiline_text((margin, margin), text, 0, face, spacing=spacing)
    return image.point(lambda shade: round(ink + (paper - ink) * round(shade / 17) / 15))


def encoded(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    """Return the picture as a file."""
    out = io.BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def png_of(width: int, height: int, *, bits: int, scanlines: bytes, **packing: int) -> bytes:
    """Return a grey PNG with any header over any scanlines, as no encoder would write it."""
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(scanlines, **packing)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def lines_and_pages() -> Iterator[Sample]:
    """Yield a line, a receipt, an A4 letter, and the letter turned as a scanner may turn it."""
    yield Sample("line/line.png", encoded(sheet(LINE)), {"text": LINE})
    yield Sample("page/receipt.txt", f"{RECEIPT}\n".encode())
    receipt = encoded(sheet(RECEIPT, MONO, 22, margin=40))
    yield Sample("page/receipt.png", receipt, {"text": "page/receipt.txt"})
    yield Sample("page/letter.txt", f"{LETTER}\n".encode())
    letter = Image.new("L", (1034, 1462), 255)
    letter.paste(sheet(LETTER, SERIF, 26), (108, 134))
    facts = {"text": "page/letter.txt", "dpi": 125}
    yield Sample("page/letter.png", encoded(letter, dpi=(125, 125), optimize=True), facts)
    for degrees in (90, 180, 270):
        turned = encoded(letter.rotate(degrees, expand=True), dpi=(125, 125), optimize=True)
        yield Sample(f"turned/letter_{degrees}.png", turned, facts | {"rotation": degrees})


def fonts() -> Iterator[Sample]:
    """Yield the note in the usual families and styles."""
    names = {
        "sans": SANS,
        "sans_bold": "LiberationSans-Bold",
        "serif": SERIF,
        "serif_italic": "LiberationSerif-Italic",
        "serif_bold_italic": "LiberationSerif-BoldItalic",
        "mono": MONO,
        "wide_sans": "DejaVuSans",
        "wide_serif": "DejaVuSerif",
        "condensed": "DejaVuSansCondensed",
    }
    for name, font in names.items():
        yield Sample(f"font/{name}.png", encoded(sheet(NOTE, font)), {"text": NOTE})


def distortions() -> Iterator[Sample]:
    """Yield the note as bad scans and screens show it; `skew` is in degrees clockwise."""
    note = sheet(NOTE, margin=30)
    for skew in (-2, 2, 5):
        skewed = note.rotate(-skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        name = f"distorted/skew_{skew}.png".replace("-", "minus_")
        yield Sample(name, encoded(skewed.quantize(16).convert("L")), {"text": NOTE, "skew": skew})
    noise = np.random.default_rng(7).normal(0, 30, (note.height, note.width))
    noisy = Image.fromarray(np.uint8(np.clip(np.asarray(note) * 0.8 + 25 + noise, 0, 255)))
    yield Sample("distorted/noise.jpg", encoded(noisy, "JPEG", quality=60), {"text": NOTE})
    faint = sheet(NOTE, ink=150, paper=190)
    yield Sample("distorted/low_contrast.png", encoded(faint), {"text": NOTE})
    inverted = sheet(NOTE, ink=255, paper=0)
    yield Sample("distorted/white_on_black.png", encoded(inverted), {"text": NOTE})


def poor_scans() -> Iterator[Sample]:
    """Yield the letter as it comes from the feeder, from a coarse fax, and from under a lamp."""
    letter = Image.new("L", (1034, 1462), 255)
    letter.paste(sheet(LETTER, SERIF, 26), (108, 134))
    facts = {"text": "page/letter.txt"}
    skewed = letter.rotate(3, Image.Resampling.BICUBIC, fillcolor=255)
    small = letter.resize((480, 679), Image.Resampling.LANCZOS)
    light = np.linspace(1, 0.3, letter.width) * np.linspace(1, 0.6, letter.height)[:, None]
    shadowed = Image.fromarray(np.uint8(np.asarray(letter) * light))
    data = encoded(skewed.quantize(16).convert("L"), optimize=True)
    yield Sample("poor/skewed.png", data, facts | {"skew": -3})
    yield Sample("poor/small.png", encoded(small.quantize(16).convert("L"), optimize=True), facts)
    yield Sample("poor/shadowed.jpg", encoded(shadowed, "JPEG", quality=40), facts)


def exif_orientations() -> Iterator[Sample]:
    """Yield the note stored in all eight ways, with the EXIF tag that says how to undo it."""
    stored = {
        1: (None, 0),
        2: (Transpose.FLIP_LEFT_RIGHT, 0),
        3: (Transpose.ROTATE_180, 180),
        4: (Transpose.FLIP_TOP_BOTTOM, 180),
        5: (Transpose.TRANSPOSE, 270),
        6: (Transpose.ROTATE_90, 90),
        7: (Transpose.TRANSVERSE, 90),
        8: (Transpose.ROTATE_270, 270),
    }
    note = sheet(NOTE)
    for orientation, (change, rotation) in stored.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture = note if change is None else note.transpose(change)
        data = encoded(picture, "JPEG", quality=60, exif=exif)
        facts = {"text": NOTE, "rotation": rotation, "mirrored": orientation in {2, 4, 5, 7}}
        yield Sample(f"exif/orientation_{orientation}.jpg", data, facts)


def formats() -> Iterator[Sample]:
    """Yield the line in every format, colour mode and compression that is read."""
    line, other = sheet(LINE), sheet("This is not the first frame")
    animation: dict[str, Any] = {"save_all": True, "append_images": [other.resize(line.size)]}
    clear = Image.merge("RGBA", [Image.new("L", line.size)] * 3 + [line.point(lambda v: 255 - v)])
    palette = line.point(lambda v: v > 127).convert("P")
    palette.putpalette([20, 40, 120, 0, 0, 0])
    deep = Image.fromarray(np.asarray(line, np.uint16) * 200 + 8000)
    colour = Image.merge("RGB", [line, line, line.point(lambda v: 90 + v * 165 // 255)])
    files = {
        "rgb.png": encoded(colour),
        "palette_transparent.png": encoded(palette, transparency=1),
        "rgba_on_transparent.png": encoded(clear),
        "grey_16_bit.png": encoded(deep),
        "rgb.jpg": encoded(colour, "JPEG", quality=70),
        "progressive.jpg": encoded(line, "JPEG", quality=70, progressive=True),
        "cmyk.jpg": encoded(colour.convert("CMYK"), "JPEG", quality=70),
        "bilevel_g4.tif": encoded(line.convert("1"), "TIFF", compression="group4"),
        "lzw.tif": encoded(line, "TIFF", compression="tiff_lzw"),
        "lossy.webp": encoded(colour, "WEBP", quality=60),
        "lossless.webp": encoded(colour, "WEBP", lossless=True),
        "animated.webp": encoded(line.convert("RGB"), "WEBP", quality=60, **animation),
        "grey.bmp": encoded(line, "BMP"),
        "still.gif": encoded(line, "GIF"),
        "animated.gif": encoded(line, "GIF", **animation),
    }
    for name, data in files.items():
        yield Sample(f"format/{name}", data, {"text": LINE})
    pages = {"save_all": True, "append_images": [sheet(NOTE)], "compression": "tiff_lzw"}
    both = {"text": f"{LINE}\f{NOTE}", "pages": 2}
    yield Sample("format/two_pages.tif", encoded(line, "TIFF", **pages), both)


def resolutions() -> Iterator[Sample]:
    """Yield the line in files that state no resolution, none that can be, or a plain one."""
    line = sheet(LINE)
    stated = {
        "missing.png": (encoded(line), None),
        "zero.png": (encoded(line, dpi=(0, 0)), None),
        "zero.jpg": (encoded(line, "JPEG", quality=60, dpi=(0, 0)), None),
        "one.jpg": (encoded(line, "JPEG", quality=60, dpi=(1, 1)), 1),
        "million.png": (encoded(line, dpi=(1_000_000, 1_000_000)), 1_000_000),
        "two_hundred.png": (encoded(line, dpi=(200, 200)), 200),
    }
    for name, (data, dpi) in stated.items():
        yield Sample(f"dpi/{name}", data, {"text": LINE, "dpi": dpi})


def empty_pictures() -> Iterator[Sample]:
    """Yield sound pictures on which nothing is written."""
    sizes = {
        "white": ((640, 480), 255),
        "black": ((640, 480), 0),
        "one_pixel": ((1, 1), 255),
        "very_wide": ((3000, 12), 255),
        "very_tall": ((12, 3000), 255),
    }
    for name, (size, shade) in sizes.items():
        yield Sample(f"blank/{name}.png", encoded(Image.new("L", size, shade)), {"text": ""})


def refused() -> Iterator[Sample]:
    """Yield what must be refused, with the code of the error; the bombs unpack to gigabytes."""
    png, jpeg = encoded(sheet(NOTE)), encoded(sheet(NOTE), "JPEG", quality=60)
    bomb = png_of(30_000, 30_000, bits=1, scanlines=bytes(3_751 * 30_000), level=9)
    giant = png_of(2**31 - 1, 2**31 - 1, bits=8, scanlines=bytes(1_000))
    files = {
        "broken/truncated.png": (png[: len(png) // 2], "corrupt_input"),
        "broken/truncated.jpg": (jpeg[: len(jpeg) // 2], "corrupt_input"),
        "broken/text.png": (b"This is a text file, whatever its name says.\n", "unsupported_type"),
        "broken/empty.png": (b"", "invalid_request"),
        "bomb/bilevel_30000.png": (bomb, "image_too_large"),
        "bomb/giant_header.png": (giant, "image_too_large"),
    }
    for name, (data, code) in files.items():
        yield Sample(name, data, {"error": code})


KINDS = (
    lines_and_pages,
    fonts,
    distortions,
    poor_scans,
    exif_orientations,
    formats,
    resolutions,
    empty_pictures,
    refused,
)


def main() -> None:
    """Write every sample anew, and the manifest with a row for each but the truth files."""
    rows = []
    for folder in (path for path in TESTDATA.iterdir() if path.is_dir()):
        shutil.rmtree(folder)
    for sample in (sample for kind in KINDS for sample in kind()):
        path = TESTDATA / sample.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.data)
        if sample.facts:
            row = {"file": sample.file, "kind": path.parent.name, "lang": "eng"} | sample.facts
            rows.append(json.dumps(row, ensure_ascii=False))
    (TESTDATA / "manifest.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
