"""Tests of engine/text_layer.py: the order of the text, and what speaks against believing it."""

from pathlib import Path

import pytest

from readstone.engine.base import PictureLimits
from readstone.engine.pdf import open_page, open_pdf
from readstone.engine.text_layer import Doubt, TextLayer, makes_sense, read_text_layer

TESTDATA = Path(__file__).parents[3] / "testdata"
LIMITS = PictureLimits(max_pixels=50_000_000, max_side=32_767)
LETTER = (TESTDATA / "page" / "letter.txt").read_text(encoding="utf-8")
SENTENCE = "The company has ordered a second vessel that burns less oil and has room for bicycles. "


def layer_of(name: str) -> TextLayer:
    """Return the text layer of the first page of a file."""
    with open_pdf(TESTDATA / "pdf" / name) as pdf, open_page(pdf, 1, LIMITS) as page:
        return read_text_layer(page, language="eng")


def test_columns_are_read_one_after_the_other() -> None:
    """Although the file has them line by line across both."""
    lines = layer_of("two_columns.pdf").page.text.split("\n")
    assert lines[0] == "The ferry to Northquay"
    assert lines[2:4] == [
        "The ferry to Northquay leaves from pier three in",
        "the early morning and returns before dark. Most",
    ]
    assert lines.index("bears the date of a market day, and a drawing of") < lines.index(
        "the town from the same year shows a rope across"
    )
    assert lines[-1].startswith("A footer as wide as the page")


def test_table_is_read_row_by_row() -> None:
    """Although the file has it column by column."""
    assert layer_of("table.pdf").page.text.split("\n") == [
        "Pos Description Qty Unit price Amount",
        "1 Blue paper, A4, 80 g 12 8.50 102.00",
        "2 Linen, by the metre 3 14.20 42.60",
        "3 Bone folder 2 6.75 13.50",
        "4 Bookbinding glue, 1 l 1 11.90 11.90",
    ]


def test_letter_under_its_scan_is_read_with_its_paragraphs() -> None:
    """An empty line stands where the letter has one."""
    assert layer_of("scan_with_text.pdf").page.text == LETTER.strip()


def test_text_of_a_page_that_is_turned_is_in_order() -> None:
    """The line is one line, whichever way the page is turned."""
    assert layer_of("turned.pdf").page.text == "Order 4711: 12 boxes of blue paper, 1,284.50 EUR"


def test_turned_and_slanted_text_comes_after_the_rest() -> None:
    """It is read as lines of their own; what is invisible is not read."""
    assert layer_of("beyond.pdf").page.text.split("\n")[-3:] == ["Up the margin", "", "DRAFT COPY"]
    assert "meant" not in layer_of("beyond.pdf").page.text


def test_text_layer_is_a_page_as_an_engine_gives_it() -> None:
    """It has the size and the resolution of the page's image, and words that are certain."""
    page = layer_of("line.pdf").page
    assert (page.width, page.height, page.dpi, page.number) == (2480, 3507, 300, 1)
    assert (page.language, page.rotation, page.confidence) == ("eng", 0, 1.0)
    word = page.lines[0].words[1]
    assert (word.text, page.text[word.start : word.end]) == ("4711:", "4711:")


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("line.pdf", None),
        ("two_columns.pdf", None),
        ("fields.pdf", None),
        ("beyond.pdf", None),
        ("figure.pdf", None),
        ("scan.pdf", Doubt.NO_TEXT),
        ("nonsense.pdf", Doubt.NONSENSE),
        ("stamped_scan.pdf", Doubt.IN_PICTURE),
        ("scan_with_text.pdf", Doubt.HIDDEN),
        ("scan_over_text.pdf", Doubt.HIDDEN),
    ],
)
def test_text_is_doubted_where_the_page_may_say_something_else(
    name: str, doubt: Doubt | None
) -> None:
    """A born-digital page is believed, a scan is not, whatever text it carries."""
    assert layer_of(name).doubt is doubt


@pytest.mark.parametrize(
    ("claim", "text", "sense"),
    [
        ("prose", SENTENCE * 3, True),
        ("a table of figures", "12 8.50 102.00 (3) 14.20 % 42.60", True),
        ("a table of contents", "Introduction " + ". " * 90 + "7", True),
        ("a form", "Name: " + "_" * 60, True),
        ("another script", "这是一个句子。", True),
        ("marks that belong to letters", "हिन्दी में लिखा हुआ वाक्य", True),
        ("numbers of glyphs", "".join(chr(max(1, ord(c) - 29)) for c in SENTENCE * 3), False),
        ("signs of private use", "\ue041\ue042\ue043\ue044", False),
        ("unreadable signs", "Th\ufffd \ufffdompany has \ufffd\ufffd", False),
        ("signs only", "$%&/ (*+) #!?", False),
        ("letters without vowels", "bcdfghjklmnpqrstvwxz" * 6, False),
        ("few letters without vowels", "GmbH HRB BLZ", True),
    ],
)
def test_sense_is_told_from_nonsense(claim: str, text: str, sense: bool) -> None:
    """Letters, figures and vowels tell text from what fonts without a map give."""
    assert makes_sense("".join(text.split())) is sense, claim
