"""What the network's confidence in a word is worth; `eval calibrate-words` learns it."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

CERTAIN = 0.999


@dataclass(frozen=True, slots=True)
class Curve:
    """Turns a confidence into the share of words that are right: a line, in log-odds."""

    slope: float
    shift: float

    def worth(self, confidence: float) -> float:
        """Return how many words of a confidence are right, 0 to 1."""
        return 1 / (1 + exp(-self.shift - self.slope * log_odds(confidence)))

    def after(self, first: "Curve") -> "Curve":
        """Return the curve that does what another one does and then this one."""
        return Curve(self.slope * first.slope, self.slope * first.shift + self.shift)


def log_odds(confidence: float) -> float:
    """Return the logarithm of the odds, of which certainty has not too many."""
    bounded = min(CERTAIN, max(1 - CERTAIN, confidence))
    return log(bounded / (1 - bounded))


@cache
def curve() -> Curve:
    """Return the curve that was learned."""
    text = (files(__package__) / "confidence.json").read_text(encoding="utf-8")
    return Curve(**json.loads(text))
