"""Tests of evaluation/pii.py: what counts as hidden, as found and as right."""

from pathlib import Path

import pytest

from readstone.errors import InvalidRequest
from readstone.evaluation.pii import Item, Row, Score, evaluate_pii, judged, read_rows
from readstone.findings import PiiKind, PiiSpan

TEXT = "Mr. John Smith, john@example.com"
NAME, MAIL = (4, 14), (16, 32)


def span(kind: PiiKind, start: int, end: int) -> PiiSpan:
    """Return a finding."""
    return PiiSpan(kind, start, end, TEXT[start:end], 0.9, "", "")


ROW = Row(
    lang="en",
    text=TEXT,
    items=[
        Item(kind=PiiKind.PERSON, start=NAME[0], end=NAME[1]),
        Item(kind=PiiKind.EMAIL, start=MAIL[0], end=MAIL[1]),
    ],
)
CASES = [
    # findings, and the scores of person and email
    ([], Score(1, 0, 0, 0, 0), Score(1, 0, 0, 0, 0)),
    ([(PiiKind.PERSON, *NAME), (PiiKind.EMAIL, *MAIL)], Score(1, 1, 1, 1, 1), Score(1, 1, 1, 1, 1)),
    ([(PiiKind.PERSON, 4, 8)], Score(1, 0, 0, 1, 1), Score(1, 0, 0, 0, 0)),
    ([(PiiKind.PERSON, 4, 8), (PiiKind.PERSON, 9, 14)], Score(1, 1, 1, 2, 2), Score(1, 0, 0, 0, 0)),
    ([(PiiKind.PERSON, *MAIL)], Score(1, 0, 0, 1, 0), Score(1, 1, 0, 0, 0)),
    ([(PiiKind.EMAIL, 0, 32)], Score(1, 1, 0, 0, 0), Score(1, 1, 1, 1, 1)),
]


@pytest.mark.parametrize(("findings", "person", "email"), CASES)
def test_scores(findings: list[tuple[PiiKind, int, int]], person: Score, email: Score) -> None:
    """An item is hidden when all of it is, by whatever name; a finding is right by its kind."""
    scores = judged(ROW, [span(*each) for each in findings])
    assert (scores[PiiKind.PERSON], scores[PiiKind.EMAIL]) == (person, email)


def test_table_has_a_line_for_each_kind_and_language(tmp_path: Path) -> None:
    """The figures of all languages and kinds stand beside each other."""
    file = tmp_path / "set.jsonl"
    other = ROW.model_copy(update={"lang": "de", "text": TEXT.replace("Mr", "Hr")})
    file.write_text(f"{ROW.model_dump_json()}\n\n{other.model_dump_json()}\n")
    lines = {line.split()[0]: line.split()[1:] for line in evaluate_pii(file).splitlines()[1:-2]}
    assert lines["person"] == ["2", "1.000", "1.000", "2", "1.000"]
    assert lines["card"] == ["0", "-", "-", "0", "-"]
    assert lines["de"] == lines["en"] == ["2", "1.000", "1.000", "2", "1.000"]
    assert lines["all"] == ["4", "1.000", "1.000", "4", "1.000"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"\n", "is empty"),
        (b"{}", "line 1: lang: Field required"),
        (b'{"lang": "en", "text": "", "items": [{"kind": "shoe", "start": 0, "end": 1}]}', "kind"),
    ],
)
def test_file_that_cannot_be_used(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """A refusal says what is wrong, and what a line looks like."""
    file = tmp_path / "set.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidRequest, match=reason) as caught:
        read_rows(file)
    assert '{"lang": "en"' in caught.value.detail
