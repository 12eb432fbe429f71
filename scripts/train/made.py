"""Sentences made for training, from the patterns of made.yml."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

SLOT = re.compile(r"\{(\w+)\}")
PATTERNS = Path(__file__).with_name("made.yml")


def sentences(each: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield labels and sentences, `each` of every pattern at most, none of them twice."""
    made = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    words, chance = made.pop("words"), random.Random(seed)
    for label, patterns in made.items():
        for pattern in patterns:
            tries = (filled(pattern, words, chance) for _ in range(2 * each))
            for sentence in list(dict.fromkeys(tries))[:each]:
                yield label, sentence


def filled(pattern: str, words: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    """Return a pattern with a word for each of its places, and a capital at its beginning."""
    text = SLOT.sub(lambda slot: chance.choice(words[slot[1].lower()]), pattern)
    return text[0].upper() + text[1:]
