"""Tests of engine/render/hocr.py: the structure that readers of hOCR look for."""

import re
from xml.etree import ElementTree

from hypothesis import given, settings

from readstone.document import Document
from readstone.engine.render.characters import printable
from readstone.engine.render.hocr import render_hocr
from tests.unit.engine.render.samples import any_document, document_of, page_of, words_of

XHTML = "{http://www.w3.org/1999/xhtml}"
LEVELS = ["ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"]


def parsed(document: Document) -> list[ElementTree.Element]:
    """Return the elements of the hOCR that have a class, in order."""
    root = ElementTree.fromstring(render_hocr(document).encode())
    return [element for element in root.iter() if element.get("class")]


def title_of(document: Document, level: str) -> str:
    """Return the title of the first element of a class."""
    return next(each.get("title", "") for each in parsed(document) if each.get("class") == level)


def test_page_has_areas_paragraphs_lines_and_words() -> None:
    """Each level lies in the one above, and has a name of its own."""
    document = document_of(page_of(["Two words"], ["below"]), page_of(["next"], number=2))
    elements = parsed(document)
    assert [each.get("class") for each in elements] == [
        *LEVELS,
        "ocrx_word",
        *LEVELS[1:],
        *LEVELS,
    ]
    assert [each.get("id") for each in elements if each.get("class") == "ocr_line"] == [
        "line_1_1",
        "line_1_2",
        "line_2_1",
    ]
    assert len({each.get("id") for each in elements}) == len(elements)


def test_titles_say_where_and_how_surely() -> None:
    """Boxes, the resolution, the baseline and the confidence stand in the titles."""
    document = document_of(page_of(["Two gypsies"]))
    assert title_of(document, "ocr_page") == "bbox 0 0 1000 1400; ppageno 0; scan_res 200 200"
    assert title_of(document, "ocr_par") == "bbox 100 116 210 134"
    line = "bbox 100 116 210 134; baseline 0.000 -4; x_size 20"
    assert title_of(document, "ocr_line") == line
    assert title_of(document, "ocrx_word") == "bbox 100 116 130 130; x_wconf 90"


def test_unknown_resolution_is_not_made_up() -> None:
    """A picture that states none has no scan_res."""
    assert "scan_res" not in title_of(document_of(page_of(["a"], dpi=None)), "ocr_page")


def test_head_names_the_readers() -> None:
    """The document says which engine read it, in which version."""
    text = render_hocr(document_of(page_of()))
    assert re.search('<meta name="ocr-system" content="Readstone [0-9.]+, stone 1.0"', text)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC')


def test_paragraph_has_language_and_direction() -> None:
    """A paragraph of Hebrew says so; one of several languages names none."""
    paragraphs = [
        next(each for each in parsed(document_of(page)) if each.get("class") == "ocr_par")
        for page in (page_of(["שלום"], language="heb"), page_of(["a"], language="eng+deu"))
    ]
    assert [(each.get("lang"), each.get("dir")) for each in paragraphs] == [
        ("heb", "rtl"),
        (None, None),
    ]


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(any_document())
def test_any_text_gives_well_formed_xml_with_all_words(document: Document) -> None:
    """Every word comes out of an XML parser as it went in, but for control characters."""
    words = [each.text or "" for each in parsed(document) if each.get("class") == "ocrx_word"]
    assert words == list(map(printable, words_of(document)))
