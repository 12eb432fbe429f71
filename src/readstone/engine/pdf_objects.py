"""What is drawn on a PDF page, in the order of drawing: texts, pictures, and where they stand."""

import ctypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium_c

POINTS_PER_INCH = 72

# Maps rows (x, y, 1) when multiplied from the right; shape (3, 3).
Matrix = npt.NDArray[np.float64]


class Area(NamedTuple):
    """A rectangle, in points of a page or pixels of its image; x1 <= x2 and y1 <= y2."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def size(self) -> float:
        """How much it covers."""
        return (self.x2 - self.x1) * (self.y2 - self.y1)

    def within(self, other: "Area") -> "Area":
        """Return what both have in common; nothing is an area of size 0."""
        x1, y1 = max(self.x1, other.x1), max(self.y1, other.y1)
        return Area(x1, y1, max(x1, min(self.x2, other.x2)), max(y1, min(self.y2, other.y2)))


EVERYWHERE = Area(-np.inf, -np.inf, np.inf, np.inf)
NOWHERE = Area(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One object on a page, held by the page itself or by a form that is drawn on it.

    Attributes:
        kind: one of PDFium's FPDF_PAGEOBJ constants.
        to_page: maps the coordinates of its holder to points of the page.
        holder_area: what its holder leaves visible, in points of the page.
    """

    handle: Any
    kind: int
    to_page: Matrix
    holder_area: Area

    @property
    def is_text(self) -> bool:
        return bool(self.kind == pdfium_c.FPDF_PAGEOBJ_TEXT)

    @property
    def is_picture(self) -> bool:
        return bool(self.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE)

    @property
    def is_print(self) -> bool:
        """Whether it is text, and drawn to be seen."""
        if not self.is_text:
            return False
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(self.handle)
        return bool(mode != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)

    @property
    def address(self) -> int:
        """Its identity within PDFium."""
        return ctypes.addressof(self.handle.contents)

    @property
    def visible_area(self) -> Area:
        """What its clip path and its holder leave visible, in points of the page."""
        return _clip_area(self.handle, self.to_page).within(self.holder_area)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page: its pixels, where it is seen in points, and its resolution there."""

    width: int
    height: int
    area: Area
    dpi: float


def drawn_objects(page: Any) -> Iterator[Drawn]:
    """Yield the texts, pictures and paths of a page as they are drawn, those in forms too."""
    count, get = pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject
    return _held(page, count, get, np.eye(3), EVERYWHERE)


def _held(
    holder: Any,
    count: Callable[[Any], int],
    get: Callable[[Any, int], Any],
    to_page: Matrix,
    area: Area,
) -> Iterator[Drawn]:
    for index in range(count(holder)):
        handle = get(holder, index)
        drawn = Drawn(handle, pdfium_c.FPDFPageObj_GetType(handle), to_page, area)
        if drawn.kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            counting, getting = pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject
            within = _matrix(handle) @ to_page
            yield from _held(handle, counting, getting, within, drawn.visible_area)
        else:
            yield drawn


def describe_picture(drawn: Drawn) -> Picture:
    """Return the facts of an object that is a picture; nothing is decoded."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(drawn.handle, width, height)
    from_unit_square = _matrix(drawn.handle) @ drawn.to_page
    across, down = from_unit_square[:2, :2] / POINTS_PER_INCH
    inches = max(1e-6, hypot(*across)), max(1e-6, hypot(*down))
    dpi = max(width.value / inches[0], height.value / inches[1])
    corners = np.array([(0, 0, 1), (1, 0, 1), (0, 1, 1), (1, 1, 1)]) @ from_unit_square
    area = _bounds(corners).within(drawn.visible_area)
    return Picture(width.value, height.value, area, dpi)


def share(pictures: Iterable[Picture], area: Area) -> float:
    """Return how much of an area pictures cover, 0 to 1, as if none lay on another."""
    return min(1.0, sum(picture.area.within(area).size for picture in pictures) / area.size)


def _matrix(handle: Any) -> Matrix:
    m = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(handle, m)
    return np.array([(m.a, m.b, 0), (m.c, m.d, 0), (m.e, m.f, 1)])


def _clip_area(handle: Any, to_page: Matrix) -> Area:
    """Return the bounds of an object's clip path; everywhere when it has none."""
    path = pdfium_c.FPDFPageObj_GetClipPath(handle)
    x, y = ctypes.c_float(), ctypes.c_float()
    area = EVERYWHERE
    for number in range(pdfium_c.FPDFClipPath_CountPaths(path)):
        points = []
        for index in range(pdfium_c.FPDFClipPath_CountPathSegments(path, number)):
            segment = pdfium_c.FPDFClipPath_GetPathSegment(path, number, index)
            pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
            points.append((x.value, y.value, 1.0))
        if points:
            area = area.within(_bounds(np.array(points) @ to_page))
    return area


def _bounds(points: Matrix) -> Area:
    if not np.isfinite(points).all():
        return NOWHERE
    return Area(*points[:, :2].min(axis=0).tolist(), *points[:, :2].max(axis=0).tolist())
