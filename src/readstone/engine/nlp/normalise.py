"""Text as the classifier learned it: without names and addresses, and with emoji in words."""

import html
import re
import unicodedata

ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
MENTION = re.compile(r"(?<!\w)@\w+")
# A symbol and its repetitions; between them there may be a sign that only asks for colour.
SYMBOL = re.compile("([\u2600-\u27bf\u2b50-\u2b55\U0001f300-\U0001faff])(?:\ufe0f?\\1)*")
WORD = re.compile(r"\w+")
LATIN, CYRILLIC = re.compile("[A-Za-z]"), re.compile("[\u0400-\u04ff]")
# Cyrillic letters that look like Latin ones, by which words are hidden from classifiers.
LOOKALIKES = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u04bb\u0501",
    "ABESIJKMHOPCTYXaesijopcyxhd",
)
# In names of symbols these say how they are drawn: a heart is a `heavy black heart`.
DRAWING = re.compile(r"\b(?:heavy|black|white) ")
PLAINER = {"serious face with symbols covering mouth": "cursing face"}
SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def normalised(text: str) -> str:
    """Return the text with what is not in the vocabulary put in words."""
    if "&" in text:
        text = html.unescape(text)
    text = ADDRESS.sub("http", MENTION.sub("@user", text))
    return text if text.isascii() else SYMBOL.sub(_name, unmasked(text))


def unmasked(text: str) -> str:
    """Return the text with Latin letters in words that mix them with others that look alike."""
    return text if text.isascii() else WORD.sub(_in_latin, text)


def _in_latin(word: re.Match[str]) -> str:
    letters = word.group()
    is_mixed = CYRILLIC.search(letters) and LATIN.search(letters)
    return letters.translate(LOOKALIKES) if is_mixed else letters


def _name(symbol: re.Match[str]) -> str:
    """Return what a symbol is called, as `smiling face with open mouth`."""
    character = symbol.group(1)
    if character in SKIN_TONES:
        return ""
    name = DRAWING.sub("", unicodedata.name(character, "").lower())
    return f" {PLAINER.get(name, name)} "
