"""What a text must be that is sent as such."""

import pytest

from readstone.errors import BadRequest, BodyTooLarge
from readstone.texts import checked_bytes


def test_a_text_comes_back_as_bytes() -> None:
    """Blank or not, it is what it is, up to the last character."""
    assert checked_bytes(" schön ", max_characters=7) == " schön ".encode()


def test_too_many_characters_are_refused() -> None:
    """Characters count and not bytes; the refusal names the setting."""
    checked_bytes("ö" * 7, max_characters=7)
    with pytest.raises(BodyTooLarge) as refusal:
        checked_bytes("x" * 8, max_characters=7)
    assert refusal.value.facts == {"limit": 7, "actual": 8, "setting": "limits.text_characters"}


def test_half_a_character_is_refused() -> None:
    """A lone surrogate can stand in JSON, and in no text."""
    with pytest.raises(BadRequest, match="half a character"):
        checked_bytes("a \ud800 b", max_characters=7)
