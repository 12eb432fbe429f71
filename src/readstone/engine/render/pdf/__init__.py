"""A document as a PDF that can be searched: its pages as they were, its text invisibly on them."""

from pathlib import Path

from readstone.document import Document
from readstone.engine.base import OcrOptions
from readstone.engine.recognise import Reader


def searchable_pdf(
    reader: Reader, source: bytes | Path, options: OcrOptions, document: Document
) -> bytes:
    """Return a PDF of the pages of a document, with the text that was read on them.

    Pages of a PDF stay as they are; those that were recognised are turned upright, and get
    invisible text in place of any that they had. A picture becomes a page of its size, upright,
    with its own data.

    Args:
        source: the bytes of a picture, or a file that may have many pages.
    Raises:
        CorruptInput: the source is so damaged that it cannot be written again.
    """
    # Only a worker needs pikepdf, and only from now on.
    from readstone.engine.render.pdf.write import write_pdf

    return write_pdf(reader, source, options, document)
