"""What a report draws, as SVG: pages with boxes over their words, and diagrams of calibration."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from math import sqrt
from xml.etree.ElementTree import Element

from readstone.document import Page, Word
from readstone.engine.render.markup import append
from readstone.evaluation.calibration import BINS, Bin
from readstone.evaluation.scores import Judged

SIDE = 160


def append_page(
    parent: Element, page: Page, picture: bytes, words: Iterable[tuple[Word, Judged]]
) -> None:
    """Append a picture of a page, with a box over each word that says what was read there."""
    svg = append(parent, "svg", {"viewBox": f"0 0 {page.width} {page.height}", "class": "page"})
    size = {"width": page.width, "height": page.height, "preserveAspectRatio": "none"}
    href = f"data:image/jpeg;base64,{b64encode(picture).decode()}"
    append(svg, "image", {"href": href, **size})
    for word, judged in words:
        x1, y1, x2, y2 = word.box
        box = {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1}
        rect = append(svg, "rect", {"class": kind_of(judged), **box})
        append(rect, "title", text=f"{word.text} {word.confidence:.2f}")


def kind_of(judged: Judged) -> str:
    """Return the class that the style draws: whether a word is right or wrong."""
    return "right" if judged.is_matched else "wrong"


def append_diagram(parent: Element, name: str, bins: Sequence[Bin], what: str) -> None:
    """Append a reliability diagram: how much of `what` is right, for each tenth of confidence."""
    figure = append(parent, "figure")
    svg = append(figure, "svg", {"viewBox": f"0 0 {SIDE} {SIDE}", "class": "diagram"})
    append(svg, "path", {"d": f"M0 0V{SIDE}H{SIDE}M0 {SIDE}L{SIDE} 0"})
    most = max(each.count for each in bins)
    for each in bins:
        width = max(1.0, SIDE / BINS * sqrt(each.count / most))
        height = each.right * SIDE
        x = each.confidence * SIDE - width / 2
        bar = {"x": f"{x:.1f}", "y": f"{SIDE - height:.1f}"}
        size = {"width": f"{width:.1f}", "height": f"{height:.1f}"}
        rect = append(svg, "rect", {**bar, **size})
        say = f"{each.count} {what} of confidence {each.confidence:.2f}: {each.right:.2f} are right"
        append(rect, "title", text=say)
    append(figure, "figcaption", text=name)
