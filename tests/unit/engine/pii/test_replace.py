"""Tests of pii/replace.py: what stands in the place of personal data."""

import re
from itertools import product

import pytest

from readstone.engine.pii.find import find_personal_data
from readstone.engine.pii.replace import Key, Mode, Redaction, replace_spans
from readstone.findings import PiiKind, PiiSpan

TEXT = "Mr. John Smith <js@example.com> and Mrs. Ruth Ng; again: JS@example.com, Smith."
LASTING, PASSING = Key(b"k" * 32, is_lasting=True), Key(b"p" * 32, is_lasting=False)


def redaction(mode: Mode, key: Key = PASSING) -> Redaction:
    """Return a redaction of all kinds."""
    return Redaction(tuple(PiiKind), mode, key)


def redacted(text: str, mode: Mode, key: Key = PASSING) -> tuple[str, list[PiiSpan]]:
    """Return a text with stand-ins, and where they stand."""
    return replace_spans(text, find_personal_data(text), redaction(mode, key))


def test_mask_says_what_stood_there() -> None:
    """A mask tells the kind, and not the length."""
    text, _ = redacted(TEXT, "mask")
    assert text == "Mr. [PERSON] <[EMAIL]> and Mrs. [PERSON]; again: [EMAIL], [PERSON]."


def test_pseudonyms_are_numbered_and_consistent() -> None:
    """The same person has the same number, also by the surname alone."""
    text, _ = redacted(TEXT, "pseudonym")
    assert text == "Mr. PERSON_1 <EMAIL_1> and Mrs. PERSON_2; again: EMAIL_1, PERSON_1."


def test_key_makes_pseudonyms_the_same_in_other_texts() -> None:
    """With a lasting key a value has the same pseudonym whatever stands before it."""
    one, _ = redacted("Mr. John Smith", "pseudonym", LASTING)
    other, _ = redacted("Ms. Ruth Ng met Mr. John Smith", "pseudonym", LASTING)
    assert re.fullmatch(r"Mr\. PERSON_[A-Z2-7]{8}", one)
    assert other.endswith(one)


def test_hash_depends_on_the_key_and_the_value() -> None:
    """Equal values have equal hashes; another key, value or kind gives another hash."""
    texts = ("Mr. John Smith", "Mr. Ruth Ng")
    made = [redacted(t, "hash", key)[0] for t, key in product(texts, (LASTING, PASSING))]
    assert len(set(made)) == 4
    assert all(re.fullmatch(r"Mr\. \[PERSON:[0-9a-f]{16}\]", each) for each in made)
    assert redacted("Dr. JOHN  SMITH", "hash")[0] == redacted("Dr. John Smith", "hash")[0]


@pytest.mark.parametrize("mode", ["mask", "hash", "pseudonym"])
def test_nothing_is_left_in_the_answer(mode: Mode) -> None:
    """Neither the text nor the spans hold what was found."""
    text, spans = redacted(TEXT, mode)
    for word in ("Smith", "John", "Ruth", "js@", "JS@"):
        assert word.casefold() not in f"{text} {spans}".casefold()


@pytest.mark.parametrize("mode", ["detect", "mask", "hash", "pseudonym"])
def test_spans_lie_in_the_answered_text(mode: Mode) -> None:
    """A span is the place of its text in what is answered."""
    text, spans = redacted(TEXT, mode)
    assert len(spans) == 5
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_detect_changes_nothing() -> None:
    """What was found is shown where it stands."""
    text, spans = redacted(TEXT, "detect")
    assert (text, spans) == (TEXT, find_personal_data(TEXT))


@pytest.mark.parametrize(
    ("mode", "key", "within"),
    [
        ("mask", LASTING, None),
        ("detect", LASTING, None),
        ("hash", PASSING, "process"),
        ("hash", LASTING, "key"),
        ("pseudonym", PASSING, "text"),
        ("pseudonym", LASTING, "key"),
    ],
)
def test_says_where_stand_ins_are_consistent(mode: Mode, key: Key, within: str | None) -> None:
    """Who gets stand-ins knows how far they can be compared."""
    assert redaction(mode, key).consistent_within == within


def test_key_is_not_shown() -> None:
    """No log and no traceback shows the key."""
    assert "kkk" not in repr(redaction("hash", LASTING))
