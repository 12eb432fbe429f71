"""Tests of engine/render/markdown/blocks.py: what a page looks like as Markdown."""

import re

import pytest
from hypothesis import given, settings

from readstone.document import Document
from readstone.engine.render.characters import printable
from readstone.engine.render.markdown import render_markdown
from tests.unit.engine.render.markdown.reader import shown
from tests.unit.engine.render.samples import Row, any_document, document_of, page_of, words_of

PROSE = ["It is a long way from here to the sea, and nobody", "knows where it ends."]
FLOWING = " ".join(PROSE)

# What the marks of list items and the hyphens of parted words are made of.
MARKS = re.compile(r"[-\u2010\u00ad•‣▪■●○◦·*–.\s]")  # noqa: RUF001


def rendered(*paragraphs: list[Row | str]) -> str:
    """Return a page with these paragraphs as Markdown."""
    return render_markdown(document_of(page_of(*paragraphs)))


def test_paragraphs_flow() -> None:
    """Lines are joined; paragraphs are parted by an empty line, as are pages."""
    document = document_of(page_of(PROSE, PROSE), page_of(PROSE))
    assert render_markdown(document) == f"{FLOWING}\n\n{FLOWING}\n\n{FLOWING}\n"
    assert render_markdown(document_of(page_of())) == "\n"


def test_lines_that_were_meant_are_kept() -> None:
    """An address has hard line breaks."""
    assert rendered(["Henry Finch & Sons", "14 Harbour Lane"]) == (
        "Henry Finch & Sons 14 Harbour Lane\n"
    )
    assert rendered(["14 Harbour Lane", "Northquay", "NQ7 4TB"]) == (
        "14 Harbour Lane  \nNorthquay  \nNQ7 4TB\n"
    )


@pytest.mark.parametrize(("size", "mark"), [(26, "###"), (30, "##"), (40, "#")])
def test_large_short_lines_are_headings(size: float, mark: str) -> None:
    """The larger the letters, the higher the heading; also right above its text."""
    assert rendered([Row("Of the sea", size=size)], PROSE) == f"{mark} Of the sea\n\n{FLOWING}\n"
    assert rendered([Row("Of the sea", size=size), *PROSE]) == f"{mark} Of the sea\n\n{FLOWING}\n"


@pytest.mark.parametrize(
    "text",
    [
        "It ends here.",
        "1,284.50",
        "- - -",
        ", and on",
        "a b c d e f g h i j k l m",
        "Date\tText\tSum",
        "so it is",
    ],
)
def test_other_lines_are_no_headings(text: str) -> None:
    """Sentences, numbers, many words, cells, and letters that are hardly larger are text."""
    size = 23 if text == "so it is" else 30
    assert "#" not in rendered([Row(text, size=size)], *[PROSE] * 3)


def test_heading_of_two_lines_is_one() -> None:
    """Lines of a heading are joined."""
    heading = [Row("Of the sea", size=40), Row("and the ships", size=40)]
    assert rendered(heading, *[PROSE] * 3).startswith("# Of the sea and the ships\n\n")


def test_lists_are_kept() -> None:
    """Items of one list stand in one block, whatever their bullets were."""
    assert rendered(["• one", "• two"], ["* three"], PROSE) == (
        f"- one\n- two\n- three\n\n{FLOWING}\n"
    )
    assert rendered(["1. one", "2. two"], PROSE, ["3. three"]) == (
        f"1. one\n2. two\n\n{FLOWING}\n\n3. three\n"
    )


def test_numbers_stay_what_they_are() -> None:
    """A number that does not go on is text: in a list, a viewer would count anew."""
    assert rendered(["1. one"], ["4. four"]) == "1. one\n\n4\\. four\n"
    assert shown(rendered(["1. one"], ["4. four"])).text == "1. one 4. four"


def test_tables_have_a_head() -> None:
    """The first row is the head, as the tables of Markdown have one."""
    table = rendered(["The prices:", "Bread\t2.95", "Milk|Oil\t1.20", "Apples\t3.48"], PROSE)
    assert table == (
        "The prices:\n\n"
        "| Bread | 2.95 |\n| --- | --- |\n| Milk\\|Oil | 1.20 |\n| Apples | 3.48 |\n\n"
        f"{FLOWING}\n"
    )
    assert shown(table).blocks == ["p", "table", "p"]


def test_table_may_span_paragraphs() -> None:
    """An engine that parts the rows of a table does not part the table."""
    parted = page_of(["a\t1"], ["b\t2", "c\t3"], apart=0)
    assert render_markdown(document_of(parted)) == rendered(["a\t1", "b\t2", "c\t3"])


def test_sentence_goes_on_over_paragraphs() -> None:
    """A paragraph that was parted within a sentence is whole."""
    parted = page_of(PROSE[:1], PROSE[1:], apart=0)
    assert render_markdown(document_of(parted)) == f"{FLOWING}\n"


@settings(max_examples=500, derandomize=True, database=None, deadline=None)
@given(any_document())
def test_no_word_is_lost(document: Document) -> None:
    """A viewer shows all words in order, whatever is in them, and no markup but the blocks."""
    expected = "".join(map(printable, words_of(document)))
    text = shown(render_markdown(document)).text
    assert MARKS.sub("", text) == MARKS.sub("", expected)


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(any_document())
def test_letters_and_digits_stand_in_the_source(document: Document) -> None:
    """Who reads the Markdown as it is finds every letter and digit, in order."""
    source = [c for c in render_markdown(document) if c.isalnum()]
    assert source == [c for c in "".join(map(printable, words_of(document))) if c.isalnum()]
