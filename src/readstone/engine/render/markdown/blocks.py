"""The lines of a page as blocks of Markdown: headings, list items, tables and paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, groupby, takewhile
from statistics import median
from typing import NamedTuple

from readstone.document import Document, Line, Page
from readstone.engine.render.layout import baselines, paragraphs
from readstone.engine.render.markdown.escaping import escaped, escaped_cell, escaped_start
from readstone.engine.render.markdown.flow import flowing_lines, goes_on, joined, line_text
from readstone.engine.render.markdown.lists import are_numbers, parted_items, succeeds
from readstone.engine.render.markdown.tables import Table, cells_of, find_tables

# By how much the letters of a heading are larger than usual on the page, and its mark.
HEADINGS = ((1.8, "#"), (1.4, "##"), (1.2, "###"))
LEAST_HEADING = 1.2
MOST_HEADING_LINES, MOST_HEADING_WORDS = 3, 12
MOST_HEADING_CELLS = 2  # its number may stand apart
HEADING_START = re.compile(r"[\w\"'“‘«(¿¡]")  # noqa: RUF001
HEADING_WORD = re.compile(r"[^\W\d_]{2}")
ENDS_OF_CLAUSES = (".", ",", ";")
LINE_BREAK = "  \n"


class SizedLine(NamedTuple):
    """A line, the size of its letters, and that as a share of what is usual on the page."""

    line: Line
    letter_size: float
    share: float


class Block(NamedTuple):
    """Escaped Markdown; the mark of a list item stands beside it."""

    text: str
    mark: str = ""


def render_markdown(document: Document) -> str:
    """Return a document as Markdown in which every word stands, in its order.

    Words that were hyphenated at the end of a line are whole again, and what could be taken for
    markup is escaped.

    Source: CommonMark 0.31, and the tables of GitHub Flavored Markdown.
    """
    parts: list[str] = []
    last_mark = ""
    written = (page for page in document.pages if page.lines)
    for block in chain.from_iterable(map(_blocks, written)):
        text, mark = _with_mark(block, last_mark)
        if parts:
            parts.append("\n" if mark and succeeds(last_mark, mark) else "\n\n")
        parts.append(text)
        last_mark = mark
    return "".join([*parts, "\n"])


def _with_mark(block: Block, last_mark: str) -> Block:
    """Return a block with its mark in its text; a number out of order marks no item."""
    if not block.mark:
        return block
    text = f"{block.mark} {block.text}"
    if are_numbers(last_mark, block.mark) and not succeeds(last_mark, block.mark):
        return Block(escaped_start(text))
    return Block(text, block.mark)


def _blocks(page: Page) -> Iterator[Block]:
    """Yield the blocks of a page; a table takes its lines out of the paragraphs around it."""
    letter_sizes = [stand.letter_size for stand in baselines(page)]
    usual = _usual_size(page, letter_sizes)
    tables = {table.start: table for table in find_tables(page.lines, letter_sizes)}
    tabular = {number: table.start for table in tables.values() for number in table.numbers}
    start = 0
    for paragraph in _whole_paragraphs(page):
        stop = start + len(paragraph)
        for table_start, members in groupby(range(start, stop), key=tabular.get):
            numbers = list(members)
            if table_start is None:
                own = [(page.lines[number], letter_sizes[number]) for number in numbers]
                yield from _text_blocks([SizedLine(*each, each[1] / usual) for each in own])
            elif table_start == numbers[0]:
                yield Block(_table_text(tables[table_start]))
        start = stop


def _whole_paragraphs(page: Page) -> list[list[Line]]:
    """Return the paragraphs, put together where a sentence goes on; engines part hanging lines."""
    whole: list[list[Line]] = []
    for lines in paragraphs(page):
        if whole and goes_on(whole[-1][-1], lines[0]):
            whole[-1] += lines
        else:
            whole.append(list(lines))
    return whole


def _usual_size(page: Page, letter_sizes: Sequence[float]) -> float:
    """Return the letter size of most letters on a page."""
    weighted = zip(letter_sizes, page.lines, strict=True)
    return median(chain.from_iterable([size] * len(line.text) for size, line in weighted))


def _text_blocks(sized: Sequence[SizedLine]) -> Iterator[Block]:
    """Yield the blocks of a paragraph, or of what of it is no table: a heading, items, text."""
    large = list(takewhile(lambda each: each.share >= LEAST_HEADING, sized))
    heading = large if _is_heading(large) else []
    if heading:
        largest = max(each.share for each in heading)
        level = next(mark for least, mark in HEADINGS if largest >= least)
        text = reduce(joined, (line_text(each.line.words) for each in heading))
        yield Block(f"{level} {escaped(text)}")
    for mark, lines in parted_items([each.line for each in sized[len(heading) :]]):
        if mark:
            lines[0] = replace(lines[0], words=lines[0].words[1:])
        texts = [escaped_start(escaped(text)) for text in flowing_lines(lines) if text]
        if texts:
            yield Block(LINE_BREAK.join(texts), mark)


def _is_heading(large: Sequence[SizedLine]) -> bool:
    """Tell whether lines of large letters are a heading: few words, no sentence, no table."""
    words = [word.text for line, *_ in large for word in line.words]
    return (
        0 < len(large) <= MOST_HEADING_LINES
        and len(words) <= MOST_HEADING_WORDS
        and HEADING_START.match(words[0]) is not None
        and any(map(HEADING_WORD.search, words))
        and not words[-1].endswith(ENDS_OF_CLAUSES)
        and all(len(cells_of(line, size)) <= MOST_HEADING_CELLS for line, size, _ in large)
    )


def _table_text(table: Table) -> str:
    rows = [[escaped_cell(line_text(cell)) for cell in row] for row in table.rows]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
