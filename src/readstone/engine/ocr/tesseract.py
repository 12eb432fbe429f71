"""Tesseract inside this process, warm, through tesserocr."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tesserocr
from tesserocr import RIL

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.ocr.tessdata import installed_languages
from readstone.errors import EngineFailed, InvalidRequest

MODELS_KEPT = 3


class TesseractEngine:
    """Reads pages with libtesseract; keeps the models it used last in memory.

    Args:
        tessdata: folder with the language data.
        warm: language whose model is loaded at once.
    """

    name = "tesseract"

    def __init__(self, tessdata: Path, *, warm: str = "eng") -> None:
        self._tessdata = tessdata
        self._models: OrderedDict[str, tesserocr.PyTessBaseAPI] = OrderedDict()
        self._model(warm)

    def check(self) -> str:
        """Return the version of libtesseract."""
        return str(tesserocr.tesseract_version()).split()[1]

    def languages(self) -> tuple[str, ...]:
        """Return the codes of the installed languages, sorted."""
        return installed_languages(self._tessdata)

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        """Return what stands on the page; an empty page has no lines and confidence 0."""
        model = self._model(options.lang)
        model.SetPageSegMode(options.psm)
        height, width = image.gray.shape
        with _variables(model, options.parameters):
            # SetImage would encode the picture again; SetImageBytes copies the pixels.
            model.SetImageBytes(image.gray.tobytes(), width, height, 1, width)
            if dpi := options.dpi or image.dpi:
                model.SetSourceResolution(dpi)
            model.Recognize()
            found = list(_words(model.GetIterator()))
            model.Clear()
        return build_page(found, image, language=options.lang, number=number)

    def _model(self, lang: str) -> tesserocr.PyTessBaseAPI:
        """Return the warm model of a language, the least recently used one making room."""
        if lang not in self._models:
            try:
                model = tesserocr.PyTessBaseAPI(path=f"{self._tessdata}/", lang=lang)
            except RuntimeError as error:
                raise EngineFailed(f"the language data of {lang} cannot be loaded") from error
            self._models[lang] = model
            if len(self._models) > MODELS_KEPT:
                self._models.popitem(last=False)[1].End()
        self._models.move_to_end(lang)
        return self._models[lang]


def _words(place: tesserocr.PyResultIterator | None) -> Iterator[FoundWord]:
    """Yield the words that were recognised; TSV would say the same and takes longer."""
    paragraph = line = 0
    for word in tesserocr.iterate_level(place, RIL.WORD) if place else ():
        paragraph += word.IsAtBeginningOf(RIL.PARA)
        line += word.IsAtBeginningOf(RIL.TEXTLINE)
        if word.Empty(RIL.WORD) or not (text := word.GetUTF8Text(RIL.WORD).strip()):
            continue
        box, confidence = Box(*word.BoundingBox(RIL.WORD)), word.Confidence(RIL.WORD) / 100
        yield FoundWord(text, box, min(1.0, max(0.0, confidence)), paragraph, line)


@contextmanager
def _variables(model: tesserocr.PyTessBaseAPI, wanted: Mapping[str, str]) -> Iterator[None]:
    """Set variables of a warm model for one page, and put them back."""
    before = {name: model.GetVariableAsString(name) for name in wanted}
    try:
        for name, value in wanted.items():
            if not model.SetVariable(name, value):
                raise InvalidRequest(f"Tesseract has no parameter {name}")
        yield
    finally:
        for name, value in before.items():
            model.SetVariable(name, value or "")
