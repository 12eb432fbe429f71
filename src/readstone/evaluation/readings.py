"""Reads the documents of a manifest as the service would, and compares them with their text."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from readstone.document import Document, Page, Word, confidence_of
from readstone.engine.base import OcrOptions
from readstone.errors import ReadstoneError
from readstone.evaluation.manifest import Case
from readstone.evaluation.scores import Score, score
from readstone.evaluation.turned import turned
from readstone.parts import Parts
from readstone.reading import Costs
from readstone.tasks import later


@dataclass(frozen=True, slots=True)
class Passage:
    """What is compared: a page, or a whole document whose text is not known page by page."""

    pages: tuple[Page, ...]
    words: tuple[Word, ...]
    score: Score

    @property
    def confidence(self) -> float:
        """What the service says of its pages together; 0 without pages."""
        return confidence_of(self.pages)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a case; a document that was refused is a passage without pages."""

    case: Case
    options: OcrOptions
    passages: tuple[Passage, ...]
    pages: int
    work_s: float
    refusal: ReadstoneError | None = None


async def read_cases(
    parts: Parts, cases: Sequence[tuple[Case, OcrOptions]], *, tell: Callable[[], None]
) -> list[Reading]:
    """Return the readings of all cases, as many read at a time as there are workers.

    Args:
        tell: called whenever one of them has been read.
    """
    turn = asyncio.Semaphore(parts.pool.size)

    async def read(case: Case, options: OcrOptions) -> Reading:
        async with turn:
            reading = await _read(parts, case, options)
        tell()
        return reading

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(read(*each)) for each in cases]
    return [task.result() for task in tasks]


async def _read(parts: Parts, case: Case, options: OcrOptions) -> Reading:
    data = await asyncio.to_thread(case.file.read_bytes)
    if case.turn is not None:
        data = await asyncio.to_thread(turned, data, case.turn)
    try:
        document, costs = await parts.reader.read(data, options, later(parts))
    except ReadstoneError as error:
        nothing = _passage((), case, case.truth, options)
        return Reading(case, options, (nothing,), 0, 0.0, error)
    return _compared(case, options, document, costs)


def _compared(case: Case, options: OcrOptions, document: Document, costs: Costs) -> Reading:
    truths = case.truth.split("\f")
    if len(truths) > 1 and all(page.number <= len(truths) for page in document.pages):
        pages = document.pages
        passages = tuple(
            _passage((page,), case, truths[page.number - 1], options) for page in pages
        )
    else:
        passages = (_passage(document.pages, case, case.truth, options),)
    return Reading(case, options, passages, len(document.pages), costs.work_s)


def _passage(pages: tuple[Page, ...], case: Case, truth: str, options: OcrOptions) -> Passage:
    words = tuple(word for page in pages for line in page.lines for word in line.words)
    text = "\n".join(page.text for page in pages)
    lang = case.lang or options.lang
    return Passage(pages, words, score(truth, words, text, lang=lang, at_signs=case.at_signs))
