"""Pages as small pictures, upright as they were read; made in a worker."""

from io import BytesIO

import numpy as np
from PIL import Image

from readstone.document import Page
from readstone.engine.base import GrayImage, OcrOptions, PageImage
from readstone.engine.pages import PDF, decode_picture, document_format
from readstone.engine.pdf import open_page, open_pdf, render_page
from readstone.engine.recognise import Reader

LONGER_SIDE = 1200
QUALITY = 60


def page_preview(reader: Reader, data: bytes, options: OcrOptions, page: Page) -> bytes:
    """Return a grey JPEG of a page of a document."""
    image = _image(reader, data, options, page.number)
    picture = Image.fromarray(_turned(image, page.rotation))
    picture.thumbnail((LONGER_SIDE, LONGER_SIDE), reducing_gap=2)
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _image(reader: Reader, data: bytes, options: OcrOptions, number: int) -> PageImage:
    if document_format(data) != PDF:
        return decode_picture(data, reader.limits, frame=number - 1)
    with (
        open_pdf(data, options.password) as pdf,
        open_page(pdf, number, reader.limits, dpi=options.dpi) as page,
    ):
        return render_page(page)


def _turned(image: PageImage, rotation: int) -> GrayImage:
    """Return the pixels, turned as far as reading has found them to be turned."""
    quarters = (rotation - image.rotation) // 90
    return np.ascontiguousarray(np.rot90(image.gray, -quarters))
