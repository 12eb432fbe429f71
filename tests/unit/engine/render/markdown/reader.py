"""Reads Markdown as a viewer does, for the tests."""

from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
INLINE = {"text", "softbreak", "hardbreak"}
SHOWN_BLOCKS = {"inline", "list_item_open"}


@dataclass(frozen=True)
class Shown:
    """What a viewer shows: the kinds of its blocks, and all its text."""

    blocks: list[str]
    text: str


def shown(markdown: str) -> Shown:
    """Return what a viewer shows of Markdown; all markup within lines is a failure."""
    tokens = READER.parse(markdown)
    blocks = [token.tag for token in tokens if token.nesting == 1 and token.level == 0]
    return Shown(blocks, " ".join(_text(token) for token in tokens if token.type in SHOWN_BLOCKS))


def _text(token: Token) -> str:
    if token.type == "list_item_open":
        return f"{token.info}." if token.info else ""
    assert {child.type for child in token.children or ()} <= INLINE, token.content
    return "".join(child.content or " " for child in token.children or ())
