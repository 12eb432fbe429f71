"""Tests of evaluation/invoices/table.py and baselines.py: what the table says."""

from dataclasses import replace
from pathlib import Path

import pytest

from readstone.evaluation.invoices.baselines import baselines_of
from readstone.evaluation.invoices.cases import Case
from readstone.evaluation.invoices.judged import CORE, Field, Judged, LineScore
from readstone.evaluation.invoices.misses import Miss
from readstone.evaluation.invoices.table import interval, lines_f1, table, tables
from readstone.findings import Finding, Invoice, Source
from tests.typed import typed


def judged(*, is_right: bool, kind: str = "", confidence: float = 0.99) -> Judged:
    """Return an invoice with the core fields, all right or all wrong."""
    found = Finding("x", "x", confidence)
    miss = None if is_right else Miss.IN_TEXT
    fields = tuple(Field(name, "x", found, miss, None) for name in CORE)
    case = Case(Path("a.pdf"), {}, None, kind)
    return Judged(case, Invoice(), None, fields, LineScore(int(is_right), 1, 1), 0.5)


def row(text: str, name: str) -> list[str]:
    """Return the cells of a row."""
    return next(line.split() for line in text.splitlines() if line.strip().startswith(name))


def test_rows_say_how_many_are_right() -> None:
    """Each field, all core fields together, and the items."""
    text = table("set", [judged(is_right=True), judged(is_right=False)])
    assert row(text, "total")[:3] == ["total", "2", "0.500"]
    assert row(text, "core")[:3] == ["core", "2", "0.500"]
    assert row(text, "lines")[:4] == ["lines", "(F1)", "2", "0.500"]


def test_sure_and_wrong_shows() -> None:
    """What is wrong at a confidence of 0.95 counts; doubtful ones do not."""
    doubtful = judged(is_right=False, confidence=0.5)
    text = table("set", [judged(is_right=True), judged(is_right=False), doubtful])
    assert row(text, "total")[-2:] == ["0.67", "0.50"]


def test_misses_are_counted_by_where_the_right_value_is() -> None:
    """A set without any has no such rows."""
    text = table("set", [judged(is_right=True), judged(is_right=False)])
    missed = [line.split() for line in text.splitlines()[-4:-1]]
    assert missed == [[name, "0", "1", "0"] for name in CORE]
    assert "misses" not in table("set", [judged(is_right=True)])


def test_invoices_with_xml_have_a_table_of_their_own() -> None:
    """Unless all have, or none."""
    plain = judged(is_right=True)
    found = replace(plain.fields[0].found, source=Source.EMBEDDED_XML)
    with_xml = replace(plain, fields=(replace(plain.fields[0], found=found),))
    both = list(tables("set", [plain, with_xml]))
    assert [each.split()[0] for each in both] == ["set", "with"]
    assert "1 documents" in both[1]
    assert len(list(tables("set", [plain]))) == len(list(tables("set", [with_xml]))) == 1


def test_kinds_have_their_own_rows() -> None:
    """How many fields are right for each kind."""
    text = table("set", [judged(is_right=True, kind="a"), judged(is_right=False, kind="b")])
    assert row(text, "a")[1:3] == ["3", "1.000"]
    assert row(text, "b")[1:3] == ["3", "0.000"]


def test_field_that_is_not_known_leaves_no_core() -> None:
    """All three have to be known."""
    one = judged(is_right=True)
    assert "core" not in table("set", [replace(one, fields=one.fields[:2])]).split()


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763)],
)
def test_interval_is_that_of_wilson(right: int, count: int, low: float, high: float) -> None:
    """Values from the literature."""
    assert interval(right, count) == pytest.approx((low, high), abs=0.001)


def test_f1_counts_what_is_missing_and_what_is_too_much() -> None:
    """Two right of three found and five wanted."""
    assert lines_f1([LineScore(2, 3, 5)]) == 0.5


def test_simplest_rules() -> None:
    """The largest amount, the first date, the first line."""
    document = typed("Some Shop\n1 March 2023  1.00\n3 March 2023  9.00  5.00")
    assert baselines_of(document) == {"total": "9.00", "date": "2023-03-01", "vendor": "Some Shop"}
    assert baselines_of(None) == {"total": "", "date": "", "vendor": ""}
