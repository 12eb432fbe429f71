"""Tests of engine/render/pdf/layer.py: invisible text, exactly over the words of a page."""

from dataclasses import replace

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest

from readstone.document import Box, Line, Page, Word
from readstone.engine.pdf import to_image
from readstone.engine.pdf_objects import Area
from readstone.engine.render.pdf.font import GlyphlessFont
from readstone.engine.render.pdf.layer import text_layer
from tests.unit.engine.render.pdf.places import found, in_pixels, saved, text_of
from tests.unit.engine.render.samples import HEIGHT, WIDTH, Row, page_of

POINTS = 500, 700
TO_PIXELS = to_image(Area(0, 0, *POINTS), 0, WIDTH, HEIGHT)


def pdf_of(page: Page) -> bytes:
    """Return a PDF with a blank page of two pixels a point, and a text layer."""
    font = GlyphlessFont("/Test")
    layer = text_layer(page, TO_PIXELS, font)
    with pikepdf.new() as pdf:
        pdf_page = pdf.add_blank_page(page_size=POINTS)
        pdf_page.add_resource(font.add_to(pdf), pikepdf.Name.Font, pikepdf.Name("/Test"))
        pdf_page.contents_add(layer)
        return saved(pdf)


def line_of(*words: tuple[str, Box], text: str = "") -> Page:
    """Return a page with one line of words at these places."""
    members = tuple(Word(word, box, 0.9, 0, 0) for word, box in words)
    left, top, right, bottom = zip(*(box for _, box in words), strict=True)
    box = Box(min(left), min(top), max(right), max(bottom))
    line = Line(text or " ".join(word for word, _ in words), box, 0.9, members)
    return replace(page_of(), lines=(line,), text=line.text)


PROSE = page_of(
    ["The ferry to Northquay leaves at 07:45", "from pier 3; bring a copy (B-16) & a pen\\pencil."],
    [Row("Étude № 7", size=40), Row("small print", size=12)],
)


def test_copied_text_is_the_text_of_the_page() -> None:
    """Words are parted by blanks, also single characters, and lines by line breaks."""
    assert text_of(pdf_of(PROSE)).split("\n") == PROSE.text.replace("\n\n", "\n").split("\n")


def test_every_word_is_found_at_its_place() -> None:
    """Left and right by less than a pixel; above and below where the letters of its font reach."""
    data = pdf_of(PROSE)
    for line in PROSE.lines:
        for word in line.words:
            if line.text.split().count(word.text) > 1 or not word.text.isalnum():
                continue
            (place,) = found(data, word.text)
            x1, y1, x2, y2 = in_pixels(place, TO_PIXELS)
            assert (x1, x2) == (
                pytest.approx(word.box.x1, abs=1),
                pytest.approx(word.box.x2, abs=1),
            )
            assert y1 <= word.box.y1 + 1
            assert word.box.y2 - 1 <= y2
            assert y2 - y1 <= 1.4 * max(each.box.y2 - each.box.y1 for each in line.words)


@pytest.mark.parametrize("tilt", [-0.08, -0.03, 0.03, 0.08])
def test_tilted_lines_are_followed(tilt: float) -> None:
    """Each word of a tilted line is found around the middle of its box."""
    page = page_of(["The quick brown fox jumps over the lazy dog near pier"] * 3, tilt=tilt)
    data = pdf_of(page)
    assert text_of(data).split() == page.text.split()
    for nth, line in enumerate(page.lines):
        for word in line.words[3:6]:
            x1, y1, x2, y2 = in_pixels(found(data, word.text)[nth], TO_PIXELS)
            middle = (word.box.x1 + word.box.x2) / 2, (word.box.y1 + word.box.y2) / 2
            assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx(middle, abs=4)


def test_leftward_scripts_are_read_from_the_right() -> None:
    """Words and their letters follow each other as they are read; numbers keep their direction."""
    page = line_of(
        ("שלום", Box(600, 100, 700, 130)),
        ("עולם", Box(480, 100, 580, 130)),
        ("2025", Box(380, 100, 460, 130)),
        ("رمز", Box(280, 100, 360, 130)),
    )
    data = pdf_of(page)
    for word in page.lines[0].words:
        (place,) = found(data, word.text)
        x1, _, x2, _ = in_pixels(place, TO_PIXELS)
        assert (x1, x2) == (pytest.approx(word.box.x1, abs=1), pytest.approx(word.box.x2, abs=1))


def test_close_ideographs_are_copied_without_blanks() -> None:
    """A search finds a phrase that was read as several words, at the places of all of them."""
    page = line_of(
        ("系统", Box(100, 100, 160, 130)),
        ("管理", Box(165, 100, 225, 130)),
        ("员", Box(230, 100, 260, 130)),
        ("手册", Box(320, 100, 380, 130)),
    )
    data = pdf_of(page)
    assert text_of(data).strip() == "系统管理员 手册"
    (place,) = found(data, "管理员")
    x1, _, x2, _ = in_pixels(place, TO_PIXELS)
    assert (x1, x2) == (pytest.approx(165, abs=1), pytest.approx(260, abs=1))


def test_vertical_line_runs_downwards() -> None:
    """Each word of it stands where it was read, as wide as the line."""
    page = line_of(("縦書き", Box(300, 100, 330, 190)), ("文章", Box(300, 190, 330, 250)))
    for word in page.lines[0].words:
        (place,) = found(pdf_of(page), word.text)
        assert in_pixels(place, TO_PIXELS) == pytest.approx(list(word.box), abs=1)


def test_characters_beyond_two_bytes_are_kept() -> None:
    """Emoji and rare ideographs are one character each."""
    page = line_of(("😀x", Box(100, 100, 160, 130)), ("𠮷野家", Box(200, 100, 300, 130)))
    assert text_of(pdf_of(page)).strip() == "😀x 𠮷野家"


def test_words_that_touch_or_go_back_stay_apart() -> None:
    """Boxes that overlap, or that come in another order, are still words of their own."""
    page = line_of(
        ("left", Box(100, 100, 205, 130)),
        ("right", Box(200, 100, 300, 130)),
        ("before", Box(20, 100, 80, 130)),
    )
    data = pdf_of(page)
    assert sorted(text_of(data).split()) == ["before", "left", "right"]
    for word in ("right", "before"):
        assert len(found(data, word)) == 1


def test_control_characters_are_left_out() -> None:
    """What cannot be printed cannot be searched for either."""
    page = line_of(("a\x00b\x07c", Box(100, 100, 160, 130)), ("\x01", Box(200, 100, 210, 130)))
    assert text_of(pdf_of(page)).strip() == "abc"


def test_word_takes_about_ten_bytes() -> None:
    """A page of text stays small."""
    sentence = "Northquay ferry leaves pier seven before dawn while fog covers harbour lights"
    words = sentence.split()
    chance = np.random.default_rng(7)
    page = page_of([" ".join(chance.permutation(words)[:9]) for _ in range(60)])
    sizes = [len(pdf_of(replace(page, lines=lines))) for lines in ((), page.lines)]
    count = sum(len(line.words) for line in page.lines)
    assert (sizes[1] - sizes[0]) / count < 14
    assert sizes[0] < 2500


def test_nothing_is_drawn() -> None:
    """The page looks as it did."""
    with pdfium.PdfDocument(pdf_of(PROSE)) as pdf:
        assert pdf[0].render(scale=1).to_numpy().min() == 255
