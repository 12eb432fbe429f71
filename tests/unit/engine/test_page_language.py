"""Tests of engine/page_language.py, with Tesseract and pages in three languages."""

import pytest

from readstone.document import Page
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.tessdata import find_tessdata
from readstone.engine.ocr.tesseract import TesseractEngine
from readstone.engine.page_language import language_of_text
from readstone.engine.read_image import read_image
from tests.contract.pages import written

SERIF = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
PAGES = {
    "eng": """\
The harbour office opens at seven in the morning
and closes when the last ferry has left the quay.
Parcels are weighed and entered in the grey book.""",
    "deu": """\
Das Hafenbüro öffnet früh um sieben Uhr und
schließt, sobald die letzte Fähre abgelegt hat.
Jedes Päckchen wird gewogen und eingetragen.""",
    "rus": """\
Контора порта открывается в семь часов утра
и закрывается, когда уходит последний паром.
Каждая посылка взвешивается и записывается.""",
}


class NotingEngine(TesseractEngine):
    """Has three languages, and remembers in which of them whole pages were read."""

    def __init__(self) -> None:
        super().__init__(find_tessdata())
        self.asked: list[str] = []

    def languages(self) -> tuple[str, ...]:
        return ("deu", "eng", "rus")

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        if options.psm == 3:
            self.asked.append(options.lang)
        return super().read(image, options, number=number)


@pytest.fixture(scope="module")
def warm() -> NotingEngine:
    """One engine for all tests."""
    return NotingEngine()


@pytest.fixture
def engine(warm: NotingEngine) -> NotingEngine:
    """The engine, not yet asked."""
    warm.asked.clear()
    return warm


def page_in(lang: str, turns: int = 0) -> PageImage:
    """Return a page in one of the languages, turned by quarters."""
    return PageImage(written(PAGES[lang], size_px=32, font_file=SERIF), None).turned(90 * turns)


@pytest.mark.parametrize("turns", [0, 2])
@pytest.mark.parametrize("lang", PAGES)
def test_page_is_read_in_its_language(engine: NotingEngine, lang: str, turns: int) -> None:
    """The text is that of the language, and the page says which one it was."""
    page = read_image(engine, page_in(lang, turns), OcrOptions(finds_language=True))
    assert (page.text, page.language) == (PAGES[lang], lang)


def test_page_in_the_usual_language_is_read_once(engine: NotingEngine) -> None:
    """To look for the language costs nothing then."""
    read_image(engine, page_in("eng"), OcrOptions(finds_language=True))
    assert engine.asked == ["eng"]


def test_language_is_not_looked_for_where_it_is_told(engine: NotingEngine) -> None:
    """What a request names counts."""
    page = read_image(engine, page_in("deu"), OcrOptions(lang="eng"))
    assert (engine.asked, page.language) == (["eng"], "eng")


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Der Zug fährt heute nicht, wir bedauern das sehr.", "eng", "deu"),
        ("Der Zug fährt heute nicht, wir bedauern das sehr.", "eng+deu", None),
        ("Le train ne part pas aujourd'hui, nous le regrettons.", "eng", None),
        ("12.50 | 3 | 7", "eng", None),
        ("", "eng", None),
    ],
    ids=["another", "told among others", "not installed", "no words", "nothing"],
)
def test_language_of_a_text(engine: NotingEngine, text: str, lang: str, found: str | None) -> None:
    """It is named only where it is installed, clear, and not the one that was used."""
    assert language_of_text(text, engine, lang) == found
