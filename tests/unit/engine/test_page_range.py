"""Tests of engine/page_range.py: which pages are wanted."""

import pytest

from readstone.engine.page_range import chosen_pages
from readstone.errors import InvalidRequest


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", (1, 2, 3, 4, 5, 6, 7)),
        ("3", (3,)),
        ("1-3,7", (1, 2, 3, 7)),
        ("5-", (5, 6, 7)),
        ("7,1,1-2", (1, 2, 7)),
    ],
)
def test_ranges_are_understood(text: str, pages: tuple[int, ...]) -> None:
    """Pages come once and in their order, however they are named."""
    assert chosen_pages(text, 7) == pages


@pytest.mark.parametrize(
    "text", ["0", "8", "3-2", "1-8", "a", "1,,2", "-3", "1-2-3", " 1", "9" * 9]
)
def test_what_is_not_there_is_refused(text: str) -> None:
    """Pages beyond the document, and what is no range, are named in the refusal."""
    with pytest.raises(InvalidRequest, match="pages: "):
        chosen_pages(text, 7)
