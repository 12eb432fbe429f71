"""Tests of engine/reading_order.py, on words whose places a page could have."""

import pytest

from readstone.document import Box
from readstone.engine.reading_order import reading_order

EM, PITCH = 20, 24


def line(x: int, y: int, *widths: int) -> list[Box]:
    """Return words of these widths, one blank of 6 pixels apart."""
    boxes = []
    for width in widths:
        boxes.append(Box(x, y, x + width, y + EM))
        x += width + 6
    return boxes


def prose(x: int, y: int, lines: int) -> list[list[Box]]:
    """Return lines of a column that is about 270 pixels wide."""
    return [line(x, y + number * PITCH, 60, 90, 40, 62) for number in range(lines)]


def assert_order(*paragraphs: list[list[Box]]) -> None:
    """Compare the order of words, handed over from right to left and upwards, with the true one."""
    true = [[[*row] for row in paragraph] for paragraph in paragraphs]
    shuffled = sorted(
        (word for paragraph in true for row in paragraph for word in row),
        key=lambda box: (-box.x1, -box.y1),
    )
    found = reading_order(shuffled)
    assert [[[shuffled[n] for n in row] for row in paragraph] for paragraph in found] == true


def test_page_without_words_has_no_paragraphs() -> None:
    """An empty page is no error."""
    assert reading_order([]) == []


def test_single_word_is_a_paragraph() -> None:
    """There is nothing to compare it with."""
    assert reading_order([Box(0, 0, 10, 10)]) == [[[0]]]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    """Although their lines stand level with each other."""
    assert_order(prose(0, 0, 6), prose(310, 0, 6), prose(620, 0, 6))


def test_columns_whose_lines_do_not_stand_level_are_read_one_after_the_other() -> None:
    """Two blocks of short lines side by side, as sender and recipient, are two blocks."""
    left = [line(0, number * PITCH, 70) for number in range(5)]
    right = [line(300, 10 + number * PITCH, 90) for number in range(5)]
    assert_order(left, right)


def test_few_lines_beside_many_are_read_with_them() -> None:
    """Two notes at the side of a text are no column."""
    notes = {0: line(400, 0, 60), 4 * PITCH: line(400, 4 * PITCH, 60)}
    rows = [line(0, y, 70, 200, 40) + notes.get(y, []) for y in range(0, 6 * PITCH, PITCH)]
    assert_order(rows)


def test_heading_and_footer_stand_around_the_columns() -> None:
    """What is as wide as the page is read before and after them."""
    heading, footer = [line(100, 0, 150, 200, 90)], [line(0, 400, 300, 280)]
    assert_order(heading, prose(0, 100, 8), prose(310, 100, 8), footer)


def test_table_is_read_row_by_row() -> None:
    """Short cells that stand level with each other belong together."""
    columns = (0, 60, 300, 420)
    rows = [
        [
            word
            for x, width in zip(columns, (20, 160, 40, 60), strict=True)
            for word in line(x, y, width)
        ]
        for y in range(0, 6 * PITCH, PITCH)
    ]
    assert_order(rows)


def test_line_numbers_and_bullets_are_no_column() -> None:
    """A narrow strip is read together with the column on its right."""
    numbered = [line(0, y, 20) + line(50, y, 60, 90, 40, 62) for y in range(0, 6 * PITCH, PITCH)]
    assert_order(numbered)


def test_numbered_columns_are_columns() -> None:
    """The strips of numbers go with their columns."""
    left, right = (
        [line(x, y, 20) + line(x + 50, y, 60, 90, 40, 62) for y in range(0, 6 * PITCH, PITCH)]
        for x in (0, 400)
    )
    assert_order(left, right)


def test_paragraphs_are_parted_by_more_white() -> None:
    """An empty line between lines that follow each other closely is the end of a paragraph."""
    assert_order(prose(0, 0, 3), prose(0, 4 * PITCH, 3))


def test_heading_is_a_paragraph() -> None:
    """A line much larger than the next does not belong to it."""
    heading = [[Box(0, 0, 200, 2 * EM)]]
    assert_order(heading, prose(0, 2 * EM + 4, 4))


@pytest.mark.parametrize("drop", [4, -4])
def test_word_that_stands_a_little_higher_or_lower_is_on_the_line(drop: int) -> None:
    """Signs, small letters and poor scans move a box up or down."""
    row = [Box(0, 0, 50, EM), Box(56, drop, 100, EM + drop), Box(106, 0, 150, EM)]
    assert_order([row])


def test_every_word_is_kept_whatever_the_page_looks_like() -> None:
    """Boxes on each other, of no height, and far off are in the order once."""
    boxes = [
        Box(x, y, x + width, y + height)
        for x in (0, 5, 400, 5_000)
        for y in (0, 3, 90)
        for width, height in ((0, 0), (50, 20), (900, 400), (3, 700))
    ]
    found = reading_order(boxes)
    assert sorted(n for paragraph in found for row in paragraph for n in row) == [
        *range(len(boxes))
    ]


def test_wide_blanks_of_a_typewriter_part_no_columns() -> None:
    """Though they stand one below the other, above two columns whose lines are not level."""
    typed = [
        [Box(x, y, x + 48, y + EM) for x in range(0, 432, 72)] for y in range(0, 3 * PITCH, PITCH)
    ]
    below = 5 * PITCH
    names = [[Box(0, y, 190, y + EM)] for y in range(below, below + 5 * PITCH, PITCH)]
    stamp = [[Box(260, y, 400, y + EM)] for y in range(below + 12, below + 5 * PITCH, PITCH)]
    assert_order(typed, names, stamp)
