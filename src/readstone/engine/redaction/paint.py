"""Paints over words on a picture."""

from collections.abc import Iterable
from itertools import pairwise

from PIL import Image, ImageDraw

from readstone.document import Box
from readstone.engine.pii.places import around

# Boxes of words leave out some of the ink: accents, descenders, what lies beside a misread letter.
MARGIN_EM, MARGIN_PX = 0.2, 2
LEVEL = 1.5  # a box around words that is higher than the highest of them by so much is on a slope


def paint_over(image: Image.Image, places: Iterable[tuple[Box, ...]]) -> None:
    """Blacken words on a picture of mode 1, L or RGB, and the gaps between those of one line.

    Args:
        places: each of them the boxes of words of one line, from the first to the last.
    """
    draw = ImageDraw.Draw(image)
    for words in places:
        boxes = [_widened(box) for box in words]
        whole = around(boxes)
        if _height(whole) <= LEVEL * max(map(_height, boxes)):
            boxes = [whole]
        for box in boxes:
            draw.rectangle((box.x1, box.y1, box.x2 - 1, box.y2 - 1), fill="black")
        for left, right in pairwise(boxes):
            draw.polygon(_bridge(left, right), fill="black")


def _widened(box: Box) -> Box:
    """Return a box with a margin; where the picture ends does not matter."""
    margin = max(MARGIN_PX, round(MARGIN_EM * _height(box)))
    return Box(box.x1 - margin, box.y1 - margin, box.x2 + margin, box.y2 + margin)


def _height(box: Box) -> int:
    return box.y2 - box.y1


def _bridge(one: Box, other: Box) -> list[tuple[int, int]]:
    """Return the corners of what lies between two boxes on a line that is not level."""
    return [
        (one.x1, one.y1),
        (other.x2 - 1, other.y1),
        (other.x2 - 1, other.y2 - 1),
        (one.x1, one.y2 - 1),
    ]
