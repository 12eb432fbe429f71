"""Tests of engine/ocr/languages.py: what codes mean."""

import pytest

from readstone.engine.ocr.languages import Language, language

MEANINGS = [
    Language("eng", "en", "Latn", "English", True),
    Language("deu", "de", "Latn", "German", True),
    Language("chi_sim", "zh", "Hans", "Chinese (Simplified)", True),
    Language("chi_tra", "zh", "Hant", "Chinese (Traditional)", True),
    Language("srp", "sr", "Cyrl", "Serbian", True),
    Language("srp_latn", "sr", "Latn", "Serbian (Latin)", True),
    Language("jpn_vert", "ja", "Jpan", "Japanese (vert)", False),
    Language("spa_old", "es", "Latn", "Spanish (old)", False),
    Language("script/Cyrillic", "", "Cyrl", "Cyrillic script", False),
    Language("script/HanS", "", "", "HanS script", False),
    Language("mine", "", "", "mine", False),
]


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda each: each.code)
def test_code_says_language_and_script(meaning: Language) -> None:
    """Codes are those of ISO 639-3, with parts for the script, the direction or the age."""
    assert language(meaning.code) == meaning
