"""Where the text of a PDF stands, as PDFium sees it."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2 as pdfium

from readstone.engine.pdf_objects import Matrix

# (x1, y1, x2, y2) in points, y upwards.
Place = npt.NDArray[np.float64]


def text_of(data: bytes, number: int = 1) -> str:
    """Return what is copied when a whole page is selected."""
    with pdfium.PdfDocument(data) as pdf:
        return str(pdf[number - 1].get_textpage().get_text_range()).replace("\r\n", "\n")


def found(data: bytes, text: str, number: int = 1) -> list[Place]:
    """Return where a search finds a text."""
    with pdfium.PdfDocument(data) as pdf:
        page = pdf[number - 1].get_textpage()
        search, places = page.search(text, match_case=True, match_whole_word=True), []
        while place := search.get_next():
            start, count = place
            boxes = np.array([page.get_charbox(n) for n in range(start, start + count)])
            places.append(np.hstack([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]))
        return places


def overlap(one: Place, other: Place) -> float:
    """Return how much of the smaller of two places lies in the other one."""
    common = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    areas = [np.prod(place[2:] - place[:2]) for place in (one, other)]
    return float(np.prod(common.clip(0)) / min(areas))


def in_pixels(place: Place, to_pixels: Matrix) -> list[float]:
    """Return a place in points as a box in pixels of an image."""
    corners = np.array([[*place[:2], 1], [*place[2:], 1]]) @ to_pixels
    return [*corners[:, :2].min(axis=0).tolist(), *corners[:, :2].max(axis=0).tolist()]


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Return a PDF as bytes, in which QPDF finds no fault."""
    out = BytesIO()
    pdf.save(out)
    with pikepdf.open(out) as again:
        assert again.check_pdf_syntax() == []
    return out.getvalue()
