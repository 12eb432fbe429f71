"""An engine and a pool that keep their contracts without Tesseract and without processes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from readstone.config import load_config
from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PageImage, PictureLimits
from readstone.engine.line import Lane, Ticket
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.pool import Outcome
from readstone.engine.recognise import EngineFacts, Reader
from readstone.parts import Parts, assemble
from readstone.settings import AppConfig


def config(**settings: str) -> AppConfig:
    """Return the local configuration with one worker and these settings."""
    given = {"ocr__workers": "1"} | settings
    return load_config({f"READSTONE_{name}".upper(): value for name, value in given.items()})


class OneWordEngine:
    """Reads the word `seen` on every page that has any ink."""

    name = "one word"

    def check(self) -> str:
        return "1.0"

    def languages(self) -> tuple[str, ...]:
        return ("eng", "fra")

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        seen = FoundWord("seen", Box(0, 0, 4, 1), 0.9, (1, 1), 1)
        found = [seen] if image.gray.min() < 128 else []
        return build_page(found, image, language=options.lang, number=number)


class PoolHere:
    """Runs each function at once in this process; remembers with which limits."""

    size = 2
    warm = 2
    waiting = 0
    mean_work_s = 0.5

    def __init__(self) -> None:
        self.reader = Reader(OneWordEngine(), PictureLimits(1_000_000, 10_000))
        self.asked: list[tuple[float, float, Lane]] = []

    async def run(
        self,
        function: Callable[..., Any],
        *args: Any,
        deadline_s: float,
        ticket: Ticket,
    ) -> Outcome[Any]:
        self.asked.append((deadline_s, ticket.wait_s, ticket.lane))
        return Outcome(function(self.reader, *args), 0.0, 0.1)

    async def stop(self) -> None:
        self.warm = 0


def picture(shade: int = 0) -> bytes:
    """Return a small PNG file with squares of a shade of grey on white, as on a chessboard."""
    out, squares = BytesIO(), np.indices((4, 8)).sum(axis=0) % 2 * 255
    Image.fromarray(np.maximum(squares, shade).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


async def build_stand_ins(config: AppConfig | None = None) -> Parts:
    """Return parts that work in this process."""
    engine = EngineFacts("one word", "1.0", ("eng", "fra"))
    config = config or load_config({"READSTONE_METRICS__REPORTER": "none"})
    return await assemble(config, PoolHere(), engine)  # type: ignore[arg-type]
