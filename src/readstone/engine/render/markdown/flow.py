"""The lines of a paragraph as flowing text, or as lines where they were meant to be."""

from collections.abc import Sequence
from itertools import pairwise, zip_longest

from readstone.document import Line, Word
from readstone.engine.render.characters import is_ideograph, printable
from readstone.engine.render.layout import blank_between, is_vertical

HYPHENS = ("-", "\u2010", "\u00ad")
LINE_STEP = 2.5  # in heights of a line, from one to the next at most
ENDS_OF_SENTENCES = (".", "!", "?", ":", ";")


def flowing_lines(lines: Sequence[Line]) -> list[str]:
    """Return the text of a paragraph, in as many lines as were meant.

    A line was ended on purpose when the next word had room in it. Where that holds for half of
    the lines it is taken to hold for all, as in an address or on a receipt.
    """
    right = max(line.box.x2 for line in lines)
    ends = [_had_room(line, following, right) for line, following in pairwise(lines)]
    if 2 * sum(ends) >= len(ends):
        return [line_text(line.words) for line in lines]
    texts = [line_text(lines[0].words)]
    for is_end, line in zip(ends, lines[1:], strict=True):
        if is_end:
            texts.append(line_text(line.words))
        else:
            texts[-1] = joined(texts[-1], line_text(line.words))
    return texts


def line_text(words: Sequence[Word]) -> str:
    """Return words of one line as text; ideographs stand together."""
    shown = [word for word in words if printable(word.text)]
    return "".join(
        printable(word.text) + (blank_between(word, following) if following else "")
        for word, following in zip_longest(shown, shown[1:])
    )


def joined(text: str, following: str) -> str:
    """Return two lines as one; a word that was hyphenated between them is whole again."""
    if text.endswith(HYPHENS) and text[-2:-1].isalpha() and following[:1].islower():
        return text[:-1] + following
    are_unspaced = is_ideograph(text[-1:]) and is_ideograph(following[:1])
    return text + ("" if are_unspaced else " ") + following


def goes_on(line: Line, following: Line) -> bool:
    """Tell whether a sentence goes on in the line right below, although paragraphs are parted."""
    is_open = line.text.endswith((",", *HYPHENS)) or following.text[:1].islower()
    height = line.box.y2 - line.box.y1
    return (
        is_open
        and not line.text.endswith(ENDS_OF_SENTENCES)
        and 0 < following.box.y2 - line.box.y2 < LINE_STEP * height
        and following.box.x1 < line.box.x2
        and line.box.x1 < following.box.x2
    )


def _had_room(line: Line, following: Line, right: int) -> bool:
    next_word = following.words[0].box
    blank = (line.box.y2 - line.box.y1) / 2
    is_short = line.box.x2 + blank + next_word.x2 - next_word.x1 < right
    return is_short and not is_vertical(line)
