"""The worst pages with their pictures, and how far confidences can be trusted: one HTML file."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element, indent, tostring

from readstone import __version__
from readstone.document import Word
from readstone.engine.recognise import EngineFacts
from readstone.engine.render.markup import append
from readstone.evaluation.drawing import append_diagram, append_page
from readstone.evaluation.previews import page_preview
from readstone.evaluation.readings import Passage, Reading
from readstone.evaluation.scores import Judged
from readstone.evaluation.style import STYLE
from readstone.evaluation.summary import LEGEND, Summary, table
from readstone.parts import Parts
from readstone.tasks import later

PICTURES_A_PASSAGE = 3


@dataclass(frozen=True, slots=True)
class Bad:
    """A passage that was read badly, and JPEG pictures of its first pages, by number."""

    reading: Reading
    passage: Passage
    pictures: Mapping[int, bytes]


async def write_report(
    path: Path, parts: Parts, rows: Sequence[Summary], readings: Sequence[Reading], *, worst: int
) -> None:
    """Write a report that needs no other file, the `worst` passages by F1 in it."""
    passages = [(reading, passage) for reading in readings for passage in reading.passages]
    passages.sort(key=lambda pair: (pair[1].score.f1, -pair[1].score.cer))
    bad = [
        Bad(reading, passage, await _pictures(parts, reading, passage))
        for reading, passage in passages[:worst]
    ]
    await asyncio.to_thread(path.write_text, _html(parts.engine, rows, bad), encoding="utf-8")


async def _pictures(parts: Parts, reading: Reading, passage: Passage) -> dict[int, bytes]:
    data = await asyncio.to_thread(reading.case.file.read_bytes)
    deadline_s, ticket = parts.config.ocr.deadline_s, later(parts).ticket
    pictures = {}
    for page in passage.pages[:PICTURES_A_PASSAGE]:
        if not page.error:
            outcome = await parts.pool.run(
                page_preview, data, reading.options, page, deadline_s=deadline_s, ticket=ticket
            )
            pictures[page.number] = outcome.value
    return pictures


def _html(engine: EngineFacts, rows: Sequence[Summary], bad: Sequence[Bad]) -> str:
    html = Element("html", {"lang": "en"})
    head = append(html, "head")
    append(head, "meta", {"charset": "utf-8"})
    append(head, "title", text="How well Readstone reads")
    append(head, "style", text=STYLE)
    body = append(html, "body")
    append(body, "h1", text="How well Readstone reads")
    append(
        body, "p", {"class": "facts"}, f"Readstone {__version__}, {engine.name} {engine.version}"
    )
    append(body, "pre").text = f"{table(rows)}\n\n{LEGEND}"
    _append_diagrams(body, [row for row in rows if row.bins])
    append(body, "h2", text=f"The {len(bad)} worst, by F1")
    for number, each in enumerate(bad, start=1):
        _append_bad(body, number, each)
    indent(html, space="")
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _append_diagrams(parent: Element, rows: Sequence[Summary]) -> None:
    append(parent, "h2", text="What a confidence means")
    append(
        parent,
        "p",
        text="How many of the words of about the same confidence are right. Bars on the line: "
        "confidences can be trusted; below it, they promise too much. The wider, the more words.",
    )
    diagrams = append(parent, "div", {"class": "diagrams"})
    for row in rows:
        append_diagram(diagrams, row.name.strip(), row.bins, "words")


def _append_bad(parent: Element, number: int, bad: Bad) -> None:
    reading, passage = bad.reading, bad.passage
    case, score, pages = reading.case, passage.score, passage.pages
    section = append(parent, "section")
    which = f", page {pages[0].number}" if len(pages) == 1 else f", {len(pages)} pages"
    append(section, "h3", text=f"{number}. {case.file}{which}")
    facts = [case.kind, reading.options.lang, f"F1 {score.f1:.3f}", f"CER {score.cer:.3f}"]
    facts += [f"confidence {passage.confidence:.3f}", *sorted({page.source for page in pages})]
    if reading.refusal:
        facts.append(f"not read: {reading.refusal.detail}")
    append(section, "p", {"class": "facts"}, " · ".join(filter(None, facts)))
    sides = append(section, "div", {"class": "sides"})
    read = _lines_by_page(passage)
    figures = append(sides, "div")
    for page, lines in zip(pages, read, strict=True):
        if picture := bad.pictures.get(page.number):
            append_page(figures, page, picture, [word for line in lines for word in line])
    read_lines = [[judged for _, judged in line] for lines in read for line in lines]
    _append_text(sides, "What was read", read_lines, "wrong")
    _append_text(sides, "What stands there", score.truth, "missing")


def _lines_by_page(passage: Passage) -> list[list[list[tuple[Word, Judged]]]]:
    """Return the lines of each page: their words, and whether these are right."""
    verdicts = iter(passage.score.read)
    return [
        [[(word, next(verdicts)) for word in line.words] for line in page.lines]
        for page in passage.pages
    ]


def _append_text(
    parent: Element, title: str, lines: Iterable[Iterable[Judged]], unmatched: str
) -> None:
    """Append lines of text, marking what has no partner on the other side."""
    text = append(parent, "div", {"class": "text"})
    append(text, "h3", text=title)
    for line in lines:
        paragraph = append(text, "p")
        for is_matched, pieces in groupby(line, key=lambda piece: piece.is_matched):
            marked = {"class": None if is_matched else unmatched}
            append(paragraph, "span", marked, " ".join(piece.text for piece in pieces))
