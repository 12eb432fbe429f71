"""Tests of redaction/blackened.py: what was painted over stands in the text as a block."""

import numpy as np

from readstone.document import Box
from readstone.engine.base import PageImage
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.pii.find import find_personal_data
from readstone.engine.redaction.blackened import with_blocks

IMAGE = PageImage(np.zeros((100, 200), np.uint8), None)
FOUND = [
    FoundWord("Herr", Box(0, 0, 30, 10), 0.9, 1, 1),
    FoundWord("Bergwerk", Box(80, 0, 120, 10), 0.9, 1, 1),
    FoundWord("Ende", Box(0, 40, 30, 50), 0.9, 1, 2),
]
PAGE = build_page(FOUND, IMAGE, language="deu", number=1)


def test_block_stands_between_its_neighbours() -> None:
    """A box in a line is a word of that line, one outside all lines is a line."""
    boxes = [Box(*b) for b in ((40, 1, 70, 9), (130, 0, 150, 10), (0, 20, 30, 30), (0, 80, 9, 90))]
    page = with_blocks(PAGE, boxes)
    assert page.text == "Herr █ Bergwerk █\n█\nEnde\n█"
    words = [word for line in page.lines for word in line.words]
    assert [page.text[word.start : word.end] for word in words] == [word.text for word in words]


def test_word_behind_a_hidden_name_is_none() -> None:
    """Without the block the next word would be taken for the name."""
    assert find_personal_data(PAGE.text)
    assert not find_personal_data(with_blocks(PAGE, [Box(40, 1, 70, 9)]).text)


def test_page_of_which_all_is_hidden() -> None:
    """A page may have nothing but blocks."""
    empty = build_page([], IMAGE, language="deu", number=1)
    assert with_blocks(empty, [Box(0, 0, 9, 9)]).text == "█"
