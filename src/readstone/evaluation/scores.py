"""How near a text that was read comes to the true one, and which of its words are right."""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq, Levenshtein

from readstone.document import Word

# Tesseract's codes of scripts that put no blanks between words; they are compared by characters.
UNSPACED = frozenset(("bod", "dzo", "khm", "lao", "mya", "tha")) | {
    *("chi_sim", "chi_sim_vert", "chi_tra", "chi_tra_vert", "jpn", "jpn_vert")
}

PART = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Judged:
    """A piece of text, and whether it has a partner in the other text."""

    text: str
    is_matched: bool


@dataclass(frozen=True, slots=True)
class Score:
    """A text that was read beside the true one.

    Attributes:
        truth: lines of pieces: of words or, in scripts without blanks, of characters.
        read: the words that were read; one is matched when all of its pieces are.
        matches: number of pieces that have a partner.
        pieces: number of those in both texts together.
        edits, characters: Levenshtein distance to the true text, and its length.
    """

    truth: tuple[tuple[Judged, ...], ...]
    read: tuple[Judged, ...]
    matches: int
    pieces: int
    edits: int
    characters: int

    @property
    def f1(self) -> float:
        """Of the bags of pieces; 1 when there are none."""
        return 2 * self.matches / self.pieces if self.pieces else 1.0

    @property
    def cer(self) -> float:
        """Edits for each character of the true text."""
        return self.edits / max(1, self.characters)


def score(
    truth: str, words: Sequence[Word], read: str, *, lang: str, at_signs: bool = False
) -> Score:
    """Compare the words that were read, and the text they make, with the true text.

    Upper and lower case are alike. A piece is right when it has a partner: first those that the
    longest common subsequence of both texts pairs, then, of the rest, those that are the same
    anywhere, so that columns that are read in another order count. Right pieces are thereby as many
    as the bags have in common.

    Args:
        at_signs: whether words are cut before and after every sign, which texts do differently.
    """
    cut = _characters
    if UNSPACED.isdisjoint(lang.split("+")):
        cut = _parts if at_signs else _words
    lines = [cut(line) for line in truth.splitlines()]
    pieces = [cut(word.text) for word in words]
    is_found, is_right = matched(_folded(lines), _folded(pieces))
    found, right = iter(is_found), iter(is_right)
    blank = "" if cut is _characters else " "
    true_text, read_text = (blank.join(_folded([cut(text)])) for text in (truth, read))
    return Score(
        truth=tuple(tuple(Judged(piece, next(found)) for piece in line) for line in lines),
        read=tuple(
            Judged(word.text, all([next(right) for _ in each]))
            for word, each in zip(words, pieces, strict=True)
        ),
        matches=sum(is_right),
        pieces=len(is_found) + len(is_right),
        edits=Levenshtein.distance(true_text, read_text),
        characters=len(true_text),
    )


def matched(truth: Sequence[str], read: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Return for the pieces of each text whether they have a partner in the other one."""
    is_found, is_right = [False] * len(truth), [False] * len(read)
    for block in LCSseq.opcodes(truth, read).as_matching_blocks():
        is_found[block.a : block.a + block.size] = [True] * block.size
        is_right[block.b : block.b + block.size] = [True] * block.size
    left: dict[str, deque[int]] = defaultdict(deque)
    for index, piece in enumerate(truth):
        if not is_found[index]:
            left[piece].append(index)
    for index, piece in enumerate(read):
        if not is_right[index] and left[piece]:
            is_found[left[piece].popleft()] = is_right[index] = True
    return is_found, is_right


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def _parts(text: str) -> list[str]:
    return PART.findall(unicodedata.normalize("NFC", text))


def _characters(text: str) -> list[str]:
    return list("".join(_words(text)))


def _folded(groups: Iterable[Sequence[str]]) -> list[str]:
    return [piece.casefold() for group in groups for piece in group]
