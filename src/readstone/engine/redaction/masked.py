"""A page becomes a picture without what is to be hidden; pages become a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions
from readstone.engine.pages import (
    MEDIA_TYPES,
    PDF,
    PDF_MEDIA_TYPE,
    Seen,
    visible_picture,
    written_format,
)
from readstone.engine.pdf import open_page, open_pdf, render_colours
from readstone.engine.pdf_objects import POINTS_PER_INCH
from readstone.engine.recognise import Reader, is_pdf
from readstone.engine.redaction.paint import paint_over
from readstone.errors import NotRedacted

QUALITY = 90
KEEP_DPI = ("PNG", "JPEG", "TIFF", "BMP")


@dataclass(frozen=True, slots=True)
class MaskedPage:
    """A page that was painted over, encoded as it will be sent.

    Attributes:
        dpi: of the picture; not always one that a reader believes.
    """

    data: bytes
    dpi: float | None


def mask_page(
    reader: Reader,
    source: bytes | Path,
    options: OcrOptions,
    page: Page,
    words: Sequence[tuple[Box, ...]],
) -> MaskedPage:
    """Return a page with words painted over, and nothing that is not seen.

    Args:
        source: the bytes of a picture, or a file that may have many pages.
        page: as it was read; the boxes of the words are those of its picture.
    Raises:
        NotRedacted: the picture is not the one that was read.
    """
    if isinstance(source, Path) and is_pdf(source):
        with (
            open_pdf(source, options.password) as pdf,
            open_page(pdf, page.number, reader.limits, dpi=options.dpi) as pdf_page,
        ):
            seen = Seen(render_colours(pdf_page), pdf_page.dpi, pdf_page.rotation)
        return _painted(seen, "JPEG", page, words)
    data = source if isinstance(source, bytes) else source.read_bytes()
    seen = visible_picture(data, reader.limits, frame=page.number - 1)
    return _painted(seen, written_format(data), page, words)


def _painted(seen: Seen, name: str, page: Page, words: Sequence[tuple[Box, ...]]) -> MaskedPage:
    """Return a picture, turned as the page was when it was read, painted over and encoded."""
    image = seen.image.rotate(seen.rotation - page.rotation, expand=True)
    if image.size != (page.width, page.height):
        raise NotRedacted(f"page {page.number}: the words that were read cannot be found on it")
    paint_over(image, words)
    out = BytesIO()
    image.save(out, name, **_encoding(name, image.mode, seen.dpi))
    return MaskedPage(out.getvalue(), seen.dpi)


def _encoding(name: str, mode: str, dpi: float | None) -> dict[str, Any]:
    """Return how a picture is saved in a format; TIFF without loss, since it is done twice."""
    options: dict[str, Any] = {"dpi": (dpi, dpi)} if dpi and name in KEEP_DPI else {}
    if name == "TIFF":
        options["compression"] = "group4" if mode == "1" else "tiff_lzw"
    if name in ("JPEG", "WEBP"):
        options["quality"] = QUALITY
    return options


def bind_pages(reader: Reader, pages: Sequence[MaskedPage], name: str) -> tuple[bytes, str]:
    """Return the file of these pages, in this format, and its media type."""
    if name == PDF:
        return _pdf_of(pages), PDF_MEDIA_TYPE
    if len(pages) == 1:
        return pages[0].data, MEDIA_TYPES[name]
    return _tiff_of(pages), MEDIA_TYPES[name]


def _tiff_of(pages: Sequence[MaskedPage]) -> bytes:
    frames = [Image.open(BytesIO(page.data)) for page in pages]
    for page, frame in zip(pages, frames, strict=True):
        frame.encoderinfo = _encoding("TIFF", frame.mode, page.dpi)
    out = BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], **frames[0].encoderinfo)
    return out.getvalue()


def _pdf_of(pages: Sequence[MaskedPage]) -> bytes:
    """Return a PDF that holds these pictures and nothing else."""
    pdf = pdfium.PdfDocument.new()
    for page in pages:
        picture = pdfium.PdfImage.new(pdf)
        picture.load_jpeg(BytesIO(page.data), inline=True)
        scale = POINTS_PER_INCH / (page.dpi or POINTS_PER_INCH)
        width, height = (side * scale for side in picture.get_px_size())
        picture.set_matrix(pdfium.PdfMatrix().scale(width, height))
        sheet = pdf.new_page(width, height)
        sheet.insert_obj(picture)
        sheet.gen_content()
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()
