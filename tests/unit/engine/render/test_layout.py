"""Tests of engine/render/layout.py: paragraphs, blanks, letter size and baseline."""

import pytest

from readstone.document import Box, Line, Word
from readstone.engine.render.layout import (
    baselines,
    blank_between,
    hull,
    is_vertical,
    paragraphs,
)
from tests.unit.engine.render.samples import Row, page_of


def word(text: str, *box: int) -> Word:
    """Return a word with that box."""
    return Word(text, Box(*box), 0.9, 0, len(text))


def test_paragraphs_are_parted_by_empty_lines_of_the_text() -> None:
    """The lines of a page come in the groups that its text shows."""
    page = page_of(["one", "two"], ["three"])
    assert [[line.text for line in lines] for lines in paragraphs(page)] == [
        ["one", "two"],
        ["three"],
    ]
    assert paragraphs(page_of()) == []


def test_hull_holds_all_boxes() -> None:
    """The hull of boxes reaches as far as any of them."""
    assert hull([Box(5, 6, 7, 8), Box(1, 7, 6, 20)]) == Box(1, 6, 7, 20)


@pytest.mark.parametrize(
    ("text", "following", "gap", "blank"),
    [
        ("two", "words", 2, " "),
        ("漢", "字", 5, ""),
        ("漢", "字", 25, " "),
        ("カ", "ナ", -3, ""),
        ("漢", "word", 2, " "),
        ("한국", "어", 2, " "),
    ],
)
def test_ideographs_stand_together(text: str, following: str, gap: int, blank: str) -> None:
    """A blank parts words, but not ideographs without a wide gap; Hangul has blanks."""
    left, right = word(text, 0, 0, 20, 20), word(following, 20 + gap, 0, 60 + gap, 20)
    assert blank_between(left, right) == blank


@pytest.mark.parametrize("text", ["Hello World", "gypsy", "one", "Ägypten", "Привет", "λόγος"])
def test_letter_size_and_baseline_do_not_depend_on_the_letters(text: str) -> None:
    """Words with and without hanging or tall letters stand on the same line, in the same size."""
    (stand,) = baselines(page_of([Row(text, size=100)]))
    assert stand.letter_size == pytest.approx(100, rel=0.05)
    assert stand.y == pytest.approx(250, abs=4)
    assert stand.slope == 0


def test_tilted_line_has_a_slope() -> None:
    """The slope of a long line is told by its words, and so is its letter size."""
    page = page_of(["Those lines go down to the right by one in fifty of their length"], tilt=0.02)
    (stand,) = baselines(page)
    assert stand.slope == pytest.approx(0.02, abs=0.002)
    assert stand.letter_size == pytest.approx(20, rel=0.1)
    assert stand.at(600) == pytest.approx(130 + 0.02 * 600, abs=2)


def test_short_line_is_as_tilted_as_the_long_ones() -> None:
    """A line of few words borrows the slope of the page."""
    long = "Those lines go down to the right by one in fifty of their length"
    page = page_of([long, "Just four short words", long], tilt=0.02)
    slopes = [stand.slope for stand in baselines(page)]
    assert slopes[1] == pytest.approx(0.02, abs=0.002)


def test_line_without_letters_has_a_baseline() -> None:
    """Dashes and dots alone still stand somewhere."""
    (stand,) = baselines(page_of(["--- ..."]))
    assert stand.letter_size > 1


def test_vertical_line_is_told_by_its_box() -> None:
    """A line that is far higher than wide runs downwards, unless it is a letter or two."""
    tall = Box(0, 0, 20, 200)
    assert is_vertical(Line("縦書き", tall, 1.0, ()))
    assert not is_vertical(Line("ll", tall, 1.0, ()))
    assert not is_vertical(Line("across", Box(0, 0, 200, 20), 1.0, ()))
