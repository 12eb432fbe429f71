"""hOCR: XHTML with boxes and confidences beside the words, as Tesseract writes it."""

from itertools import count
from xml.etree.ElementTree import Element

from readstone import __version__
from readstone.document import Box, Document, Line, Page, Word
from readstone.engine.render.characters import is_right_to_left
from readstone.engine.render.layout import Baseline, baselines, hull, is_vertical, paragraphs
from readstone.engine.render.markup import append, language_tag, serialised

PROLOGUE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
"""
CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_lang ocrp_wconf"


def render_hocr(document: Document) -> str:
    """Return a document as hOCR; each content area is one paragraph.

    Source: the hOCR specification 1.2.
    """
    html = Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    head = append(html, "head")
    append(head, "title", text="Recognised text")
    system = f"Readstone {__version__}, {document.engine} {document.engine_version}"
    append(head, "meta", {"name": "ocr-system", "content": system})
    append(head, "meta", {"name": "ocr-capabilities", "content": CAPABILITIES})
    body = append(html, "body")
    for page in document.pages:
        _append_page(body, page)
    return PROLOGUE + serialised(html, is_html=True)


def _append_page(body: Element, page: Page) -> None:
    title = f"{_bbox(Box(0, 0, page.width, page.height))}; ppageno {page.number - 1}"
    if page.dpi:
        title += f"; scan_res {page.dpi} {page.dpi}"
    attributes = {"class": "ocr_page", "id": f"page_{page.number}", "title": title}
    element = append(body, "div", attributes)
    stands, line_numbers, word_numbers = iter(baselines(page)), count(1), count(1)
    for number, lines in enumerate(paragraphs(page), start=1):
        paragraph = _append_paragraph(element, page, number, lines)
        for line in lines:
            place = f"line_{page.number}_{next(line_numbers)}"
            line_element = _append_line(paragraph, line, next(stands), place)
            for word in line.words:
                _append_word(line_element, word, f"word_{page.number}_{next(word_numbers)}")


def _append_paragraph(parent: Element, page: Page, number: int, lines: tuple[Line, ...]) -> Element:
    place, title = f"{page.number}_{number}", _bbox(hull([line.box for line in lines]))
    area = {"class": "ocr_carea", "id": f"block_{place}", "title": title}
    paragraph = {
        "class": "ocr_par",
        "id": f"par_{place}",
        "lang": language_tag(page.language),
        "dir": "rtl" if is_right_to_left(lines[0].text) else None,
        "title": title,
    }
    return append(append(parent, "div", area), "p", paragraph)


def _append_line(parent: Element, line: Line, stand: Baseline, place: str) -> Element:
    title = _bbox(line.box)
    if not is_vertical(line):
        title += f"; baseline {stand.slope:.3f} {stand.y - line.box.y2:.0f}"
        title += f"; x_size {stand.letter_size:.0f}"
    return append(parent, "span", {"class": "ocr_line", "id": place, "title": title})


def _append_word(parent: Element, word: Word, place: str) -> None:
    title = f"{_bbox(word.box)}; x_wconf {100 * word.confidence:.0f}"
    append(parent, "span", {"class": "ocrx_word", "id": place, "title": title}, word.text)


def _bbox(box: Box) -> str:
    return "bbox {} {} {} {}".format(*box)
