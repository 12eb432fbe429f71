"""PDF documents, page by page: open them, measure a page, render it; pdf_text reads their text.

PDFium is not thread-safe, and a hostile file may keep it busy or crash it: for workers only.
"""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from readstone.engine.base import PageImage, PictureLimits
from readstone.engine.pages import CREDIBLE_DPI, check_size
from readstone.engine.pdf_objects import (
    POINTS_PER_INCH,
    Area,
    Drawn,
    Matrix,
    Picture,
    describe_picture,
    drawn_objects,
    share,
)
from readstone.errors import (
    CorruptInput,
    InvalidRequest,
    PasswordNeeded,
    ReadstoneError,
    UnsupportedType,
)

# Of the words of 15 invoices Tesseract reads 0.907 at 200 dpi, 0.918 at 300, 0.916 at 350.
READING_DPI = 300
SCAN_SHARE = 0.8
MAIN_PICTURE_SHARE = 0.3
SILENT_ANNOTATIONS = (pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP)
WHITE = (255, 255, 255, 255)
DAMAGED = "the PDF is damaged or has no pages"


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page that is open; its notes and filled-in fields are part of what is drawn.

    Attributes:
        width, height: of its image, in pixels.
        dpi: of its image.
        rotation: degrees clockwise by which the file has the page turned, in its image it is.
        area: what is seen of the page, in points.
        to_image: maps points of the page to pixels of the image.
        cover: which object is the last picture that covers the page; -1 when none does.
    """

    handle: pdfium.PdfPage
    number: int
    width: int
    height: int
    dpi: float
    rotation: int
    area: Area
    to_image: Matrix
    objects: tuple[Drawn, ...]
    pictures: tuple[Picture, ...]
    cover: int
    limits: PictureLimits

    @property
    def stated_dpi(self) -> int | None:
        """The resolution of its image; None when it cannot be that of print."""
        dpi = round(self.dpi)
        return dpi if dpi in CREDIBLE_DPI else None


@contextmanager
def open_pdf(source: bytes | Path, password: str | None = None) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF in memory or, reading only what is needed, in a file.

    Raises:
        PasswordNeeded, UnsupportedType: it is encrypted, and stays so.
        CorruptInput: it is damaged, or has no pages.
    """
    with closing(_load_document(source, password)) as pdf:
        if not len(pdf):
            raise CorruptInput(DAMAGED)
        if pdf.get_formtype() == pdfium_c.FORMTYPE_ACRO_FORM:
            pdf.init_forms()
        yield pdf


def _load_document(source: bytes | Path, password: str | None) -> pdfium.PdfDocument:
    """Return an open PDF; pypdfium2 5.15 itself never closes one without pages."""
    secret = f"{password}\0".encode() if password else None
    if isinstance(source, Path):
        handle = pdfium_c.FPDF_LoadDocument(f"{source}\0".encode(), secret)
    else:
        handle = pdfium_c.FPDF_LoadMemDocument64(source, len(source), secret)
    if not handle:
        raise _refusal(pdfium_c.FPDF_GetLastError(), password)
    return pdfium.PdfDocument(handle)


def _refusal(code: int, password: str | None) -> ReadstoneError:
    if code == pdfium_c.FPDF_ERR_PASSWORD and password:
        return PasswordNeeded("the PDF is encrypted, and this is not its password")
    if code == pdfium_c.FPDF_ERR_PASSWORD:
        return PasswordNeeded("the PDF is encrypted; send its password as well")
    if code == pdfium_c.FPDF_ERR_SECURITY:
        return UnsupportedType("the PDF is encrypted in a way that no password opens")
    return CorruptInput(DAMAGED)


def page_count(pdf: pdfium.PdfDocument) -> int:
    """Return the number of pages, as the file says it."""
    return len(pdf)


@contextmanager
def open_page(
    pdf: pdfium.PdfDocument, number: int, limits: PictureLimits, *, dpi: int | None = None
) -> Iterator[PdfPage]:
    """Open a page; its image gets the resolution of its scan, or one good for reading, or `dpi`.

    However large the page is, its image is within the limits: the resolution gives way.

    Raises:
        InvalidRequest, CorruptInput: there is no such page, or it cannot be read.
    """
    if not 1 <= number <= len(pdf):
        raise InvalidRequest(f"pages: there is no page {number}; the document has {len(pdf)}")
    handle = _load(pdf, number)
    if _has_annotations(handle):
        pdfium_c.FPDFPage_Flatten(handle, pdfium_c.FLAT_NORMALDISPLAY)
        handle.close()
        handle = _load(pdf, number)
    with closing(handle):
        yield _measured(handle, number, limits, dpi)


def _load(pdf: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    try:
        return pdf[number - 1]
    except pdfium.PdfiumError as error:
        raise CorruptInput(f"page {number} of the PDF is damaged") from error


def _has_annotations(handle: pdfium.PdfPage) -> bool:
    """Return whether fields, stamps or notes lie on the page, and not only links."""
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(handle)):
        annotation = pdfium_c.FPDFPage_GetAnnot(handle, index)
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
        if kind not in SILENT_ANNOTATIONS:
            return True
    return False


@np.errstate(invalid="ignore")  # a damaged or hostile page has matrices that are not finite
def _measured(
    handle: pdfium.PdfPage, number: int, limits: PictureLimits, wanted_dpi: int | None
) -> PdfPage:
    area, rotation = Area(*handle.get_bbox()), handle.get_rotation()
    if not area.size > 0:
        raise CorruptInput(f"page {number} of the PDF has no size")
    objects = tuple(drawn_objects(handle))
    pictures = {n: describe_picture(each) for n, each in enumerate(objects) if each.is_picture}
    covers = (n for n, picture in pictures.items() if share([picture], area) >= SCAN_SHARE)
    cover = max(covers, default=-1)
    has_print = any(each.is_print for each in objects[cover + 1 :])
    dpi = wanted_dpi or (READING_DPI if has_print else _scan_dpi(pictures.values(), area))
    dpi, width, height = _image_size(handle, dpi, limits)
    return PdfPage(
        handle=handle,
        number=number,
        width=width,
        height=height,
        dpi=dpi,
        rotation=rotation,
        area=area,
        to_image=to_image(area, rotation, width, height),
        objects=objects,
        pictures=tuple(pictures.values()),
        cover=cover,
        limits=limits,
    )


def _scan_dpi(pictures: Collection[Picture], area: Area) -> float:
    """Return the finest resolution that a good part of a scan has, or that for reading."""
    covered = 0.0
    if share(pictures, area) >= SCAN_SHARE:
        for picture in sorted(pictures, key=lambda picture: -picture.dpi):
            covered += share([picture], area)
            if covered >= MAIN_PICTURE_SHARE:
                return min(picture.dpi, READING_DPI)
    return READING_DPI


def _image_size(
    handle: pdfium.PdfPage, dpi: float, limits: PictureLimits
) -> tuple[float, int, int]:
    """Return the resolution that is within the limits, and the size of the image, in pixels."""
    # PDFium takes no notice of /UserUnit: a page that has one is larger than it seems here.
    inches = [side / POINTS_PER_INCH for side in handle.get_size()]
    dpi = min(dpi, limits.max_side / max(inches), (limits.max_pixels / prod(inches)) ** 0.5)
    # A scan keeps its own number of pixels in spite of errors of rounding.
    width, height = (max(1, int(side * dpi + 0.01)) for side in inches)
    return dpi, width, height


def to_image(area: Area, rotation: int, width: int, height: int) -> Matrix:
    """Return the matrix from points, y upwards, to pixels, y downwards, of the turned page."""
    across, down = 1 / (area.x2 - area.x1), 1 / (area.y1 - area.y2)
    to_unit = np.array([(across, 0, 0), (0, down, 0), (-area.x1 * across, -area.y2 * down, 1)])
    quarter_turn = np.array([(0, 1, 0), (-1, 0, 0), (1, 0, 1)])
    turns = np.linalg.matrix_power(quarter_turn, rotation // 90)
    matrix: Matrix = to_unit @ turns @ np.diag((width, height, 1))
    return matrix


def render_page(page: PdfPage) -> PageImage:
    """Return the page as it looks on white paper, grey.

    Raises:
        ImageTooLarge: a picture on it has more pixels than may be decoded.
    """
    bitmap = _drawn(page, pdfium_c.FPDFBitmap_Gray, pdfium_c.FPDF_GRAYSCALE)
    return PageImage(bitmap.to_numpy(), page.stated_dpi, page.rotation)


def render_colours(page: PdfPage) -> Image.Image:
    """Return the page as it looks on white paper, in mode RGB, or L where it is all grey.

    Raises:
        ImageTooLarge: a picture on it has more pixels than may be decoded.
    """
    image: Image.Image = _drawn(page, pdfium_c.FPDFBitmap_BGR, 0).to_pil()
    red, green, blue = image.split()
    return red if red == green == blue else image


def _drawn(page: PdfPage, kind: int, flags: int) -> pdfium.PdfBitmap:
    for picture in page.pictures:
        check_size(picture.width, picture.height, page.limits)
    size = page.width, page.height
    bitmap = pdfium.PdfBitmap.new_native(*size, kind)
    bitmap.fill_rect(WHITE, 0, 0, *size)
    flags |= pdfium_c.FPDF_RENDER_LIMITEDIMAGECACHE
    pdfium_c.FPDF_RenderPageBitmap(bitmap, page.handle, 0, 0, *size, 0, flags)
    return bitmap
