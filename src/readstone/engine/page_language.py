"""The language of a page, found among the installed ones by how well it is read in them."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from readstone.document import Page
from readstone.engine.base import OcrEngine, OcrOptions, PageImage
from readstone.engine.nlp.language import language_of
from readstone.engine.ocr.languages import Language, language
from readstone.engine.samples import BLOCK_MODE, cut, longest_lines

# Read in the letters that it is written in a page has more confidence than CLEAR, also if the
# language is a wrong one. Of 12 pages of handwriting none has more than 0.51 in Chinese or
# Japanese; of 7 pages in these none has less than 0.65 in its own.
CLEAR = 0.65
LEGIBLE, BETTER = 0.6, 1.1
SAMPLES = 4
# Of 40 pages that were read in English, the least that is given to the right language is 0.3.
LIKELY = 0.25


def likely_language(
    engine: OcrEngine, image: PageImage, page: Page, options: OcrOptions
) -> str | None:
    """Return the language in which a page is to be read again; None if it was the likeliest.

    What was read tells the language, if the letters are the right ones; where nothing reads well,
    some lines are read in a language of each other script.
    """
    is_legible = page.confidence >= CLEAR or not page.lines
    code = None if is_legible else _by_letters(engine, image, page, options)
    return code or language_of_text(page.text, engine, options.lang)


def language_of_text(text: str, engine: OcrEngine, lang: str) -> str | None:
    """Return the installed language of a text, if it is another than the one that is given."""
    told = language_of(text)
    used = [language(code) for code in lang.split("+")]
    if told.confidence < LIKELY or told.code in [each.tag for each in used]:
        return None
    scripts = [each.script for each in used]
    same = [each for each in _installed(engine) if each.tag == told.code]
    best = min(same, key=lambda each: each.script not in scripts, default=None)
    return best.code if best else None


def _installed(engine: OcrEngine) -> list[Language]:
    return [known for code in engine.languages() if (known := language(code)).is_usual]


def _by_letters(engine: OcrEngine, image: PageImage, page: Page, options: OcrOptions) -> str | None:
    """Return a language of another script, in which lines are clearly read better."""
    used = {language(code).script for code in options.lang.split("+")}
    usual = {each.script: each.code for each in reversed(_installed(engine))}
    others = {script: code for script, code in usual.items() if script not in used}
    if not others:
        return None
    samples = [cut(image, line.box) for line in longest_lines(page, SAMPLES)]
    found = {
        code: _legibility(engine, samples, replace(options, lang=code, dpi=image.dpi))
        for code in [options.lang, *others.values()]
    }
    best = max(others.values(), key=lambda code: found[code])
    return best if found[best] > max(LEGIBLE, BETTER * found[options.lang]) else None


def _legibility(engine: OcrEngine, samples: Sequence[PageImage], options: OcrOptions) -> float:
    """Return how well some lines are read, upright or upside down, whichever is better."""
    again = replace(options, psm=BLOCK_MODE)
    return max(
        fmean(engine.read(each.turned(turn), again).confidence for each in samples)
        for turn in (0, 180)
    )
