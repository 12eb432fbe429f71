"""Tests of engine/invoice/confidence.py: evidence becomes a probability."""

from dataclasses import replace

import pytest

from readstone.engine.invoice.confidence import Evidence, probability

SURE = Evidence("amount", score=3.0, margin=5.0, agrees=True, doubt=0.0)
KINDS = ("amount", "date", "number", "party", "identifier", "line")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_model(kind: str) -> None:
    """A probability lies between 0 and 1, whatever the evidence."""
    for score in (-1e9, 0.0, 1e9):
        assert 0 <= probability(Evidence(kind, score, score, agrees=False, doubt=1.0)) <= 1


@pytest.mark.parametrize(
    "weaker",
    [
        replace(SURE, score=0.0),
        replace(SURE, margin=0.5),
        replace(SURE, agrees=False),
        replace(SURE, doubt=0.6),
    ],
)
def test_less_evidence_is_never_more_sure(weaker: Evidence) -> None:
    """Whatever weights were learned, none of them counts the wrong way."""
    assert probability(weaker) <= probability(SURE)


def test_evidence_counts() -> None:
    """A value without rivals is surer than one among many."""
    assert probability(replace(SURE, score=0.0, margin=0.5)) < probability(SURE)
