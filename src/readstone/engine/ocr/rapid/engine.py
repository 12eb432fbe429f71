"""PP-OCR as an engine: strips of a page are found, read, and put into reading order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from PIL import Image

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.ocr.rapid.alphabets import LANGUAGES, is_of
from readstone.engine.ocr.rapid.cutting import Cutting, cut
from readstone.engine.ocr.rapid.detector import TextDetector
from readstone.engine.ocr.rapid.gaps import gaps
from readstone.engine.ocr.rapid.recognizer import Alphabet, TextRecognizer
from readstone.engine.ocr.rapid.regions import Strip, usual_slope
from readstone.engine.ocr.rapid.wheel import wheel_version
from readstone.engine.ocr.rapid.words import split_words, word_boxes, word_confidence
from readstone.engine.reading_order import reading_order

UPENDED = 3.0  # a strip so many times as high as wide is read sideways


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a strip; `level` is its box as if the strip were level and all words as high."""

    text: str
    box: Box
    level: Box
    confidence: float


class RapidEngine:
    """Reads pages with the models of PP-OCR.

    Args:
        tessdata, warm: have no meaning here; one model reads all languages.
    """

    name = "rapidocr"

    def __init__(self, tessdata: Path, *, warm: str = "eng") -> None:
        self._detector = TextDetector()
        self._recognizer = TextRecognizer()
        self._alphabets: dict[str, Alphabet] = {}

    def check(self) -> str:
        """Return the version of the wheel that brings the models."""
        return wheel_version()

    def languages(self) -> tuple[str, ...]:
        """Return the codes of the languages that can be read, sorted."""
        return LANGUAGES

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        """Return what stands on the page; an empty page has no lines and confidence 0."""
        page, alphabet = Image.fromarray(image.gray), self._alphabet(options.lang)
        strips = self._detector.strips(image.gray)
        slope = usual_slope(strips)
        level: list[_Word] = []
        upended: list[list[_Word]] = []
        for strip in strips:
            if strip.height < UPENDED * strip.width:
                for gap in gaps(strip, image.known):
                    level += self._words(cut(page, gap), alphabet, slope)
            elif not any(strip.holds(box) for box in image.known):
                upended.append(self._words_sideways(cut(page, strip), alphabet))
        return build_page(_found(level, upended), image, language=options.lang, number=number)

    def _alphabet(self, lang: str) -> Alphabet:
        if lang not in self._alphabets:
            is_wanted = partial(is_of, lang=lang)
            self._alphabets[lang] = Alphabet(self._recognizer.characters, is_wanted)
        return self._alphabets[lang]

    def _words(self, cutting: Cutting, alphabet: Alphabet, slope: float = 0.0) -> list[_Word]:
        """Return the words of a strip, from left to right, on a page whose lines slope."""
        words = split_words(self._recognizer.read(cutting.gray, alphabet))
        boxes = word_boxes(words, cutting.gray) if words else []
        return [
            _Word(
                text="".join(character.text for character in word),
                box=cutting.place(box),
                level=_level(box, boxes, cutting.strip, slope),
                confidence=word_confidence(word),
            )
            for word, box in zip(words, boxes, strict=True)
        ]

    def _words_sideways(self, cutting: Cutting, alphabet: Alphabet) -> list[_Word]:
        """Return the words of a strip that is read upwards or downwards, whichever reads better."""
        ways = [self._words(cutting.turned(quarters), alphabet) for quarters in (1, 3)]
        return max(ways, key=lambda words: sum(word.confidence * len(word.text) for word in words))


def _level(box: Box, neighbours: Sequence[Box], strip: Strip, slope: float) -> Box:
    """Return a box of a strip, as high as most of them, on the page as if nothing sloped."""
    x, y = strip.x1 + strip.width / 2, strip.y1 + strip.slope * strip.width / 2
    left, up = round(strip.x1 + slope * y), round(y - slope * x)
    top, bottom = median(each.y1 for each in neighbours), median(each.y2 for each in neighbours)
    return Box(box.x1 + left, round(top) + up, box.x2 + left, round(bottom) + up)


def _found(level: Sequence[_Word], upended: Sequence[Sequence[_Word]]) -> Iterator[FoundWord]:
    """Yield the level words in reading order, then what stands upended, strip by strip."""
    ordered = [
        [[level[index] for index in line] for line in paragraph]
        for paragraph in reading_order([word.level for word in level])
    ]
    for paragraph, lines in enumerate(ordered + [[strip] for strip in upended]):
        for line, words in enumerate(lines):
            for word in words:
                yield FoundWord(word.text, word.box, word.confidence, paragraph, line)
