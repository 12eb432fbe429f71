"""Tests of engine/render/tsv.py: the columns of Tesseract."""

from hypothesis import given, settings

from readstone.document import Document
from readstone.engine.render.characters import printable
from readstone.engine.render.tsv import render_tsv
from tests.unit.engine.render.samples import any_document, document_of, page_of, words_of


def test_rows_are_those_of_tesseract() -> None:
    """A row for the page, each block, its paragraph, each line and each word."""
    document = document_of(page_of(["Two words"], ["below"]))
    assert render_tsv(document).splitlines() == [
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t",
        "2\t1\t1\t0\t0\t0\t100\t116\t90\t14\t-1\t",
        "3\t1\t1\t1\t0\t0\t100\t116\t90\t14\t-1\t",
        "4\t1\t1\t1\t1\t0\t100\t116\t90\t14\t-1\t",
        "5\t1\t1\t1\t1\t1\t100\t116\t30\t14\t90.000000\tTwo",
        "5\t1\t1\t1\t1\t2\t140\t116\t50\t14\t90.000000\twords",
        "2\t1\t2\t0\t0\t0\t100\t166\t50\t14\t-1\t",
        "3\t1\t2\t1\t0\t0\t100\t166\t50\t14\t-1\t",
        "4\t1\t2\t1\t1\t0\t100\t166\t50\t14\t-1\t",
        "5\t1\t2\t1\t1\t1\t100\t166\t50\t14\t90.000000\tbelow",
    ]


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(any_document())
def test_every_word_has_a_row_of_twelve_columns(document: Document) -> None:
    """No word breaks the table, whatever is in it."""
    rows = [row.split("\t") for row in render_tsv(document).split("\n")]
    assert rows.pop() == [""]
    assert {len(row) for row in rows} == {12}
    assert [row[11] for row in rows if row[0] == "5"] == list(map(printable, words_of(document)))
