"""Tests of evaluation/manifest.py: a folder of documents whose text is known."""

from pathlib import Path

import pytest

from readstone.errors import InvalidRequest
from readstone.evaluation.manifest import Case, read_manifest


def manifest(folder: Path, *lines: str) -> Path:
    """Write a manifest beside a picture and its text; return the folder."""
    (folder / "scan.png").write_bytes(b"picture")
    (folder / "scan.txt").write_text("Grüße\n\f", encoding="utf-8")
    (folder / "latin.txt").write_bytes("Grüße".encode("latin-1"))
    (folder / "manifest.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_text_stands_in_the_manifest_or_in_a_file(tmp_path: Path) -> None:
    """What ends in .txt is a file; all but file and text may be left out."""
    folder = manifest(
        tmp_path,
        '{"file": "scan.png", "text": "scan.txt", "lang": "deu", "kind": "letter", "bytes": 7}',
        "",
        '{"file": "scan.png", "text": "Gruß", "password": "4711"}',
    )
    scan = folder / "scan.png"
    assert read_manifest(folder) == [
        Case(scan, "Grüße", "deu", "letter", None),
        Case(scan, "Gruß", None, "", "4711"),
    ]


def test_row_without_text_is_no_case(tmp_path: Path) -> None:
    """What is not known to be read cannot be compared."""
    folder = manifest(
        tmp_path,
        '{"file": "scan.png", "text": "a"}',
        '{"file": "scan.png", "error": "corrupt_input"}',
        '{"file": "scan.png", "text": null}',
    )
    assert [case.truth for case in read_manifest(folder)] == ["a"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"file": "scan.png", "text": }', "line 2: Invalid JSON"),
        ("[]", "line 2: Input should be an object"),
        ('{"text": "a"}', "line 2: file: Field required"),
        ('{"file": "scan.png", "text": 7}', "line 2: text: Input should be a valid string"),
        ('{"file": "other.png", "text": "a"}', "line 2: there is no file .*other.png"),
        ('{"file": "scan.png", "text": "other.txt"}', "line 2: there is no file .*other.txt"),
        ('{"file": "scan.png", "text": "latin.txt"}', "line 2: .*latin.txt is not UTF-8"),
    ],
)
def test_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, said: str) -> None:
    """The refusal says where it stands and what is wrong with it."""
    folder = manifest(tmp_path, '{"file": "scan.png", "text": "a"}', line)
    with pytest.raises(InvalidRequest, match=said):
        read_manifest(folder)


def test_folder_without_manifest_is_told_how_to_write_one(tmp_path: Path) -> None:
    """The refusal shows a line, for a folder as for a file or for nothing at all."""
    manifest(tmp_path)
    for folder in (tmp_path / "empty", tmp_path / "scan.png"):
        with pytest.raises(InvalidRequest, match=r'no manifest.jsonl(?s:.)*{"file": "scan.png"'):
            read_manifest(folder)


def test_manifest_without_any_text_is_refused(tmp_path: Path) -> None:
    """There would be nothing to compare with; neither is there in bytes that are no text."""
    with pytest.raises(InvalidRequest, match="no line has a `text`"):
        read_manifest(manifest(tmp_path, '{"file": "scan.png"}'))
    (tmp_path / "manifest.jsonl").write_bytes(b"\xff")
    with pytest.raises(InvalidRequest, match="is not UTF-8"):
        read_manifest(tmp_path)
