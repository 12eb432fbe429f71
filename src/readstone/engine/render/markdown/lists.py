"""Which lines of a paragraph begin list items, and which items make up one list."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from readstone.document import Line

PLAIN_BULLETS = frozenset("•‣▪■●○◦")
BULLETS = PLAIN_BULLETS | frozenset("·*-–")  # noqa: RUF001
BULLET_MARK = "-"
NUMBER_MARK = re.compile(r"[0-9]{1,3}\.")
ENDS_BEFORE_ITEMS = (".", ":", ";", "!", "?")


class Item(NamedTuple):
    """Lines that belong together, and the mark of the list item that they are, if any."""

    mark: str
    lines: list[Line]


def parted_items(lines: Sequence[Line]) -> list[Item]:
    """Return the lines of a paragraph, parted where a list item begins."""
    items: list[Item] = []
    for line in lines:
        mark = _mark(line)
        if not items or (mark and _begins_item(line, mark, items[-1])):
            items.append(Item(mark, []))
        items[-1].lines.append(line)
    return items


def succeeds(mark: str, following: str) -> bool:
    """Tell whether the mark of an item can follow another one in the same list."""
    if are_numbers(mark, following):
        return int(following[:-1]) == int(mark[:-1]) + 1
    return mark == following


def are_numbers(*marks: str) -> bool:
    """Tell whether all marks are numbers."""
    return all(map(NUMBER_MARK.fullmatch, marks))


def _mark(line: Line) -> str:
    """Return what marks a line as a list item, as Markdown writes it; else nothing."""
    first = line.words[0].text
    if len(line.words) == 1:
        return ""
    if first in BULLETS:
        return BULLET_MARK
    return first if are_numbers(first) else ""


def _begins_item(line: Line, mark: str, before: Item) -> bool:
    """Tell whether a mark within a paragraph begins an item, and is no part of a sentence."""
    return (
        line.words[0].text in PLAIN_BULLETS
        or (before.mark != "" and succeeds(before.mark, mark))
        or before.lines[-1].text.endswith(ENDS_BEFORE_ITEMS)
    )
