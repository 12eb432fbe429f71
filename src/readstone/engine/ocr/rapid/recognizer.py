"""Reads strips of text, character by character."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from PIL import Image

from readstone.engine.base import GrayImage
from readstone.engine.ocr.rapid.models import RECOGNITION, Floats, Network

HEIGHT = 48  # of a strip, for the network
STEP = 8  # pixels of width for each of its outputs
WIDTHS = 32  # widths are multiples of it, so that few sizes occur
BLANK = " "


@dataclass(frozen=True, slots=True)
class Character:
    """A character that was read.

    Attributes:
        x: where its middle stands, 0 to 1 from the left to the right end of the strip.
        confidence: 0 to 1.
        after_blank: how sure it is that a blank stands before it, 0 to 1.
    """

    text: str
    x: float
    confidence: float
    after_blank: float


class Alphabet:
    """The characters that may be read, out of those that the network knows.

    Args:
        known: what the outputs of the network stand for: first the separator, last the blank.
    """

    def __init__(self, known: list[str], is_wanted: Callable[[str], bool]) -> None:
        chosen = [number for number, text in enumerate(known[1:-1], 1) if is_wanted(text)]
        self.numbers = np.array([0, len(known) - 1, *chosen])
        self.texts = ["", BLANK, *(known[number] for number in chosen)]


class TextRecognizer:
    """Reads a strip with the characters of an alphabet."""

    def __init__(self) -> None:
        self._network = Network(RECOGNITION)
        self.characters = self._network.characters

    def read(self, strip: GrayImage, alphabet: Alphabet) -> list[Character]:
        """Return what stands on a level strip, without the blanks."""
        height, width = strip.shape
        width = max(1, ceil(width * HEIGHT / height))
        level = Image.fromarray(strip).resize((width, HEIGHT), Image.Resampling.BILINEAR)
        picture = np.zeros((HEIGHT, ceil(width / WIDTHS) * WIDTHS), np.float32)
        picture[:, :width] = np.asarray(level, np.float32) / 127.5 - 1
        shares = self._network(picture)[:, alphabet.numbers]
        return characters_of(shares, alphabet.texts, width / STEP)


def characters_of(shares: Floats, texts: list[str], length: float) -> list[Character]:
    """Return the characters of outputs, each of which has a share for every text of an alphabet.

    A character is a run of outputs whose best text it is (CTC, Graves 2006).

    Args:
        length: of the strip, in outputs; those beyond it saw padding.
    """
    best = shares.argmax(axis=1)
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    characters: list[Character] = []
    blank = 0.0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        blank = max(blank, float(shares[start:end, 1].max()))
        text = texts[best[start]]
        if not text or text == BLANK:
            continue
        confidence = float(shares[start:end, best[start]].max())
        x = min(1.0, (start + end) / 2 / length)
        characters.append(Character(text, x, confidence, blank))
        blank = 0.0
    return characters
