"""Tests of evaluation/summary.py: readings in one row, rows as a table."""

from pathlib import Path

import pytest

from readstone.document import Box, Line, Page, Word
from readstone.engine.base import OcrOptions
from readstone.evaluation.manifest import Case
from readstone.evaluation.readings import Passage, Reading
from readstone.evaluation.scores import score
from readstone.evaluation.summary import HEAD, summarised, table


def reading(truth: str, read: str, confidence: float, *, seconds: float = 1.0) -> Reading:
    """Return how one page was read."""
    words = tuple(Word(word, Box(0, 0, 1, 1), confidence, 0, 0) for word in read.split())
    lines = (Line(read, Box(0, 0, 1, 1), confidence, words),) if words else ()
    page = Page(1, 1, 1, None, 0, "eng", read, confidence, lines)
    passage = Passage((page,), words, score(truth, words, read, lang="eng"))
    return Reading(Case(Path("a.png"), truth, None, "", None), OcrOptions(), (passage,), 1, seconds)


def test_row_holds_means_over_passages() -> None:
    """Each page counts alike, whatever its length; confidence is judged word by word."""
    row = summarised("two", [reading("a b c d", "a b c d", 0.9), reading("e f", "e x", 0.5)])
    assert (row.files, row.pages, row.seconds) == (2, 2, 1.0)
    assert row.f1 == pytest.approx(0.75)
    assert row.cer == pytest.approx((0 + 1 / 3) / 2)
    assert row.confidence == pytest.approx(0.7)
    assert row.calibration_error == pytest.approx((4 * 0.1 + 2 * 0.0) / 6)
    assert row.rank == pytest.approx(1)


def test_table_has_eighty_columns() -> None:
    """Long names are cut, and what cannot be told is a dash."""
    rows = [summarised(name, [reading("a", "a", 0.9)]) for name in ("short", "x" * 90)]
    head, first, second = table(rows).splitlines()
    assert head == HEAD
    assert max(map(len, (head, first, second))) <= 80
    assert first.split() == ["short", "1", "1", "1.000", "0.000", "1.00", "0.900", "0.100", "-"]
    assert second.split()[0].endswith("…")


def test_blank_page_has_no_confidence() -> None:
    """It was read well, and neither the mean nor the rank counts it."""
    row = summarised("three", [reading("", "", 0), reading("a", "b", 0.2), reading("a", "a", 0.8)])
    assert row.f1 == pytest.approx(2 / 3)
    assert (row.confidence, row.rank) == (pytest.approx(0.5), pytest.approx(1))
    assert summarised("blank", [reading("", "", 0)]).confidence is None
