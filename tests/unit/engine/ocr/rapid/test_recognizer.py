"""Tests of engine/ocr/rapid/recognizer.py."""

import numpy as np
import pytest

from readstone.engine.ocr.rapid.recognizer import Alphabet, characters_of

TEXTS = ["", " ", "a", "b"]


def outputs(signs: str) -> np.ndarray:
    """Return outputs that are sure of the separator (-), a blank (_), a or b."""
    shares = np.full((len(signs), len(TEXTS)), 0.02, np.float32)
    shares[np.arange(len(signs)), ["-_ab".index(sign) for sign in signs]] = 0.94
    return shares


@pytest.mark.parametrize(
    ("signs", "text"),
    [("a", "a"), ("aa", "a"), ("a-a", "aa"), ("-ab-", "ab"), ("a_b", "ab"), ("---", ""), ("_", "")],
)
def test_runs_are_characters(signs: str, text: str) -> None:
    """The same output twice is one character, unless a separator stands between."""
    assert "".join(each.text for each in characters_of(outputs(signs), TEXTS, 3)) == text


def test_character_knows_its_place_and_what_it_follows() -> None:
    """The place is the middle of the run; a blank before it is kept as its share."""
    first, second = characters_of(outputs("aa_-bb--"), TEXTS, length=8)
    assert (first.x, second.x) == (1 / 8, 5 / 8)
    assert (first.after_blank, second.after_blank) == pytest.approx((0.0, 0.94), abs=0.03)
    assert first.confidence == pytest.approx(0.94)


def test_alphabet_holds_what_is_wanted() -> None:
    """The separator and the blank are in every alphabet."""
    alphabet = Alphabet(["", "a", "あ", "b", " "], str.isascii)
    assert alphabet.texts == ["", " ", "a", "b"]
    assert alphabet.numbers.tolist() == [0, 4, 1, 3]
