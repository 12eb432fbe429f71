"""Tests of engine/render/text.py."""

from readstone.engine.render.text import render_text
from tests.unit.engine.render.samples import document_of, page_of


def test_text_is_that_of_the_pages() -> None:
    """Paragraphs are parted by empty lines, pages by form feeds."""
    document = document_of(page_of(["one two", "three"], ["four"]), page_of(), page_of(["five"]))
    assert render_text(document) == "one two\nthree\n\nfour\f\ffive"
