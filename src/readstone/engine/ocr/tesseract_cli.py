"""Tesseract as a program, through pytesseract: for machines without the tesserocr wheel."""

import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytesseract
from PIL import Image

from readstone.document import Page
from readstone.engine.base import OcrOptions, PageImage
from readstone.engine.ocr.found import build_page, words_from_tsv
from readstone.engine.ocr.tessdata import installed_languages
from readstone.errors import BreaksEngine, InvalidRequest, Unavailable


class TesseractCliEngine:
    """Reads pages by starting `tesseract` for each one; the same answers, several times slower.

    Args:
        tessdata: folder with the language data.
        warm: has no meaning here; a program starts cold every time.
    """

    name = "tesseract (program)"

    def __init__(self, tessdata: Path, *, warm: str = "eng") -> None:
        self._tessdata = tessdata
        self._version: str | None = None

    def check(self) -> str:
        """Return the version of the program."""
        if self._version is None:
            try:
                self._version = str(pytesseract.get_tesseract_version())
            except pytesseract.TesseractNotFoundError as error:
                raise Unavailable("tesseract is missing; run scripts/setup.sh") from error
        return self._version

    def languages(self) -> tuple[str, ...]:
        """Return the codes of the installed languages, sorted."""
        return installed_languages(self._tessdata)

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        """Return what stands on the page; an empty page has no lines and confidence 0."""
        if unknown := options.parameters.keys() - _parameter_names():
            raise InvalidRequest(f"Tesseract has no parameter {', '.join(sorted(unknown))}")
        switches = ["--tessdata-dir", str(self._tessdata), "--psm", str(options.psm)]
        if dpi := options.dpi or image.dpi:
            switches += ["--dpi", str(dpi)]
        for name, value in options.parameters.items():
            switches += ["-c", f"{name}={value}"]
        try:
            tsv = pytesseract.image_to_data(
                Image.fromarray(image.gray), lang=options.lang, config=shlex.join(switches)
            )
        except pytesseract.TesseractError as error:
            raise BreaksEngine("the tesseract program ended while it read this") from error
        return build_page(words_from_tsv(tsv), image, language=options.lang, number=number)


@cache
def _parameter_names() -> frozenset[str]:
    """Return the variables that the program knows; it only warns of those that it does not."""
    command = [pytesseract.pytesseract.tesseract_cmd, "--print-parameters"]
    listing = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return frozenset(row.partition("\t")[0] for row in listing.splitlines())
