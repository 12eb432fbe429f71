"""Tests of evaluation/scores.py: a text that was read beside the true one."""

import pytest

from readstone.document import Box, Word
from readstone.evaluation.scores import Score, matched, score


def scored(truth: str, read: str, lang: str = "eng") -> Score:
    """Compare a text that was read with the true one."""
    words = [Word(word, Box(0, 0, 1, 1), 0.5, 0, 0) for word in read.split()]
    return score(truth, words, read, lang=lang)


@pytest.mark.parametrize(
    ("truth", "read", "f1", "cer"),
    [
        ("Total due 7.00", "Total due 7.00", 1, 0),
        ("Total due 7.00", "TOTAL\n  due 7.00", 1, 0),
        ("Total due 7.00", "Total duo 7.00", 2 / 3, 1 / 14),
        ("Total due 7.00", "Total 7.00", 4 / 5, 4 / 14),
        ("a a b", "a b b", 2 / 3, 1 / 5),
        ("one two", "", 0, 1),
        ("", "noise", 0, 5),
        ("", "", 1, 0),
        ("Straße", "STRASSE", 1, 0),
        ("cafe\N{COMBINING ACUTE ACCENT}", "café", 1, 0),
    ],
)
def test_words_and_characters_are_counted(truth: str, read: str, f1: float, cer: float) -> None:
    """F1 is that of the bags of words, CER that of the texts without line breaks and case."""
    result = scored(truth, read)
    assert (result.f1, result.cer) == (pytest.approx(f1), pytest.approx(cer))


def test_words_cut_at_signs_are_right_however_they_are_parted() -> None:
    """Truths put blanks around signs that are printed without any."""
    words = [
        Word("212-450/7", Box(0, 0, 1, 1), 0.5, 0, 0),
        Word("(due)", Box(0, 0, 1, 1), 0.5, 0, 0),
    ]
    result = score("212- 450 /8 (due)", words, "212-450/7 (due)", lang="eng", at_signs=True)
    assert result.f1 == pytest.approx(2 * 7 / (8 + 8))
    assert result.edits == 1
    assert [word.is_matched for word in result.read] == [False, True]


def test_columns_in_another_order_are_right_words_in_a_wrong_text() -> None:
    """Every word has a partner, and the order costs characters."""
    result = scored("a1 a2 a3 b1 b2 b3", "a1 b1 a2 b2 a3 b3")
    assert result.f1 == 1
    assert all(word.is_matched for word in result.read)
    assert result.cer > 0.3


def test_aligned_word_is_the_right_one_of_two_alike() -> None:
    """What is read twice and stands there once is right where its neighbours are."""
    _, is_right = matched(["the", "grey", "book"], ["book", "the", "grey", "book"])
    assert is_right == [False, True, True, True]


def test_missing_words_are_marked_line_by_line() -> None:
    """The true text keeps its lines and its capitals."""
    lines = scored("Marlow Finch\nNorthquay", "marlow Northquay").truth
    shown = [[(piece.text, piece.is_matched) for piece in line] for line in lines]
    assert shown == [[("Marlow", True), ("Finch", False)], [("Northquay", True)]]


def test_scripts_without_blanks_are_compared_by_characters() -> None:
    """Blanks do not count, and a word is right when all of its characters are."""
    result = scored("系统管理员 手册", "系统 管理 员手 册子", "chi_sim+eng")
    assert result.f1 == pytest.approx(2 * 7 / (7 + 8))
    assert result.cer == pytest.approx(1 / 7)
    assert [word.is_matched for word in result.read] == [True, True, True, False]
