"""What the words of invoices mean, in seven languages: one data file for each."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz, process

# Signs that stand for the word "number" and are no letters.
NUMBER_SIGNS = str.maketrans({"#": " no ", "№": " no ", "º": "o", "°": "o", "@": " "})
WORD = re.compile(r"[^\W_]+|%")
NUMERIC = re.compile(r"\d")
# A word that was read with letters wrong is this similar to the right one, in percent; a long word
# cannot be many others, nor can one of a phrase.
SIMILAR_PERCENT, LONG_PERCENT = 84, 76
FUZZY_LETTERS, LONG_LETTERS = 5, 12
MAX_WORDS = 6
LANGUAGE_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the lexicon that stands in a text, from `start` to before `end`."""

    start: int
    end: int
    meanings: frozenset[str]
    languages: frozenset[str]


class Lexicon:
    """Finds the terms in texts.

    Args:
        languages: for each language, phrases by meaning; a `*` at an end of a word is any letters.
    """

    def __init__(self, languages: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._exact: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
        self._patterns: list[tuple[re.Pattern[str], tuple[str, str]]] = []
        self._stopwords: dict[str, set[str]] = {}
        for language, meanings in languages.items():
            self._stopwords[language] = set(meanings["stopwords"])
            for meaning, phrases in meanings.items():
                for phrase in phrases:
                    self._add(phrase, (meaning, language))
        words = {word for phrase in self._exact for word in phrase}
        self._long_words = [word for word in words if len(word) >= FUZZY_LETTERS]

    def _add(self, phrase: str, entry: tuple[str, str]) -> None:
        if "*" in phrase:
            pattern = " ".join(map(re.escape, phrase.split())).replace(r"\*", r"\w*")
            self._patterns.append((re.compile(pattern), entry))
        else:
            self._exact[tuple(word for word, _, _ in words_of(phrase))].add(entry)

    def terms(self, text: str, languages: Container[str] | None = None) -> list[Term]:
        """Return the longest terms of a text, in order, none over another.

        Args:
            languages: those that count; all of them when None.
        """
        words = words_of(text)
        found, at = [], 0
        while at < len(words):
            for length in range(min(MAX_WORDS, len(words) - at), 0, -1):
                part = words[at : at + length]
                entries = _looked_up(self, tuple(word for word, _, _ in part))
                if languages is not None:
                    entries = frozenset(each for each in entries if each[1] in languages)
                if entries:
                    meanings, named = (frozenset(each) for each in zip(*entries, strict=True))
                    found.append(Term(part[0][1], part[-1][2], meanings, named))
                    at += length - 1
                    break
            at += 1
        return found

    def look_up(self, phrase: tuple[str, ...]) -> frozenset[tuple[str, str]]:
        """Return the (meaning, language) pairs of a phrase, read with a wrong letter if need be."""
        joined = " ".join(phrase)
        entries = {entry for pattern, entry in self._patterns if pattern.fullmatch(joined)}
        entries |= self._exact.get(phrase, set())
        if not entries:
            least = SIMILAR_PERCENT if len(phrase) == 1 else LONG_PERCENT
            entries = self._exact.get(tuple(self._similar(word, least) for word in phrase), set())
        return frozenset(entries)

    def _similar(self, word: str, least: float) -> str:
        if len(word) < FUZZY_LETTERS or word in self._long_words:
            return word
        least = LONG_PERCENT if len(word) >= LONG_LETTERS else least
        best = process.extractOne(word, self._long_words, scorer=fuzz.ratio, score_cutoff=least)
        return best[0] if best else word

    def languages_of(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the languages that texts are in, that of most words first."""
        votes: dict[str, float] = defaultdict(float)
        for text in texts:
            words = {word for word, _, _ in words_of(text)}
            for language, stopwords in self._stopwords.items():
                votes[language] += len(words & stopwords)
            for term in self.terms(text):
                for language in term.languages:
                    votes[language] += 1 / len(term.languages)
        ranked = sorted(votes, key=lambda language: -votes[language])
        least = LANGUAGE_SHARE * max(votes.values(), default=0.0)
        return tuple(language for language in ranked if votes[language] >= least > 0)


@cache
def _looked_up(lexicon: Lexicon, phrase: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return lexicon.look_up(phrase)


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of all languages."""
    folder = files(__package__) / "lexicon"
    return Lexicon(
        {
            file.name.removesuffix(".yml"): yaml.safe_load(file.read_text(encoding="utf-8"))
            for file in folder.iterdir()
            if file.name.endswith(".yml")
        }
    )


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text, plain and in small letters, each with its place in the text."""
    plain, places = [], []
    for place, sign in enumerate(text):
        for each in unicodedata.normalize("NFKD", sign.translate(NUMBER_SIGNS)).casefold():
            if not unicodedata.combining(each):
                plain.append(each)
                places.append(place)
    joined = "".join(plain)
    return [
        (match[0], places[match.start()], places[match.end() - 1] + 1)
        for match in WORD.finditer(joined)
    ]
