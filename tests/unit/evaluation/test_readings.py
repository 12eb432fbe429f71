"""Tests of evaluation/readings.py: documents read by the service's parts, and compared."""

from pathlib import Path

import pytest

from readstone.engine.base import OcrOptions
from readstone.errors import DeadlineExceeded
from readstone.evaluation.manifest import Case
from readstone.evaluation.readings import Reading, read_cases
from tests.fakes import TEXT, FakePool, open_parts, picture, settings

pytestmark = pytest.mark.anyio


async def read(file: Path, *truths: str, pool: FakePool | None = None) -> list[Reading]:
    """Return the readings of a file that is said to have these texts."""
    steps: list[None] = []
    cases = [(Case(file, truth, None, "", None), OcrOptions()) for truth in truths]
    async with open_parts(settings(), pool or FakePool()) as parts:
        readings = await read_cases(parts, cases, tell=lambda: steps.append(None))
    assert len(steps) == len(truths)
    return readings


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A picture on which the fake engine finds its words."""
    (tmp_path / "scan.png").write_bytes(picture())
    return tmp_path / "scan.png"


async def test_readings_stand_in_the_order_of_the_cases(scan: Path) -> None:
    """Each is compared with its own text."""
    readings = await read(scan, TEXT, "something else", TEXT)
    assert [reading.passages[0].score.f1 for reading in readings] == [1, 0, 1]
    assert [reading.pages for reading in readings] == [1, 1, 1]
    assert readings[0].work_s == pytest.approx(0.02)
    assert readings[0].passages[0].confidence == pytest.approx(0.9)


async def test_pages_are_compared_one_by_one_where_their_texts_are_known(tmp_path: Path) -> None:
    """A form feed parts the texts of pages; a text without one is that of the whole document."""
    file = Path(__file__).parents[3] / "testdata" / "format" / "two_pages.tif"
    pool = FakePool()
    pool.limits = pool.limits.__class__(10_000_000, 10_000)
    by_page, whole = await read(file, f"{TEXT}\f{TEXT}", f"{TEXT}\n{TEXT}", pool=pool)
    assert [len(passage.pages) for passage in by_page.passages] == [1, 1]
    assert [len(passage.pages) for passage in whole.passages] == [2]
    assert {p.score.cer for p in (*by_page.passages, *whole.passages)} == {0}


async def test_document_that_is_refused_was_not_read_at_all(scan: Path) -> None:
    """It counts as one of which no word was found, and says why."""
    pool = FakePool()
    pool.script.append(DeadlineExceeded("too slow"))
    (reading,) = await read(scan, TEXT, pool=pool)
    assert reading.refusal is not None
    assert reading.refusal.code == "deadline_exceeded"
    (passage,) = reading.passages
    assert (passage.score.f1, passage.score.cer, passage.confidence) == (0, 1, 0)
    assert reading.pages == 0
