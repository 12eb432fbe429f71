"""Every miss with its picture, in one HTML file: a box for each field, right or wrong."""

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, indent, tostring

from readstone.document import Page
from readstone.engine.base import OcrOptions
from readstone.engine.render.markup import append
from readstone.evaluation.invoices.judged import Field, Judged
from readstone.evaluation.previews import page_preview
from readstone.evaluation.style import STYLE
from readstone.parts import Parts
from readstone.tasks import later

TITLE = "How well Readstone understands invoices"
PICTURES = 3


async def write_report(
    path: Path, parts: Parts, told: str, judged: Sequence[Judged], options: OcrOptions
) -> None:
    """Write a report that needs no other file: the table, and every invoice with a miss."""
    html = Element("html", {"lang": "en"})
    head = append(html, "head")
    append(head, "meta", {"charset": "utf-8"})
    append(head, "title", text=TITLE)
    append(head, "style", text=STYLE)
    body = append(html, "body")
    append(body, "h1", text=TITLE)
    append(body, "pre").text = told
    for one in judged:
        if not all(field.is_right for field in one.fields):
            await _append_invoice(body, parts, one, options)
    indent(html, space="")
    text = "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"
    await asyncio.to_thread(path.write_text, text, encoding="utf-8")


async def _append_invoice(parent: Element, parts: Parts, one: Judged, options: OcrOptions) -> None:
    section = append(parent, "section")
    append(section, "h3", text=str(one.case.file))
    append(section, "p", {"class": "facts"}, " · ".join((one.case.kind, *one.invoice.reasons)))
    sides = append(section, "div", {"class": "sides"})
    pages = append(sides, "div")
    data = await asyncio.to_thread(one.case.file.read_bytes)
    for page in one.document.pages[:PICTURES] if one.document else ():
        if page.error is None:
            outcome = await parts.pool.run(
                page_preview,
                data,
                options,
                page,
                deadline_s=parts.config.ocr.deadline_s,
                ticket=later(parts).ticket,
            )
            _append_page(pages, page, outcome.value, one.fields)
    rows = append(append(sides, "div", {"class": "text"}), "table")
    for field in one.fields:
        _append_field(rows, field)


def _append_page(parent: Element, page: Page, picture: bytes, fields: Sequence[Field]) -> None:
    svg = append(parent, "svg", {"viewBox": f"0 0 {page.width} {page.height}", "class": "page"})
    size = {"width": page.width, "height": page.height, "preserveAspectRatio": "none"}
    href = f"data:image/jpeg;base64,{b64encode(picture).decode()}"
    append(svg, "image", {"href": href, **size})
    for field in fields:
        if field.found.page == page.number and field.found.box:
            x1, y1, x2, y2 = field.found.box
            box = {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1}
            kind = {"class": "right" if field.is_right else "wrong"}
            append(append(svg, "rect", {**kind, **box}), "title", text=field.name)


def _append_field(parent: Element, field: Field) -> None:
    row = append(parent, "tr")
    kind = None if field.is_right else {"class": "wrong"}
    value = "" if field.found.value is None else str(field.found.value)
    append(row, "td", text=field.name)
    append(row, "td", kind, value)
    append(row, "td", text="" if field.is_right else field.wanted)
    append(row, "td", text=f"{field.found.confidence:.2f}")
