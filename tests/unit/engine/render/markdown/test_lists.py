"""Tests of engine/render/markdown/lists.py: what begins a list item."""

import pytest

from readstone.engine.render.markdown.lists import are_numbers, parted_items, succeeds
from tests.unit.engine.render.samples import page_of


@pytest.mark.parametrize(
    ("lines", "marks"),
    [
        (["• one", "• two", "and more", "• three"], ["-", "-", "-"]),
        (["- one", "- two"], ["-", "-"]),
        (["1. one", "more", "2. two"], ["1.", "2."]),
        (["They are:", "7. seven"], ["", "7."]),
        (["It was the year", "12. Nobody knew"], [""]),
        (["He came", "– late, as ever –", "and left"], [""]),  # noqa: RUF001
        (["7.50 is the price"], [""]),
        (["1."], [""]),
    ],
)
def test_marks_begin_items(lines: list[str], marks: list[str]) -> None:
    """Bullets and numbers that go on begin items; numbers and dashes of a sentence do not."""
    items = parted_items(page_of(lines).lines)
    assert [item.mark for item in items] == marks
    assert [line.text for item in items for line in item.lines] == lines


def test_numbers_count_up_in_one_list() -> None:
    """Bullets follow bullets, and each number the one before it."""
    assert succeeds("-", "-")
    assert succeeds("9.", "10.")
    assert not succeeds("9.", "11.")
    assert not succeeds("-", "1.")
    assert are_numbers("1.", "10.")
    assert not are_numbers("1.", "-")
    assert not are_numbers("", "1.")
