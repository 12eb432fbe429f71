"""The labelled texts to learn from, and which of them are kept aside."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

import made

SENTIMENT = ("negative", "neutral", "positive")
MODERATION = ("offensive", "hate", "toxic")
MADE_OF_EACH_PATTERN = 40
SEED = 7

Part = Literal["train", "tune", "test"]
Judged = tuple[int | None, int | None, int | None]
NOTHING_SAID: Judged = (None, None, None)
HARMLESS: Judged = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A file of lines `label<TAB>text`; of a hundred texts, so many are kept aside."""

    name: str
    path: str
    test: int
    tune: int


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what is known of it; None where its corpus does not say."""

    corpus: str
    text: str
    part: Part
    sentiment: int | None
    moderation: Judged


CORPORA = (
    Corpus("sst2_sentences", "sst2/train_sentences.tsv", 10, 4),
    Corpus("sst2_phrases", "sst2/train.tsv", 0, 0),
    Corpus("amazon", "uci_sentences/amazon_cells.tsv", 30, 5),
    Corpus("imdb", "uci_sentences/imdb.tsv", 30, 5),
    Corpus("yelp", "uci_sentences/yelp.tsv", 30, 5),
    Corpus("tweets", "tweets_sentiment/tweets.tsv", 15, 5),
    Corpus("olid", "tweets_offensive/train.tsv", 10, 8),
    Corpus("hateval", "tweets_hate/train.tsv", 10, 8),
    Corpus("davidson", "davidson/tweets.tsv", 7, 5),
    Corpus("surge", "surge_toxicity/comments.tsv", 40, 10),
)
# Reviews complain, and seldom offend anybody.
REVIEWS = ("sst2_sentences", "amazon", "imdb", "yelp")
# What a corpus says with a label: offensive, hate, toxic.
SAID: dict[tuple[str, str], Judged] = {
    ("olid", "offensive"): (1, None, 1),
    ("olid", "not_offensive"): (0, 0, 0),
    ("hateval", "hate"): (None, 1, None),
    ("hateval", "not_hate"): (None, 0, None),
    ("davidson", "offensive_language"): (1, 0, None),
    ("davidson", "hate_speech"): (1, 1, 1),
    ("davidson", "neither"): (0, 0, None),
    ("surge", "toxic"): (None, None, 1),
    ("surge", "not_toxic"): (0, 0, 0),
    ("made", "threat"): (1, 0, 1),
    ("made", "contempt"): (1, 1, 1),
}


def read_all(folder: Path) -> list[Example]:
    """Return all examples; what stands in a text that is kept aside is kept aside with it."""
    found = [example for corpus in CORPORA for example in read(folder, corpus)]
    aside: dict[Part, str] = {
        part: "\n".join(f" {words(each.text)} " for each in found if each.part == part)
        for part in ("test", "tune")
    }
    placed = [
        replace(each, part=next((p for p, kept in aside.items() if stands_in(each, kept)), "train"))
        for each in found
    ]
    return placed + [made_example(*each) for each in made.sentences(MADE_OF_EACH_PATTERN, SEED)]


def stands_in(example: Example, texts: str) -> bool:
    """Say whether the words of an example follow each other in one of these texts."""
    return f" {words(example.text)} " in texts


def read(folder: Path, corpus: Corpus) -> Iterator[Example]:
    """Yield the examples of a corpus."""
    for line in (folder / corpus.path).read_text(encoding="utf-8").splitlines():
        label, text = line.split("\t", 1)
        moderation = SAID.get((corpus.name, label), NOTHING_SAID)
        yield Example(
            corpus.name,
            text,
            part_of(text, corpus),
            SENTIMENT.index(label) if label in SENTIMENT else None,
            HARMLESS if corpus.name in REVIEWS else moderation,
        )


def made_example(label: str, text: str) -> Example:
    """Return a sentence that was made."""
    sentiment = SENTIMENT.index(label) if label in SENTIMENT else None
    return Example("made", text, "train", sentiment, SAID.get(("made", label), HARMLESS))


def part_of(text: str, corpus: Corpus) -> Part:
    """Return where a text belongs, which depends on its words alone."""
    place = int.from_bytes(sha256(words(text).encode()).digest()[:4]) % 100
    if place < corpus.test:
        return "test"
    return "tune" if place < corpus.test + corpus.tune else "train"


def words(text: str) -> str:
    """Return the words alone, by which texts are compared."""
    return " ".join(re.findall(r"[^\W_]+", html.unescape(text).lower()))
