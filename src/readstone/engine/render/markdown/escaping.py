"""Text that means nothing but itself in Markdown."""

import re

# An underscore within a word is no markup, nor is a number sign beside one.
WITHIN_LINE = re.compile(
    r"[\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|(?<!\S)#(?=#*(?:\s|$))|&(?=#?\w+;)"
)
BULLET_OR_RULE = re.compile(r"[-+](?=\s|$)|=+\s*$|[-:|\s]*-[-:|\s]*$|>")
NUMBER = re.compile(r"(\d{1,9})(?=[.)](?:\s|$))")


def escaped(text: str) -> str:
    """Return text with a backslash before all that could be markup within a line."""
    return WITHIN_LINE.sub(r"\\\g<0>", text)


def escaped_cell(text: str) -> str:
    """Return text with a backslash before all that could be markup within a cell of a table."""
    return escaped(text).replace("|", "\\|")


def escaped_start(text: str) -> str:
    """Return text with a backslash before what would be markup at the start of a line."""
    if number := NUMBER.match(text):
        return f"{number[1]}\\{text[number.end() :]}"
    return f"\\{text}" if BULLET_OR_RULE.match(text) else text
