"""A document becomes text, hOCR, ALTO, TSV or Markdown."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from readstone.document import Document
from readstone.engine.render.alto import render_alto
from readstone.engine.render.hocr import render_hocr
from readstone.engine.render.markdown import render_markdown
from readstone.engine.render.text import render_text
from readstone.engine.render.tsv import render_tsv


class Format(NamedTuple):
    """A way to write a document down, in UTF-8."""

    media_type: str
    render: Callable[[Document], str]


FORMATS: Mapping[str, Format] = {
    "text": Format("text/plain", render_text),
    "hocr": Format("text/vnd.hocr+html", render_hocr),
    "alto": Format("application/alto+xml", render_alto),
    "tsv": Format("text/tab-separated-values", render_tsv),
    "markdown": Format("text/markdown", render_markdown),
}
