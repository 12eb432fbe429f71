"""Puts the pages of a document and their text into one PDF."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pikepdf
from pikepdf import Matrix, Name, ObjectStreamMode, String
from pypdfium2 import PdfDocument

from readstone import __version__
from readstone.document import Document, Page
from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.pdf import open_page, open_pdf, page_count, to_image
from readstone.engine.pdf_objects import POINTS_PER_INCH, Area
from readstone.engine.recognise import Reader, is_pdf
from readstone.engine.render.pdf.font import GlyphlessFont
from readstone.engine.render.pdf.hidden import remove_hidden_text
from readstone.engine.render.pdf.images import pdf_picture, turned
from readstone.engine.render.pdf.layer import text_layer
from readstone.engine.render.pdf.unseen import without_shown_text
from readstone.errors import CorruptInput, ImageTooLarge

# Everything that pikepdf 10 was seen to raise for damaged files.
PIKEPDF_FAILURES = (pikepdf.PikepdfError, TypeError, ValueError)

# A picture that does not say its resolution becomes a page as long as A4, or as small as this
# resolution makes it.
A4 = (595, 842)
A4_INCHES, LEAST_DPI = 11.69, 150
# What viewers show: sides of a page, in inches and points.
MOST_INCHES, LEAST_POINTS = 200, 3


def write_pdf(
    reader: Reader, source: bytes | Path, options: OcrOptions, document: Document
) -> bytes:
    """Return the pages of a document with their text; see searchable_pdf."""
    if not (isinstance(source, Path) and is_pdf(source)):
        return _from_pictures(reader, source, options, document)
    try:
        return _from_pdf(reader, source, options, document)
    except PIKEPDF_FAILURES as error:
        raise CorruptInput("the PDF is too damaged to be written with its text") from error


def _from_pdf(reader: Reader, source: Path, options: OcrOptions, document: Document) -> bytes:
    font = _font(document)
    with (
        pikepdf.open(source, password=options.password or "") as pdf,
        open_pdf(source, options.password) as measured,
    ):
        if len(pdf.pages) != page_count(measured):
            raise CorruptInput("the PDF is too damaged to be written with its text")
        layers = {
            page.number: _pdf_layer(page, measured, reader.limits, font)
            for page in document.pages
            if page.source == "ocr" and not page.error
        }
        for page in document.pages:
            if page.number in layers:
                remove_hidden_text(pdf, pdf.pages[page.number - 1])
                pdf.pages[page.number - 1].rotate(page.rotation, relative=False)
        _add_text(pdf, layers, font)
        wanted = {page.number for page in document.pages}
        for number in range(len(pdf.pages), 0, -1):
            if number not in wanted:
                del pdf.pages[number - 1]
        return _saved(pdf)


def _pdf_layer(read: Page, pdf: PdfDocument, limits: PictureLimits, font: GlyphlessFont) -> bytes:
    with open_page(pdf, read.number, limits) as page:
        to_pixels = to_image(page.area, read.rotation, read.width, read.height)
        return text_layer(without_shown_text(read, to_pixels, page), to_pixels, font)


def _from_pictures(
    reader: Reader, source: bytes | Path, options: OcrOptions, document: Document
) -> bytes:
    data = source if isinstance(source, bytes) else source.read_bytes()
    font = _font(document)
    with pikepdf.new() as pdf:
        pdf.docinfo.Producer = String(f"Readstone {__version__}")
        for page in document.pages:
            _add_picture_page(pdf, data, reader.limits, page, options.dpi)
        layers = {
            place: _picture_layer(page, pdf.pages[place - 1], font)
            for place, page in enumerate(document.pages, start=1)
            if not page.error
        }
        _add_text(pdf, layers, font)
        return _saved(pdf)


def _add_picture_page(
    pdf: pikepdf.Pdf, data: bytes, limits: PictureLimits, page: Page, dpi: int | None
) -> None:
    """Add a page as large as a picture; one that could be neither read nor decoded is blank."""
    try:
        picture = pdf_picture(pdf, data, limits, frame=page.number - 1)
    except (CorruptInput, ImageTooLarge):
        if not page.error:
            raise
        pdf.add_blank_page(page_size=A4)
        return
    if not page.error:
        picture = turned(picture, page.rotation)
    scale = POINTS_PER_INCH / _page_dpi(dpi or picture.dpi, max(picture.width, picture.height))
    width, height = (max(LEAST_POINTS, side * scale) for side in (picture.width, picture.height))
    pdf_page = pdf.add_blank_page(page_size=(width, height))
    pdf_page.add_resource(picture.stream, Name.XObject, Name.Picture)
    matrix = picture.place @ Matrix(width, 0, 0, height, 0, 0)
    content = b"q " + matrix.encode() + b" cm /Picture Do Q\n"
    pdf_page.obj.Contents = pdf.make_stream(content)


def _page_dpi(stated: int | None, longer_side: int) -> float:
    dpi = stated or max(LEAST_DPI, longer_side / A4_INCHES)
    return max(dpi, longer_side / MOST_INCHES)


def _picture_layer(page: Page, pdf_page: pikepdf.Page, font: GlyphlessFont) -> bytes:
    area = Area(*map(float, pdf_page.mediabox))
    return text_layer(page, to_image(area, 0, page.width, page.height), font)


def _font(document: Document) -> GlyphlessFont:
    """Return a font whose name no other text has: a file that is read again may hold both."""
    checksum = crc32(document.text.encode("utf-8", "surrogatepass"))
    return GlyphlessFont(f"/Readstone{checksum:08X}")


def _add_text(pdf: pikepdf.Pdf, layers: Mapping[int, bytes], font: GlyphlessFont) -> None:
    """Put text beneath what pages draw, where no state that they leave behind can reach it."""
    font_object = font.add_to(pdf)
    for number, layer in layers.items():
        pdf_page = pdf.pages[number - 1]
        pdf_page.add_resource(font_object, Name.Font, Name(font.name))
        pdf_page.contents_add(layer, prepend=True)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()
