"""What Tesseract's codes of languages mean, such as `deu`, `chi_sim` and `script/Latin`."""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global

SCRIPT_FOLDER = "script/"
# Parts of codes that name a script; `chi_sim` is simplified Chinese.
SCRIPTS = {"sim": "Hans", "tra": "Hant", "latn": "Latn", "cyrl": "Cyrl"}
CHINESE = {"chi": "zh"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language, or a whole script, that can be installed.

    Attributes:
        code: as requests name it.
        tag: of the language, as `de`; empty for a script and for what is not known.
        script: as ISO 15924 has it, such as `Latn`; empty where it is not known.
        name: in English.
        is_usual: whether it is for usual print, and not for vertical or historical one.
    """

    code: str
    tag: str
    script: str
    name: str
    is_usual: bool


@cache
def language(code: str) -> Language:
    """Return what a code means."""
    if code.startswith(SCRIPT_FOLDER):
        return _script(code)
    stem, *variants = code.split("_")
    tag = CHINESE.get(stem) or get_global("language_aliases").get(stem, stem)
    subtags = get_global("likely_subtags").get(tag, "").split("_")
    scripts = [SCRIPTS[variant] for variant in variants if variant in SCRIPTS]
    rest = [variant for variant in variants if variant not in SCRIPTS]
    known = Locale("en").languages.get(tag)
    script = (scripts or subtags[1:2] or [""])[0]
    notes = [Locale("en").scripts[each] for each in scripts] + rest
    name = f"{known or code} ({', '.join(notes)})" if notes else known or code
    return Language(code, tag if known else "", script, name, bool(known) and not rest)


def _script(code: str) -> Language:
    name = code.removeprefix(SCRIPT_FOLDER)
    tags = [tag for tag, english in Locale("en").scripts.items() if english == name]
    return Language(code, "", (tags or [""])[0], f"{name} script", False)
