"""What a file says of itself before its pages are read: invoice data within it, and its shape."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium

from readstone.engine.base import PictureLimits
from readstone.engine.invoice.work import RECEIPT_MODE, SHEET_MODE, Glance, is_xml
from readstone.engine.invoice.xml import read_xml
from readstone.engine.pages import opened
from readstone.engine.pdf import open_pdf
from readstone.engine.recognise import is_pdf
from readstone.errors import CorruptInput, UnsupportedType
from readstone.findings import Invoice

MAX_ATTACHMENTS = 50
# Letter pages are 1.29 times as high as wide, A4 1.41; receipts are longer.
SHEET_RATIO = 1.5
ORIENTATION, TURNED = 0x0112, range(5, 9)


def glance_at(
    source: bytes | Path, limits: PictureLimits, password: str | None, *, want_xml: bool
) -> Glance:
    """Return the invoice that a file holds as XML, and how its pages should be read."""
    if isinstance(source, Path) and is_pdf(source):
        with open_pdf(source, password) as pdf:
            width, height = pdf.get_page_size(0) if len(pdf) else (1, 1)
            found = list(_attached(pdf)) if want_xml else []
        invoices = [each for each in found if isinstance(each, Invoice)]
        is_broken = len(invoices) < len(found)
        return Glance(next(iter(invoices), None), is_broken, _mode(width, height))
    data = source if isinstance(source, bytes) else source.read_bytes()
    with opened(data, limits) as image:
        width, height = image.size
        is_turned = image.getexif().get(ORIENTATION) in TURNED
    return Glance(None, False, _mode(height, width) if is_turned else _mode(width, height))


def _mode(width: float, height: float) -> int:
    return RECEIPT_MODE if height > SHEET_RATIO * width else SHEET_MODE


def _attached(pdf: pdfium.PdfDocument) -> Iterator[Invoice | None]:
    """Yield the invoices that are attached to a PDF; None for XML that is damaged."""
    for index in range(min(pdf.count_attachments(), MAX_ATTACHMENTS)):
        try:
            attachment = pdf.get_attachment(index)
            data = bytes(attachment.get_data())
        except pdfium.PdfiumError:
            continue
        if not is_xml(data):
            continue
        try:
            yield read_xml(data)
        except UnsupportedType:
            continue
        except CorruptInput:
            yield None
