"""What was mistaken for what, how far scores can be trusted, the worst mistakes: one HTML file."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from readstone import __version__
from readstone.engine.render.markup import append, serialised
from readstone.evaluation.drawing import append_diagram
from readstone.evaluation.style import STYLE
from readstone.evaluation.text_scores import Result

CELL, EDGE = 70, 110
SMALL, BLUE = {"font-size": 12}, "#0969da"
WORST = 20


def write_text_report(path: Path, model: str, results: Sequence[Result]) -> None:
    """Write a report that needs no other file."""
    html = Element("html", {"lang": "en"})
    head = append(html, "head")
    append(head, "meta", {"charset": "utf-8"})
    append(head, "title", text="How well Readstone classifies")
    append(head, "style", text=STYLE)
    body = append(html, "body")
    append(body, "h1", text="How well Readstone classifies")
    append(body, "p", {"class": "facts"}, f"Readstone {__version__}, {model}")
    for row in results:
        _append_result(body, row)
    path.write_text("<!DOCTYPE html>\n" + serialised(html, is_html=True), encoding="utf-8")


def _append_result(parent: Element, row: Result) -> None:
    section = append(parent, "section")
    append(section, "h2", text=row.name)
    facts = [f"{len(row.answers)} texts", f"accuracy {row.accuracy:.3f}"]
    facts.append(f"macro-F1 {row.macro_f1:.3f}")
    append(section, "p", {"class": "facts"}, " · ".join(facts))
    pictures = append(section, "div", {"class": "diagrams"})
    _append_confusion(pictures, row)
    if row.bins:
        append_diagram(pictures, "confidence and share that is right", row.bins, "texts")
    wrong = [each for each in row.answers if not each.is_right]
    wrong.sort(key=lambda each: -each.confidence)
    table = append(section, "table")
    for each in wrong[:WORST]:
        line = append(table, "tr")
        for cell in (f"{each.confidence:.2f}", each.label, f"is {each.truth}", each.text[:300]):
            append(line, "td", text=cell)


def _append_confusion(parent: Element, row: Result) -> None:
    """Append a square for each true label and each label that was said; the darker, the more."""
    said = [*row.labels, *sorted({each.label for each in row.answers} - {*row.labels})]
    width, height = EDGE + CELL * len(said), EDGE + CELL * len(row.labels)
    figure = append(parent, "figure")
    svg = append(figure, "svg", {"viewBox": f"0 0 {width} {height}", "width": width})
    counts = row.confusion
    for across, label in enumerate(said):
        x = EDGE + CELL * (across + 0.5)
        append(svg, "text", {"x": x, "y": EDGE - 8, "text-anchor": "middle", **SMALL}, label)
    for down, truth in enumerate(row.labels):
        y = EDGE + CELL * down
        append(
            svg, "text", {"x": EDGE - 6, "y": y + CELL / 2, "text-anchor": "end", **SMALL}, truth
        )
        total = sum(counts[truth, label] for label in said)
        for across, label in enumerate(said):
            _append_cell(svg, EDGE + CELL * across, y, counts[truth, label], total)
    append(figure, "figcaption", text="true label (row), label that was said (column)")


def _append_cell(svg: Element, x: float, y: float, count: int, total: int) -> None:
    share = count / total if total else 0.0
    size = {"width": CELL - 2, "height": CELL - 2}
    append(svg, "rect", {"x": x, "y": y, "fill": BLUE, "fill-opacity": f"{share:.2f}", **size})
    colour = "white" if share > 0.5 else "black"
    middle = {"x": x + CELL / 2, "y": y + CELL / 2 + 4, "text-anchor": "middle", "fill": colour}
    append(svg, "text", middle | SMALL, str(count))
