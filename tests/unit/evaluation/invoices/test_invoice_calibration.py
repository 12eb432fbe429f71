"""Tests of evaluation/invoices/calibration.py: how much evidence makes how sure."""

import json
from pathlib import Path

import numpy as np

from readstone.engine.invoice.confidence import Evidence
from readstone.evaluation.invoices.calibration import SIGNS, Sample, as_json, learn, samples_of
from readstone.evaluation.invoices.cases import Case
from tests.typed import typed


def samples(count: int = 400) -> list[Sample]:
    """Return samples of which the more are right, the more speaks for them."""
    random = np.random.default_rng(1)
    made = []
    for number in range(count):
        score, margin, doubt = random.uniform(-1, 4), random.uniform(-1, 6), random.uniform(0, 1)
        p = 1 / (1 + np.exp(-(score + margin - 3 * doubt - 1)))
        evidence = Evidence("amount", score, margin, agrees=bool(number % 2), doubt=doubt)
        made.append(Sample(number, evidence, bool(random.random() < p)))
    return made


def test_evidence_is_learned() -> None:
    """What speaks for a value has a positive weight, doubt a negative one."""
    weights = learn(samples())[0]["amount"]
    assert weights[1] > 0.5 and weights[2] > 0.5 and weights[4] < -1
    assert all(weight * sign >= 0 for weight, sign in zip(weights, SIGNS.tolist(), strict=True))


def test_evidence_that_seems_to_speak_against_a_value_does_not_count() -> None:
    """A weight with the wrong sign is that of few documents."""
    turned = [Sample(each.document, each.evidence, not each.is_right) for each in samples()]
    assert learn(turned)[0]["amount"][1:5] == [0.0, 0.0, 0.0, 0.0]


def test_table_tells_of_documents_that_were_not_learned_from() -> None:
    """Those that are sure are nearly all right."""
    told = learn(samples())[1].splitlines()[1].split()
    assert told[:2] == ["amount", "400"]
    assert float(told[4]) > 0.95


def test_kind_without_mistakes_teaches_nothing() -> None:
    """Nothing is known of what makes it wrong."""
    right = [Sample(each.document, each.evidence, True) for each in samples()]
    assert learn(right)[0] == {}


def test_other_kinds_stay_in_the_file() -> None:
    """The file is JSON with a line for each kind."""
    text = as_json({"amount": [1.0]}, {"amount": [0.0], "line": [2.0]})
    assert json.loads(text) == {"amount": [1.0], "line": [2.0]}
    assert text.count("\n") == 4


def test_samples_are_the_fields_that_were_found() -> None:
    """A field that is not known, or not found, is none."""
    document = typed("Invoice No. 4711   1 March 2023\n\nTotal              12.00 EUR")
    fields = {"invoice_number": ("4711",), "total": ("13.00",), "due_date": ("2023-04-01",)}
    case = Case(Path("a.pdf"), fields, None, "")
    found = list(samples_of([(case, document), (case, None), (case, typed("A tree"))]))
    assert {(each.evidence.kind, each.is_right) for each in found} == {
        ("number", True),
        ("amount", False),
    }
