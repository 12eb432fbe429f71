"""Tests of engine/ocr/rapid/gaps.py."""

import pytest

from readstone.document import Box
from readstone.engine.ocr.rapid.gaps import gaps
from readstone.engine.ocr.rapid.regions import Strip

STRIP = Strip(100, 50, 400, 70)


@pytest.mark.parametrize(
    ("known", "left"),
    [
        ([], [(100, 400)]),
        ([Box(100, 52, 400, 68)], []),
        ([Box(200, 52, 260, 68)], [(100, 200), (260, 400)]),
        ([Box(265, 52, 390, 68), Box(108, 52, 200, 68)], [(200, 265)]),
        ([Box(102, 52, 250, 68), Box(258, 52, 396, 68)], []),
        ([Box(102, 52, 300, 68), Box(110, 52, 180, 68)], [(300, 400)]),
        ([Box(102, 80, 396, 96)], [(100, 400)]),
    ],
    ids=["nothing", "all", "middle", "ends", "blank between", "one in another", "another line"],
)
def test_known_words_are_taken_out(known: list[Box], left: list[tuple[int, int]]) -> None:
    """What stays is wider than a blank, whatever the order of the words."""
    assert [(gap.x1, gap.x2) for gap in gaps(STRIP, known)] == left


def test_gap_of_a_sloping_strip_slopes() -> None:
    """Its upper edge goes on where that of the strip is."""
    (gap,) = gaps(Strip(0, 0, 200, 20, slope=0.1), [Box(2, 2, 100, 18)])
    assert gap == Strip(100, 10, 200, 30, slope=0.1)
