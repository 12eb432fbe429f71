"""Tests of evaluation/invoices/run.py and report.py: folders in, a table and a report out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from readstone.engine.base import OcrOptions, PictureLimits
from readstone.errors import InvalidRequest
from readstone.evaluation.invoices.cases import read_cases
from readstone.evaluation.invoices.report import write_report
from readstone.evaluation.invoices.run import evaluate_invoices, judge_all
from readstone.invoicing import InvoiceOptions
from readstone.models.invoices import InvoiceRequestV2
from readstone.parts import Parts
from tests.fakes import FakePool, open_parts, settings

pytestmark = pytest.mark.anyio
XML = Path(__file__).parents[4] / "testdata" / "invoice" / "xml"
PAGES = InvoiceOptions(OcrOptions(psm=0), want_xml=False)


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """Parts whose pool works in this process."""
    pool = FakePool(limits=PictureLimits(50_000_000, 32_767))
    async with open_parts(settings(), pool) as opened:
        yield opened


async def test_invoices_are_judged(parts: Parts) -> None:
    """Each case is read as the service would."""
    (one,) = await judge_all(parts, read_cases(XML), PAGES)
    assert all(field.is_right for field in one.fields)
    assert (one.lines.right, one.lines.wanted) == (3, 3)


async def test_file_that_cannot_be_read_counts_as_wrong(tmp_path: Path, parts: Parts) -> None:
    """A refusal finds nothing."""
    row = '{"file": "a.pdf", "fields": {"total": "1.00"}}'
    (tmp_path / "manifest.jsonl").write_text(row)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 and no more")
    (one,) = await judge_all(parts, read_cases(tmp_path), PAGES)
    assert one.invoice.reasons == ("corrupt_input",)
    assert [field.is_right for field in one.fields] == [False]


async def test_report_shows_the_misses(tmp_path: Path, parts: Parts) -> None:
    """The picture, the boxes and what would be right."""
    row = '{"file": "a.pdf", "kind": "odd", "fields": {"total": "1.00", "currency": "GBP"}}'
    (tmp_path / "manifest.jsonl").write_text(row)
    (tmp_path / "a.pdf").write_bytes((XML / "same.pdf").read_bytes())
    judged = await judge_all(parts, read_cases(tmp_path), PAGES)
    report = tmp_path / "report.html"
    await write_report(report, parts, "the table", judged, PAGES.ocr)
    text = report.read_text()
    assert "the table" in text and "data:image/jpeg" in text
    assert '<td class="wrong">125.87</td>' in text and "<td>1.00</td>" in text
    assert '<rect class="right"' in text and '<rect class="wrong"' in text


@pytest.mark.parametrize(("half", "count"), [(None, 3), ("odd", 2), ("even", 1)])
async def test_half_of_a_set_is_read(
    tmp_path: Path, half: Literal["odd", "even"] | None, count: int
) -> None:
    """What rules are made on one half of is measured on the other."""
    row = '{"file": "a.xml", "fields": {"total": "125.87"}}\n'
    (tmp_path / "manifest.jsonl").write_text(row * 3)
    (tmp_path / "a.xml").write_bytes((XML / "ubl.xml").read_bytes())
    told = await evaluate_invoices(settings(), [tmp_path], InvoiceRequestV2(), None, half)
    assert f"\n{count} documents" in told


async def test_report_that_cannot_be_written_is_refused_first(tmp_path: Path) -> None:
    """Nobody waits for an hour to hear that there is no such folder."""
    with pytest.raises(InvalidRequest, match="there is no folder"):
        await evaluate_invoices(
            settings(), [XML], InvoiceRequestV2(), tmp_path / "nowhere" / "report.html"
        )
