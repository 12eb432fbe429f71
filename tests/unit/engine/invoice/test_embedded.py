"""Tests of engine/invoice/embedded.py: what a file says of itself."""

from pathlib import Path

import pytest

from readstone.engine.base import PictureLimits
from readstone.engine.invoice.embedded import glance_at
from readstone.engine.invoice.work import RECEIPT_MODE, SHEET_MODE
from tests.fakes import picture

FOLDER = Path(__file__).parents[4] / "testdata"
LIMITS = PictureLimits(50_000_000, 32_767)


@pytest.mark.parametrize(
    ("name", "total", "is_broken"),
    [
        ("invoice/xml/same.pdf", "125.87", False),
        ("invoice/xml/differs.pdf", "225.87", False),
        ("invoice/xml/broken.pdf", None, True),
        ("invoice/en_classic.pdf", None, False),
    ],
)
def test_attached_xml_is_found(name: str, total: str | None, is_broken: bool) -> None:
    """An invoice within a PDF is read, and damaged XML is told from none."""
    glance = glance_at(FOLDER / name, LIMITS, None, want_xml=True)
    found = str(glance.invoice.total.value) if glance.invoice else None
    assert (found, glance.is_broken) == (total, is_broken)


def test_attached_xml_can_be_left_alone() -> None:
    """Nothing is read that nobody wants."""
    glance = glance_at(FOLDER / "invoice/xml/same.pdf", LIMITS, None, want_xml=False)
    assert glance.invoice is None


@pytest.mark.parametrize(
    ("size", "mode"), [((100, 141), SHEET_MODE), ((100, 200), RECEIPT_MODE), ((90, 60), SHEET_MODE)]
)
def test_shape_of_a_page_tells_how_to_read_it(size: tuple[int, int], mode: int) -> None:
    """A long page is a receipt, which is read as one block."""
    assert glance_at(picture(size=size), LIMITS, None, want_xml=True).psm == mode
