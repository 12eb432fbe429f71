"""Tests of evaluation/invoices/cases.py: manifests of invoices."""

from pathlib import Path

import pytest

from readstone.errors import InvalidRequest
from readstone.evaluation.invoices.cases import read_cases


def write(folder: Path, text: str) -> Path:
    """Write a manifest and return its folder."""
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_fields_stand_in_the_row_or_in_a_file(tmp_path: Path) -> None:
    """Both ways are read alike; other names of the vendor are right as well."""
    (tmp_path / "a.json").write_text('{"vendor": "A", "vendor_alt": ["B"], "total": "1.00"}')
    rows = '{"file": "a.pdf", "fields": "a.json"}\n\n{"file": "b.pdf", "fields": {"total": "2"}}'
    first, second = read_cases(write(tmp_path, rows))
    assert first.fields == {"vendor": ("A", "B"), "total": ("1.00",)}
    assert (second.file, second.lines, second.kind) == (tmp_path / "b.pdf", None, "")


def test_lines_are_read(tmp_path: Path) -> None:
    """An item need not say everything."""
    row = '{"file": "a.pdf", "kind": "x", "fields": {"line_items": [{"amount": "3.00"}]}}'
    (case,) = read_cases(write(tmp_path, row))
    assert case.lines
    assert (case.lines[0].amount, case.lines[0].quantity) == ("3.00", None)


@pytest.mark.parametrize("text", ["not json", '{"file": "a.pdf"}', '{"file": 1, "fields": {}}'])
def test_manifest_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    """The message shows what a line looks like."""
    with pytest.raises(InvalidRequest, match="each line of it is like"):
        read_cases(write(tmp_path, text))


def test_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    """There is nothing to compare with."""
    with pytest.raises(InvalidRequest):
        read_cases(tmp_path)
