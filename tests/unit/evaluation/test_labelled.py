"""Files of labelled texts, classified by the model that ships."""

from pathlib import Path

import pytest

from readstone.errors import InvalidRequest
from readstone.evaluation.labelled import evaluate_texts
from tests.fakes import settings

MOODS = """\
positive\tWe had a wonderful evening, thank you so much!
negative\tThe worst service I have ever seen.
neutral\tThe office opens at nine.
positive\tEin wunderschöner Abend mit sehr gutem Essen
negative\tA lovely, delightful and charming film
"""
MANNERS = "insult\tYou are a stupid idiot, shut up\nfine\tThank you for your help\n"


@pytest.fixture
def moods(tmp_path: Path) -> Path:
    """Five texts: one in German, one with a wrong label."""
    file = tmp_path / "moods.tsv"
    file.write_text(MOODS, encoding="utf-8")
    return file


@pytest.fixture
def manners(tmp_path: Path) -> Path:
    """Two texts, with labels of their own."""
    file = tmp_path / "manners.tsv"
    file.write_text(MANNERS)
    return file


def evaluate(*files: Path, report: Path | None = None, **renamed: str) -> str:
    """Return the table."""
    return evaluate_texts(settings(), files, renamed, report)


def test_table_has_a_row_for_each_question(moods: Path, manners: Path) -> None:
    """Moods are one question; of the manners, each label that the model has is one."""
    head, mood, manner, *legend = evaluate(moods, manners, insult="toxic").splitlines()
    assert head.split("  ")[-1] == "sure and wrong"
    assert mood.split()[:4] == ["moods", "5", "1", "0.600"]
    assert manner.split()[:5] == ["manners:", "toxic", "2", "0", "1.000"]
    assert "cannot read the language" in legend[0]


def test_report_shows_confusion_and_mistakes(moods: Path, tmp_path: Path) -> None:
    """One file holds the squares, the diagram and the texts that were mistaken."""
    report = tmp_path / "report.html"
    evaluate(moods, report=report)
    html = report.read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert "A lovely, delightful and charming film" in html
    assert "The office opens at nine." not in html
    assert "http" not in html


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("positive\tfine\nno tab here\n", "line 2: write a label, a tab"),
        ("positive\t \n", "line 1: write"),
        ("rude\tYou are vile\nkind\tThank you\n", "kind, rude is one of the model's"),
    ],
)
def test_files_that_cannot_be_used_are_refused(tmp_path: Path, content: str, said: str) -> None:
    """The refusal names the file and the line, or the labels."""
    file = tmp_path / "wrong.tsv"
    file.write_text(content)
    with pytest.raises(InvalidRequest, match=said):
        evaluate(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """So is one that holds no text."""
    with pytest.raises(InvalidRequest, match=r"gone\.tsv cannot be read"):
        evaluate(tmp_path / "gone.tsv")
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(InvalidRequest, match="cannot be read"):
        evaluate(tmp_path / "picture")
