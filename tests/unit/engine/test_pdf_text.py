"""Tests of engine/pdf_text.py: words, where they stand, and which of them are there to be seen."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name

from readstone.engine.base import PictureLimits
from readstone.engine.pdf import open_page, open_pdf, render_page
from readstone.engine.pdf_text import SLANTED, PdfWord, is_leftward, read_words

PDFS = Path(__file__).parents[3] / "testdata" / "pdf"
LINE = "Order 4711: 12 boxes of blue paper, 1,284.50 EUR"
LIMITS = PictureLimits(max_pixels=50_000_000, max_side=32_767)


def words_of(name: str) -> list[PdfWord]:
    """Return the words of the first page of a file."""
    with open_pdf(PDFS / name) as pdf, open_page(pdf, 1, LIMITS) as page:
        return read_words(page)


def texts_of(name: str) -> list[str]:
    """Return the texts of the words of the first page of a file."""
    return [word.text for word in words_of(name)]


def test_line_is_read_word_by_word() -> None:
    """Words are parted at blanks and nowhere else."""
    assert texts_of("line.pdf") == LINE.split()


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("a ligature is its letters", "office"),
        ("so is the other", "flows:"),
        ("accents and currencies", "café naïve straße 10 € “quoted”"),
        ("an accent drawn as a sign of its own joins its letter", "naïve,"),
        ("a hyphen parts the word at the end of the line", "extra- ordinary"),
        ("what is drawn from left to right is read from right to left", "שלום עולם"),
        ("other scripts", "Русский κείμενο"),
    ],
)
def test_signs_are_read_as_a_person_reads_them(claim: str, text: str) -> None:
    """What typesetting does to words is undone."""
    assert f" {text} " in f" {' '.join(texts_of('signs.pdf'))} ", claim


def test_code_that_is_no_sign_moves_no_other() -> None:
    """PDFium leaves such a code out of its text, but counts it."""
    assert words_shown(b"in\003voice 4711", {}) == ["in\ufffdvoice", "4711"]


def test_signs_beyond_the_first_65536_are_whole() -> None:
    """Letters of formulas are read; half a sign is none."""
    meaning = {b"x": b"d835dc65", b"y": b"d835"}
    assert words_shown(b"x = 4 y", meaning) == [
        "\N{MATHEMATICAL ITALIC SMALL X}",
        "=",
        "4",
        "\ufffd",
    ]


def words_shown(codes: bytes, meaning: dict[bytes, bytes]) -> list[str]:
    """Return the words of a page with a line of text; `meaning` is UTF-16, in hexadecimals."""
    told = b"".join(b"<%x> <%s> " % (ord(code), meant) for code, meant in meaning.items())
    cmap = b"begincmap %d beginbfchar %s endbfchar endcmap" % (len(meaning), told)
    with pikepdf.new() as pdf:
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            ToUnicode=pdf.make_stream(cmap),
        )
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = Dictionary(Font=Dictionary({"/F": pdf.make_indirect(font)}))
        page.Contents = pdf.make_stream(b"BT /F 11 Tf 72 760 Td (%s) Tj ET" % codes)
        file = BytesIO()
        pdf.save(file)
    with open_pdf(file.getvalue()) as opened, open_page(opened, 1, LIMITS) as shown:
        return [word.text for word in read_words(shown)]


def test_single_signs_one_below_the_other_are_words() -> None:
    """The positions 1, 2, 3 and 4 of a table are not the number 1234."""
    words = words_of("table.pdf")
    positions = [word for word in words if word.text in "1234" and word.box.x1 < 400]
    assert [word.text for word in positions] == ["1", "2", "3", "4"]
    assert len({word.box.y1 for word in positions}) == 4
    assert "12" in [word.text for word in words]


@pytest.mark.parametrize("name", ["two_columns.pdf", "signs.pdf", "turned.pdf"])
def test_words_cover_the_ink(name: str) -> None:
    """The boxes fit the image of the page, also when that is turned and cropped."""
    with open_pdf(PDFS / name) as pdf, open_page(pdf, 1, LIMITS) as page:
        words, image = read_words(page), render_page(page)
    is_ink = image.gray < 100
    is_covered = np.zeros_like(is_ink)
    for x1, y1, x2, y2 in (word.box for word in words):
        assert is_ink[y1:y2, x1:x2].any()
        is_covered[y1:y2, x1:x2] = True
    assert np.sum(is_ink & is_covered) > 0.98 * np.sum(is_ink)


def test_words_that_are_cut_away_or_beside_the_page_are_left_out() -> None:
    """Only what stands on the page, and within its clip path, was read."""
    texts = texts_of("beyond.pdf")
    assert {"Left", "Below", "rest", "away"}.isdisjoint(texts)
    assert {"Order", "Seen", "through", "window,", "form"} <= set(texts)


def test_word_that_is_cut_is_boxed_as_far_as_it_is_seen() -> None:
    """The last word in a window ends where the window ends, at 182 points."""
    (cut,) = (word for word in words_of("beyond.pdf") if word.text == "window,")
    assert cut.box.x2 == round(182 * 300 / 72) + 1


def test_turned_words_say_how_they_are_turned() -> None:
    """Three quarters clockwise up the margin, and slanted across the page."""
    turns = {word.text: word.turns for word in words_of("beyond.pdf")}
    assert (turns["Order"], turns["margin"], turns["DRAFT"]) == (0, 3, SLANTED)


def test_words_of_a_turned_page_are_turned_with_it() -> None:
    """The line runs downwards in the image of a page that is turned by 90 degrees."""
    words = words_of("turned.pdf")
    assert {word.turns for word in words} == {1}
    assert [word.box.y1 for word in words] == sorted(word.box.y1 for word in words)


def test_invisible_words_are_hidden() -> None:
    """Text that is drawn invisibly is told from text that is seen."""
    hidden = [word.text for word in words_of("beyond.pdf") if word.is_hidden]
    assert hidden == ["Not", "meant", "to", "be", "seen"]


@pytest.mark.parametrize("name", ["scan_with_text.pdf", "scan_over_text.pdf"])
def test_text_of_a_scan_is_hidden(name: str) -> None:
    """It is, whether it is drawn invisibly or before the picture that covers it."""
    words = words_of(name)
    assert words
    assert all(word.is_hidden for word in words)


def test_value_of_a_field_is_text_of_the_page() -> None:
    """What somebody wrote into a form is read like what was printed."""
    assert texts_of("fields.pdf") == ["Name", "of", "the", "vessel", "Northern", "Star"]


def test_words_beyond_all_numbers_are_left_out() -> None:
    """What is scaled to infinity is nowhere; the line above it is read."""
    assert " ".join(texts_of("infinite.pdf")) == LINE


def test_page_without_text_has_no_words() -> None:
    """A scan carries none."""
    assert words_of("scan.pdf") == []


@pytest.mark.parametrize(
    ("text", "leftward"),
    [("Ferry", False), ("שלום", True), ("مرحبا", True), ("12:30", False), ("שלום עולם, OK", True)],
)
def test_scripts_that_run_leftwards_are_told(text: str, leftward: bool) -> None:
    """Most of the letters decide."""
    assert is_leftward(text) is leftward
