"""ALTO 4: words with boxes and confidences, in the XML of libraries and archives."""

from itertools import count, zip_longest
from xml.etree.ElementTree import Element

from readstone import __version__
from readstone.document import Box, Document, Line, Page
from readstone.engine.render.layout import (
    Baseline,
    baselines,
    blank_between,
    hull,
    is_vertical,
    paragraphs,
)
from readstone.engine.render.markup import append, language_tag, serialised

PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
VERSION = "4.4"
ROOT_ATTRIBUTES = {
    "xmlns": NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd",
    "SCHEMAVERSION": VERSION,
}


def render_alto(document: Document) -> str:
    """Return a document as ALTO 4.4, all measures in pixels; each text block is one paragraph."""
    alto = Element("alto", ROOT_ATTRIBUTES)
    description = append(alto, "Description")
    append(description, "MeasurementUnit", text="pixel")
    _append_step(description, "recognition", document.engine, document.engine_version)
    _append_step(description, "rendering", "Readstone", __version__)
    layout = append(alto, "Layout")
    for page in document.pages:
        _append_page(layout, page)
    return PROLOGUE + serialised(alto, is_html=False)


def _append_step(description: Element, place: str, name: str, version: str) -> None:
    step = append(description, "Processing", {"ID": place})
    software = append(step, "processingSoftware")
    append(software, "softwareName", text=name)
    append(software, "softwareVersion", text=version)


def _append_page(layout: Element, page: Page) -> None:
    attributes = {
        "ID": f"page_{page.number}",
        "PHYSICAL_IMG_NR": page.number,
        "WIDTH": page.width,
        "HEIGHT": page.height,
        "PC": f"{page.confidence:.4f}",
        "LANG": language_tag(page.language),
        "PROCESSINGREFS": "recognition rendering",
    }
    whole = _place(Box(0, 0, page.width, page.height))
    space = append(append(layout, "Page", attributes), "PrintSpace", whole)
    stands, numbers = iter(baselines(page)), count(1)
    for number, lines in enumerate(paragraphs(page), start=1):
        block = {
            "ID": f"block_{page.number}_{number}",
            **_place(hull([line.box for line in lines])),
        }
        element = append(space, "TextBlock", block)
        for line in lines:
            _append_line(element, line, next(stands), f"{page.number}_{next(numbers)}")


def _append_line(block: Element, line: Line, stand: Baseline, place: str) -> None:
    ends = [(x, stand.at(x - line.box.x1)) for x in (line.box.x1, line.box.x2)]
    points = " ".join(f"{x},{y:.0f}" for x, y in ends)
    attributes = {
        "ID": f"line_{place}",
        **_place(line.box),
        "BASELINE": None if is_vertical(line) else points,
    }
    element = append(block, "TextLine", attributes)
    for number, (word, following) in enumerate(zip_longest(line.words, line.words[1:]), start=1):
        string = {
            "ID": f"string_{place}_{number}",
            **_place(word.box),
            "CONTENT": word.text,
            "WC": f"{word.confidence:.4f}",
        }
        append(element, "String", string)
        if following and blank_between(word, following):
            width = max(0, following.box.x1 - word.box.x2)
            append(element, "SP", {"HPOS": word.box.x2, "VPOS": word.box.y1, "WIDTH": width})


def _place(box: Box) -> dict[str, int]:
    left, top, right, bottom = box
    return {"HPOS": left, "VPOS": top, "WIDTH": right - left, "HEIGHT": bottom - top}
