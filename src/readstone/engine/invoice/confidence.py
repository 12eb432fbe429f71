"""How sure a field is: its evidence becomes a probability, by a small model for each kind of field.

The weights come from `python -m readstone eval calibrate-invoices`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

MOST = 6.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a value.

    Attributes:
        kind: of field; each has a model of its own.
        score: of its labels and its place, in log-odds.
        margin: by how much it leaves the next other value behind.
        agrees: whether sums or check digits confirm it.
        doubt: 1 less the confidence with which its words were read.
    """

    kind: str
    score: float
    margin: float
    agrees: bool
    doubt: float

    @property
    def features(self) -> tuple[float, ...]:
        """What the model weighs; the first one is constant."""
        score, margin = (max(-MOST, min(each, MOST)) for each in (self.score, self.margin))
        return (1.0, score, margin, float(self.agrees), self.doubt, float(self.doubt > 0))


def probability(evidence: Evidence) -> float:
    """Return the probability that the value is right."""
    weights = _models()[evidence.kind]
    return _logistic(sum(w * x for w, x in zip(weights, evidence.features, strict=True)))


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(x, 30.0))))


@cache
def _models() -> dict[str, Sequence[float]]:
    models: dict[str, Sequence[float]] = json.loads(
        (files(__package__) / "confidence.json").read_text(encoding="utf-8")
    )
    return models
