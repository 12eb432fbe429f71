"""What the vocabulary does not know is put in words."""

import pytest

from readstone.engine.nlp.normalise import normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nothing to do, 3 pm.", "Nothing to do, 3 pm."),
        ("@Anna_1 ask bob@example.org", "@user ask bob@example.org"),
        ("see https://a.example/x?y=1 now", "see http now"),
        ("www.a.example", "http"),
        ("fish &amp; chips &lt;3", "fish & chips <3"),
        ("&#128514;", " face with tears of joy "),
        ("so good 👍", "so good  thumbs up sign "),
        ("👍👍👍!", " thumbs up sign !"),
        ("❤️❤️", " heart \ufe0f"),
        ("what the 🤬", "what the  cursing face "),
        ("👍🏽", " thumbs up sign "),
        ("schön, 你好", "schön, 你好"),
        ("an idi\u043et and a \u0440ayp\u0430l", "an idiot and a paypal"),
        ("\u0440\u043e\u0442, \u0434\u043e\u043c", "\u0440\u043e\u0442, \u0434\u043e\u043c"),
    ],
)
def test_text_is_as_it_was_learned(text: str, expected: str) -> None:
    """Names, addresses and emoji become words; all else stays."""
    assert normalised(text) == expected
