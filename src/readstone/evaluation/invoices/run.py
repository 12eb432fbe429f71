"""Evaluates the reading of invoices: folders of documents in; a table and a report out."""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import typer

from readstone.engine.base import EngineChoice
from readstone.errors import InvalidRequest, ReadstoneError
from readstone.evaluation.invoices.baselines import baselines_of
from readstone.evaluation.invoices.calibration import as_json, learn, samples_of
from readstone.evaluation.invoices.cases import Case, read_cases
from readstone.evaluation.invoices.judged import Judged, judge
from readstone.evaluation.invoices.report import write_report
from readstone.evaluation.invoices.table import LEGEND, tables
from readstone.findings import Invoice
from readstone.invoicing import InvoiceOptions
from readstone.models.invoices import InvoiceRequestV2
from readstone.parts import Parts, build_parts
from readstone.settings import AppConfig
from readstone.tasks import check_options, later

Half = Literal["odd", "even"]
STEPS: Mapping[Half | None, tuple[int, int]] = {None: (0, 1), "odd": (0, 2), "even": (1, 2)}


async def evaluate_invoices(
    config: AppConfig,
    folders: Sequence[Path],
    request: InvoiceRequestV2,
    report: Path | None,
    half: Half | None = None,
) -> str:
    """Read the invoices of all folders; return a table for each, and one for those with XML.

    Args:
        half: only those at odd or at even places of each manifest, the first of which is 1.

    Raises:
        ReadstoneError: folders or options cannot be used, or the service cannot start.
    """
    if report and not report.parent.is_dir():
        raise InvalidRequest(f"{report} cannot be written: there is no folder {report.parent}")
    start, step = STEPS[half]
    cases = {folder: read_cases(folder)[start::step] for folder in folders}
    parts = await build_parts(config)
    options = InvoiceOptions(request.to_options(config.ocr), request.embedded_xml == "auto")
    try:
        check_options(parts, options.ocr)
        judged = {folder: await judge_all(parts, each, options) for folder, each in cases.items()}
        told = "\n\n".join(
            each for folder, ones in judged.items() for each in tables(folder.name, ones)
        )
        if report:
            everything = [one for each in judged.values() for one in each]
            await write_report(report, parts, told, everything, options.ocr)
    finally:
        await parts.close()
    return f"{told}\n\n{LEGEND}"


async def judge_all(parts: Parts, cases: Sequence[Case], options: InvoiceOptions) -> list[Judged]:
    """Return all invoices, compared, as many read at a time as there are workers."""
    turn = asyncio.Semaphore(parts.pool.size)
    name = cases[0].file.parent.name if cases else ""
    with typer.progressbar(length=len(cases), label=name, file=sys.stderr) as bar:

        async def read(case: Case, tell: Callable[[int], None] = bar.update) -> Judged:
            async with turn:
                judged = await _judged(parts, case, options)
            tell(1)
            return judged

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read(case)) for case in cases]
    return [task.result() for task in tasks]


async def _judged(parts: Parts, case: Case, options: InvoiceOptions) -> Judged:
    data = await asyncio.to_thread(case.file.read_bytes)
    try:
        read = await parts.invoices.read(data, options, later(parts))
    except ReadstoneError as error:
        return judge(case, Invoice(reasons=(error.code,)), None, {}, 0.0)
    baselines = baselines_of(read.document)
    return judge(case, read.invoice, read.document, baselines, read.costs.work_s)


async def calibrate_invoices(config: AppConfig, folders: Sequence[Path], write: Path | None) -> str:
    """Learn confidences from the invoices of all folders, read by Tesseract alone and by both.

    Returns how well what was learned does on other invoices.

    Args:
        write: the file of weights that is written; kinds that are not learned stay in it.
    """
    cases = [case for folder in folders for case in read_cases(folder)]
    parts = await build_parts(config)
    engines: tuple[EngineChoice, ...] = ("tesseract", "auto") if parts.second else ("auto",)
    judged: list[Judged] = []
    try:
        for engine in engines:
            request = InvoiceRequestV2(engine=engine)
            options = InvoiceOptions(request.to_options(config.ocr), want_xml=False)
            judged += await judge_all(parts, cases, options)
    finally:
        await parts.close()
    weights, told = learn(samples_of((one.case, one.document) for one in judged))
    if write:
        others = json.loads(await asyncio.to_thread(write.read_text, encoding="utf-8"))
        await asyncio.to_thread(write.write_text, as_json(weights, others), encoding="utf-8")
    return told
