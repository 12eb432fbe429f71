"""Tests of engine/render/markdown/escaping.py."""

import pytest

from readstone.engine.render.markdown.escaping import escaped, escaped_cell, escaped_start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* _b_ `c` [d] <e> ~f~ \\g", r"\*a\* \_b\_ \`c\` \[d\] \<e> \~f\~ \\g"),
        ("snake_case C# #1 a|b 1 < 2 & 3", r"snake_case C# #1 a|b 1 \< 2 & 3"),
        ("&amp; AT&T; &#65;", r"\&amp; AT\&T; \&#65;"),
        ("title ##", r"title \##"),
    ],
)
def test_markup_within_a_line_is_escaped(text: str, expected: str) -> None:
    """What could be markup gets a backslash, and nothing else does."""
    assert escaped(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("---", r"\---"),
        ("- - -", r"\- - -"),
        ("===", r"\==="),
        ("|---|:-:|", r"\|---|:-:|"),
        ("> a", r"\> a"),
        ("12. a", r"12\. a"),
        ("12) a", r"12\) a"),
        ("-5 and 12.5", "-5 and 12.5"),
        ("== a", "== a"),
    ],
)
def test_markup_at_the_start_of_a_line_is_escaped(text: str, expected: str) -> None:
    """A line that would begin a list, a rule, a quotation or a table does not."""
    assert escaped_start(text) == expected


def test_cell_has_no_bars() -> None:
    """A bar in a cell does not end it."""
    assert escaped_cell("a|b*") == r"a\|b\*"
