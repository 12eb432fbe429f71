"""Which language a text is in, and which it may well be in."""

import pytest

from readstone.engine.nlp.language import UNDETERMINED, language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("This is a beautiful day", "en"),
        ("THE PHONE GETS EXTREMELY HOT!", "en"),
        ("@anna https://example.org/ueber-uns what a lovely evening", "en"),
        ("Y\u043eu ar\u0435 \u0430n idi\u043et, my fri\u0435nd", "en"),
        ("Das ist ein schöner Tag", "de"),
        ("C'est une très belle journée", "fr"),
        ("今天天气很好", "zh"),
        ("сегодня хорошая погода\nи завтра тоже", "ru"),
    ],
)
def test_language_is_told(text: str, code: str) -> None:
    """The likeliest language comes first, and is one of the candidates."""
    language = language_of(text)
    assert language.code == code
    assert code in language.candidates
    assert 0.3 < language.confidence <= 1


@pytest.mark.parametrize("text", ["", " \n", "12345", "😍😍", "... !", "@anna", "http://a.example"])
def test_text_without_words_has_no_language(text: str) -> None:
    """Digits, signs and addresses are of no language."""
    language = language_of(text)
    assert (language.code, language.confidence) == (UNDETERMINED, 0)
    assert not language.candidates


@pytest.mark.parametrize(
    "text", ["ok", "lol", "Better Than New.", "I'm not unhappy with it", "d1e in a fire"]
)
def test_short_english_stays_a_candidate(text: str) -> None:
    """What is too short to tell may well be English."""
    assert "en" in language_of(text).candidates


@pytest.mark.parametrize("text", ["Na gut, sicher... :-) 5/10", "Street Food in der Altstadt"])
def test_other_languages_are_not_taken_for_english(text: str) -> None:
    """Signs, digits and a weak likeness to English do not make a text English."""
    assert "en" not in language_of(text).candidates


def test_a_long_text_is_told_by_its_beginning() -> None:
    """What comes after the first thousand characters is not looked at."""
    assert language_of("A fine day at the seaside. " * 40 + "Das Wetter. " * 9_000).code == "en"
