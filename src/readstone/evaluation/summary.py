"""Many readings in one row, and rows as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from readstone.evaluation.calibration import Bin, expected_error, rank_correlation, reliability
from readstone.evaluation.readings import Reading

NAME_WIDTH = 25
HEAD = f"{'':{NAME_WIDTH}} files pages     F1    CER  s/page   conf    ECE   rank"
LEGEND = """\
F1: bag of words, exact, upper and lower case alike. CER: edits for each true character.
s/page: seconds of work. conf: mean confidence. ECE: by how much the confidence of a word
is off, on average. rank: how well confidence ranks pages by their F1 (Spearman)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What many readings come to; F1 and CER are means over their passages.

    Attributes:
        seconds: of work for each page.
        confidence: mean over the passages that are not blank; a blank page has none.
        calibration_error, rank: None where there is too little to tell.
    """

    name: str
    files: int
    pages: int
    f1: float
    cer: float
    seconds: float
    confidence: float | None
    calibration_error: float | None
    rank: float | None
    bins: tuple[Bin, ...]


def summarised(name: str, readings: Sequence[Reading]) -> Summary:
    """Return one row for readings, of which there is at least one."""
    passages = [passage for reading in readings for passage in reading.passages]
    told = [passage for passage in passages if passage.score.pieces]
    confidences = [passage.confidence for passage in told]
    words = [
        (word.confidence, judged.is_matched)
        for passage in passages
        for word, judged in zip(passage.words, passage.score.read, strict=True)
    ]
    bins = reliability([value for value, _ in words], [right for _, right in words])
    pages = sum(reading.pages for reading in readings)
    return Summary(
        name=name,
        files=len(readings),
        pages=pages,
        f1=fmean(passage.score.f1 for passage in passages),
        cer=fmean(passage.score.cer for passage in passages),
        seconds=sum(reading.work_s for reading in readings) / max(1, pages),
        confidence=fmean(confidences) if confidences else None,
        calibration_error=expected_error(bins),
        rank=rank_correlation(confidences, [passage.score.f1 for passage in told]),
        bins=tuple(bins),
    )


def table(rows: Iterable[Summary]) -> str:
    """Return rows as lines of 80 characters."""
    return "\n".join([HEAD, *map(_line, rows)])


def _line(row: Summary) -> str:
    name = row.name if len(row.name) <= NAME_WIDTH else f"{row.name[: NAME_WIDTH - 1]}…"
    values = (row.f1, row.cer), (row.confidence, row.calibration_error, row.rank)
    before, after = ("".join(f"{_number(value):>7}" for value in group) for group in values)
    return f"{name:{NAME_WIDTH}}{row.files:6}{row.pages:6}{before}{row.seconds:8.2f}{after}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
