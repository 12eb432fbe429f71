"""Evaluates reading: folders of documents in; a table, a report and figures out."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from pydantic import SecretStr

from readstone.engine.base import OcrOptions
from readstone.engine.ocr.rapid.confidence import curve
from readstone.errors import InvalidRequest, UnknownLanguage
from readstone.evaluation.choice import Choice, request_of
from readstone.evaluation.figures import figures
from readstone.evaluation.manifest import Case
from readstone.evaluation.readings import Reading, read_cases
from readstone.evaluation.report import write_report
from readstone.evaluation.summary import LEGEND, Summary, summarised, table
from readstone.evaluation.word_calibration import FOLDS, as_json, learn, report, samples_of
from readstone.models.ocr import OcrRequestV2
from readstone.parts import Parts, build_parts
from readstone.settings import AppConfig
from readstone.tasks import check_options


@dataclass(frozen=True, slots=True)
class Outputs:
    """Which files are written: a report with the `worst` pages in it, and figures as JSON."""

    report: Path | None = None
    worst: int = 20
    figures: Path | None = None

    def check(self) -> None:
        """Raise InvalidRequest when a file could not be written at the end."""
        for path in filter(None, (self.report, self.figures)):
            if not path.parent.is_dir():
                raise InvalidRequest(f"{path} cannot be written: there is no folder {path.parent}")


@dataclass(frozen=True, slots=True)
class ReadSet:
    """A folder as it was read, and how many documents of which language had to be left out."""

    name: str
    readings: list[Reading]
    left_out: Counter[str]


async def evaluate(
    config: AppConfig,
    folders: Sequence[Path],
    request: OcrRequestV2,
    choice: Choice,
    outputs: Outputs,
) -> str:
    """Read the chosen documents of all folders; return a table, and what is to be said beside it.

    Raises:
        ReadstoneError: folders or options cannot be used, or the service cannot start.
    """
    outputs.check()
    chosen = {folder: choice.cases(folder) for folder in folders}
    parts = await build_parts(config)
    try:
        check_options(parts, request.to_options(config.ocr))
        sets = [await _read(parts, folder, cases, request) for folder, cases in chosen.items()]
        rows = list(_rows(sets, choice))
        readings = [reading for each in sets for reading in each.readings]
        if outputs.report:
            await write_report(outputs.report, parts, rows, readings, worst=outputs.worst)
    finally:
        await parts.close()
    if outputs.figures:
        outputs.figures.write_text(figures(parts.engine, rows, readings), encoding="utf-8")
    return "\n".join([table(rows), LEGEND, *_notes(sets)])


async def calibrate_words(
    config: AppConfig, folders: Sequence[Path], choice: Choice, write: Path | None
) -> str:
    """Learn the confidences of the second engine from the documents of all folders.

    Returns how far off they are, and would be as learned from other documents.

    Args:
        write: the file of the curve that is written.
    Raises:
        ReadstoneError: folders cannot be used, or there is no second engine.
    """
    chosen = {folder: choice.cases(folder) for folder in folders}
    parts = await build_parts(config)
    try:
        if not parts.second:
            raise InvalidRequest("there is no second engine to learn about; run scripts/setup.sh")
        request = request_of([f"engine={parts.second.facts.name}", "text_layer=never"], None)
        sets = [await _read(parts, folder, cases, request) for folder, cases in chosen.items()]
    finally:
        await parts.close()
    samples = samples_of([reading for each in sets for reading in each.readings])
    if len({each.document for each in samples}) < FOLDS:
        raise InvalidRequest(f"learning takes at least {FOLDS} documents that can be read")
    if write:
        learned = as_json(learn(samples), curve())
        await asyncio.to_thread(write.write_text, learned, encoding="utf-8")
    return report(samples)


async def _read(
    parts: Parts, folder: Path, cases: Sequence[Case], request: OcrRequestV2
) -> ReadSet:
    work: list[tuple[Case, OcrOptions]] = []
    left_out: Counter[str] = Counter()
    for case in cases:
        options = _own_request(case, request).to_options(parts.config.ocr)
        try:
            check_options(parts, options)
        except UnknownLanguage:
            left_out[options.lang] += 1
        else:
            work.append((case, options))
    with typer.progressbar(length=len(work), label=folder.name, file=sys.stderr) as bar:
        readings = await read_cases(parts, work, tell=lambda: bar.update(1))
    return ReadSet(folder.name, readings, left_out)


def _own_request(case: Case, request: OcrRequestV2) -> OcrRequestV2:
    """Return the request with what the manifest says, where the request itself does not."""
    password = request.password or (SecretStr(case.password) if case.password else None)
    return replace(request, lang=request.lang or case.lang, password=password)


def _rows(sets: Sequence[ReadSet], choice: Choice) -> Iterator[Summary]:
    """Yield a row for each folder, after it one for each kind, and at the end one for all."""
    read = [each for each in sets if each.readings]
    for each in read:
        yield summarised(each.name, each.readings)
        kinds = sorted({choice.row(reading.case) for reading in each.readings})
        for kind in kinds if len(kinds) > 1 else ():
            members = [r for r in each.readings if choice.row(r.case) == kind]
            yield summarised(f"  {kind or 'none'}", members)
    if len(read) > 1:
        yield summarised("all", [reading for each in read for reading in each.readings])


def _notes(sets: Sequence[ReadSet]) -> Iterator[str]:
    """Yield what the table does not show."""
    for each in sets:
        pages = [
            (page.rotation + reading.case.turn) % 360
            for reading in each.readings
            if reading.case.turn is not None
            for passage in reading.passages
            for page in passage.pages
        ]
        if pages:
            yield f"{each.name}: {pages.count(0)} of {len(pages)} pages were turned back"
        for lang, count in each.left_out.items():
            yield (
                f"left out of {each.name}: {count} in {lang}, which is not installed; "
                f"scripts/setup.sh --languages {lang.replace('+', ',')}, or choose with --lang"
            )
        for reading in each.readings:
            if reading.refusal:
                yield f"not read: {reading.case.file}: {reading.refusal.detail}"
