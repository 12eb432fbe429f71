"""Tests of engine/bullets.py."""

import numpy as np
import pytest

from readstone.document import Box
from readstone.engine.base import GrayImage, PageImage
from readstone.engine.bullets import with_bullets
from readstone.engine.ocr.found import FoundWord, build_page

SIGN = Box(10, 20, 40, 50)


def disc(radius: float, *, hole: float = 0.0) -> GrayImage:
    """Return a page with a disc in the place of the sign, perhaps with a hole in it."""
    gray = np.full((70, 300), 250, np.uint8)
    down, across = np.ogrid[:70, :300]
    distance = np.hypot(down - 35, across - 25)
    gray[(hole <= distance) & (distance <= radius)] = 20
    return gray


def first_word(text: str, gray: GrayImage) -> tuple[str, float]:
    """Return what becomes of the first word of a line."""
    found = [
        FoundWord(text, SIGN, 0.4, 0, 0),
        FoundWord("¢", SIGN, 0.9, 0, 0),
        FoundWord("first", Box(60, 15, 150, 55), 0.9, 0, 0),
    ]
    page = with_bullets(build_page(found, PageImage(gray, None), language="eng", number=1), gray)
    first, second, _ = page.lines[0].words
    assert page.text == f"{first.text} ¢ first"
    assert second.text == "¢"
    return first.text, first.confidence


@pytest.mark.parametrize("sign", ["¢", "©", "*", "●", "e"])
def test_disc_at_the_beginning_of_a_line_is_a_bullet(sign: str) -> None:
    """Whatever it was taken for; within a line nothing changes."""
    assert first_word(sign, disc(8)) == ("•", 0.95)


@pytest.mark.parametrize(
    ("sign", "gray"),
    [
        ("e", disc(8, hole=5)),
        ("©", disc(15)),
        ("*", disc(2)),
        ("l", disc(8)),
        ("•", np.full((70, 300), 250, np.uint8)),
        ("e", disc(8)[:, :25]),
    ],
    ids=["ring", "as high as the print", "speck", "other sign", "nothing", "half a disc"],
)
def test_anything_else_stays_what_it_was(sign: str, gray: GrayImage) -> None:
    """Only a dark spot that is round and of the size of a bullet is one."""
    assert first_word(sign, gray) == (sign, 0.4)


@pytest.mark.parametrize("box", [Box(-4, -9, 12, 9), Box(-9, -9, -1, -1), Box(295, 60, 310, 80)])
def test_box_that_reaches_over_the_edge_is_none(box: Box) -> None:
    """The second engine may place a word partly outside of the page."""
    gray = disc(8)
    found = [FoundWord("e", box, 0.4, 0, 0), FoundWord("x", SIGN, 0.9, 0, 0)]
    page = build_page(found, PageImage(gray, None), language="eng", number=1)
    assert with_bullets(page, gray).text == "e x"
