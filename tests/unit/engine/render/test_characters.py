"""Tests of engine/render/characters.py: what may be written, and which script it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readstone.engine.render.characters import is_ideograph, is_right_to_left, printable


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.text(st.characters()))
def test_printable_text_has_no_control_characters(text: str) -> None:
    """What is left can be encoded, stands on one line, and is left alone a second time."""
    result = printable(text)
    assert result.encode().decode() == result
    assert not any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\ufffe" for c in result)
    assert printable(result) == result


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\tb\n c", "a b c"), ("\x00a\x1b[\x85", "a["), ("\ud800x\uffff", "x"), ("😀é漢", "😀é漢")],
)
def test_blanks_are_one_and_controls_none(text: str, expected: str) -> None:
    """White space of any kind becomes one blank; what no format can hold is left out."""
    assert printable(text) == expected


def test_ideographs_are_told_by_their_script() -> None:
    """Chinese and Japanese characters, and no others, are written without blanks."""
    assert all(map(is_ideograph, "漢字かナ。𠀋"))
    assert not any(map(is_ideograph, ["a", "한", "é", " ", ""]))


def test_right_to_left_is_told_by_any_letter() -> None:
    """One Hebrew or Arabic letter is enough; digits alone are not."""
    assert is_right_to_left("abc שלום")
    assert is_right_to_left("مرحبا")
    assert not is_right_to_left("123 abc 漢")
