"""The contracts of the engine room: all there is to learn before adding an engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt

from readstone.document import Box, Page

GrayImage = npt.NDArray[np.uint8]
EngineChoice = Literal["auto", "tesseract", "rapidocr"]
Step = Literal["deskew", "background", "upscale"]
STEPS: tuple[Step, ...] = get_args(Step)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What is decoded at most; checked from the header, before any pixel is decoded."""

    max_pixels: int
    max_side: int


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """How a document is to be read.

    Attributes:
        lang: Tesseract codes joined by `+`, each of them installed.
        finds_language: whether a page that is in another language is read again in that.
        psm: Tesseract's page segmentation mode, 1 to 13 without 2.
        dpi: overrides the resolution that the file states.
        parameters: Tesseract variables, each of them on the configured list.
        pages: those that are wanted, as `1-3,7`; all of them when empty.
        regions: parts of the page that alone are read, in its pixels; all of it when empty.
        orientation: `auto` turns pages upright, `none` reads them as the file says they lie.
        preprocess: steps that may be taken before a page is read; each is where it is needed.
        keep_noise: whether words stay that are most probably none, for who must miss nothing.
        text_layer: `auto` takes the text that a PDF carries where it can be believed, `only` takes
            it always, `never` reads the picture of the page.
        password: of an encrypted PDF.
        engine: `auto` lets the service choose, page by page.
    """

    lang: str = "eng"
    finds_language: bool = False
    psm: int = 3
    dpi: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    pages: str = ""
    regions: tuple[Box, ...] = ()
    orientation: Literal["auto", "none"] = "auto"
    preprocess: tuple[Step, ...] = STEPS
    keep_noise: bool = False
    text_layer: Literal["auto", "never", "only"] = "auto"
    password: str | None = field(default=None, repr=False)
    engine: EngineChoice = "auto"


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page to read: upright as far as its file says, shape (height, width), 0 is black.

    Attributes:
        known: places of words that are known already; an engine may leave them out.
    """

    gray: GrayImage
    dpi: int | None
    rotation: int = 0
    known: tuple[Box, ...] = ()

    def turned(self, clockwise: int) -> "PageImage":
        """Return the page turned by 0, 90, 180 or 270 degrees."""
        if not clockwise:
            return self
        gray = np.ascontiguousarray(np.rot90(self.gray, -clockwise // 90))
        return PageImage(gray, self.dpi, (self.rotation + clockwise) % 360)


class OcrEngine(Protocol):
    """Reads one page. Lives in a worker process and starts no threads of its own."""

    name: str

    def check(self) -> str:
        """Return the version of the engine; raise Unavailable, with the remedy, without it."""
        ...

    def languages(self) -> tuple[str, ...]:
        """Return the codes of the installed languages, sorted."""
        ...

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        """Return what stands on the page; an empty page has no lines and confidence 0."""
        ...
