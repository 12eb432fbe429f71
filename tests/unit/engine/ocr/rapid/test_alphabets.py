"""Tests of engine/ocr/rapid/alphabets.py."""

import pytest

from readstone.engine.ocr.rapid.alphabets import can_read, is_of
from readstone.engine.ocr.rapid.recognizer import TextRecognizer

# What texts of these languages need; the models know neither „ nor ¡.
LETTERS = {
    "eng": "AZaz09 £$&@#%'\"()[]/\\!?;:,.-_+=*<>|~^",
    "fra": "àâæçéèêëîïôœùûüÿÉÀŒ«»…",
    "deu": "äöüßÄÖÜ“”§€",
    "spa": "áéíóúñüÑ¿ªº",
    "ces": "áčďéěíňóřšťúůýž",
    "pol": "ąćęłńóśźż",
    "tur": "çğıİöşü",
    "ron": "ăâîșț",
    "jpn": "漢字ひらがなカタカナ。「」A",
    "chi_sim": "简体中文，。A",
}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The characters of the models."""
    return set(TextRecognizer().characters)


@pytest.mark.parametrize("lang", LETTERS)
def test_letters_of_a_language_can_be_read(lang: str, known: set[str]) -> None:
    """The models know them, and they are in the alphabet."""
    assert can_read(lang)
    needed = LETTERS[lang].replace(" ", "")
    assert [one for one in needed if one not in known or not is_of(one, lang)] == []


@pytest.mark.parametrize("sign", "日ーⅠα①🚲")
def test_what_only_looks_like_latin_is_not_read_as_such(sign: str) -> None:
    """Signs of other scripts stand in no text in Latin letters."""
    assert not is_of(sign, "eng+fra")
    assert is_of(sign, "eng+jpn")


@pytest.mark.parametrize("lang", ["rus", "eng+rus", "frk", "ara", "vie", "osd"])
def test_other_scripts_cannot_be_read(lang: str) -> None:
    """One language that cannot be read is enough."""
    assert not can_read(lang)
