"""Tests of pii/plain.py: the text as the rules read it stands beside the text as it was sent."""

from hypothesis import given
from hypothesis import strategies as st

from readstone.engine.pii.plain import lower_text, plain_text


@given(st.text())
def test_every_character_keeps_its_place(text: str) -> None:
    """A span of the one text is a span of the other."""
    assert len(plain_text(text)) == len(text) == len(lower_text(text))


def test_wide_and_typeset_signs_are_plain() -> None:
    """What Chinese print and typesetting write differently reads the same."""
    assert plain_text("\uff41\uff20\uff42\uff1a\uff11\uff12\u00a03\u20114\u2019") == "a@b:12 3-4'"
    assert lower_text("\u0130STRASSE")[1:] == "strasse"
