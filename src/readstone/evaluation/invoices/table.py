"""Many judged invoices as a table: per field, with 95 % intervals, beside the simplest rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from random import Random

from readstone.evaluation.invoices.judged import CORE, FIELDS, Field, Judged, LineScore
from readstone.evaluation.invoices.misses import Miss

SURE = 0.95
Z = 1.96
SAMPLES = 1000
NAME_WIDTH, MISS_WIDTH = 18, 13
HEAD = (
    f"{'':{NAME_WIDTH}}{'known':>6}{'right':>8}{'95 %':>12}{'found':>8}{'precision':>11}"
    f"{'sure':>7}{'of these right':>16}{'baseline':>10}"
)
LEGEND = """\
right: of the known fields. found, sure: of the known fields, those with a value, and with a
confidence of 0.95 or more. precision: of those found. core: number, date and total all right.
lines: F1 over all items; amount, quantity and price have to be right. baseline: the largest
amount, the first date, the first line. misses: of those not right, how many have the right value
among their alternatives; have it elsewhere in what was read; do not have it there."""


def tables(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the table of all invoices, and one of those that have XML where others have none."""
    yield table(name, judged)
    with_xml = [one for one in judged if one.has_xml]
    if 0 < len(with_xml) < len(judged):
        yield table("with XML", with_xml)


def table(name: str, judged: Sequence[Judged]) -> str:
    """Return what many invoices come to."""
    rows = [HEAD.replace(" " * NAME_WIDTH, f"{name[:NAME_WIDTH]:{NAME_WIDTH}}", 1)]
    for field in FIELDS:
        members = [each for one in judged for each in one.fields if each.name == field]
        if members:
            rows.append(_field_row(field, members))
    cores = [whole for one in judged if (whole := _core(one)) is not None]
    if cores:
        rows.append(_row("core", len(cores), sum(cores)))
    if any(one.lines.wanted for one in judged):
        low, high = lines_interval(judged)
        f1 = lines_f1([one.lines for one in judged])
        wanted = sum(one.lines.wanted for one in judged)
        rows.append(f"{'lines (F1)':{NAME_WIDTH}}{wanted:6}{f1:8.3f}{low:7.2f}-{high:.2f}")
    return "\n".join([*rows, *_kinds(judged), *_misses(judged), _speed(judged)])


def _field_row(name: str, members: Sequence[Field]) -> str:
    right = sum(each.is_right for each in members)
    found = sum(each.found.value is not None for each in members)
    sure = [each for each in members if each.found.confidence >= SURE]
    of_sure = share(sum(each.is_right for each in sure), len(sure))
    simple = [each.baseline_is_right for each in members if each.baseline_is_right is not None]
    baseline = share(sum(simple), len(simple)) if simple else ""
    return (
        f"{_row(name, len(members), right)}{share(found, len(members)):>8}"
        f"{share(right, found):>11}{share(len(sure), len(members)):>7}{of_sure:>16}{baseline:>10}"
    )


def _row(name: str, count: int, right: int) -> str:
    low, high = interval(right, count)
    return f"{name:{NAME_WIDTH}}{count:6}{right / count:8.3f}{low:7.2f}-{high:.2f}"


def share(part: int, whole: int) -> str:
    """Return a share with two decimals; a hyphen when there is nothing."""
    return f"{part / whole:.2f}" if whole else "-"


def interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    Source: Wilson 1927.
    """
    p, n = right / count, count
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _core(one: Judged) -> bool | None:
    """Return whether number, date and total are right; None when one of them is not known."""
    known = {field.name: field.is_right for field in one.fields}
    return all(known[name] for name in CORE) if known.keys() >= set(CORE) else None


def lines_f1(scores: Sequence[LineScore]) -> float:
    """Return the F1 of items over all invoices."""
    right = sum(each.right for each in scores)
    return 2 * right / max(1, sum(each.found + each.wanted for each in scores))


def lines_interval(judged: Sequence[Judged]) -> tuple[float, float]:
    """Return the 95 % interval of the F1, by drawing invoices again."""
    scores = [one.lines for one in judged if one.lines.wanted]
    random = Random(0)
    drawn = sorted(lines_f1(random.choices(scores, k=len(scores))) for _ in range(SAMPLES))
    return drawn[SAMPLES * 25 // 1000], drawn[SAMPLES * 975 // 1000]


def _kinds(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the share of fields that are right for each kind, where there are several."""
    kinds = sorted({one.case.kind for one in judged})
    for kind in kinds if len(kinds) > 1 else ():
        fields = [each for one in judged if one.case.kind == kind for each in one.fields]
        right = sum(each.is_right for each in fields)
        yield f"{_row(f'  {kind}', len(fields), right)}  of all fields"


def _misses(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield where the right value is for each field that was missed."""
    counts = Counter((each.name, each.miss) for one in judged for each in one.fields)
    missed = [name for name in FIELDS if any(counts[name, miss] for miss in Miss)]
    if missed:
        yield f"{'misses':{NAME_WIDTH}}" + "".join(f"{miss:>{MISS_WIDTH}}" for miss in Miss)
    for name in missed:
        cells = (f"{counts[name, miss]:{MISS_WIDTH}}" for miss in Miss)
        yield f"{f'  {name}':{NAME_WIDTH}}" + "".join(cells)


def _speed(judged: Sequence[Judged]) -> str:
    seconds = sorted(one.work_s for one in judged)
    mean, late = sum(seconds) / len(seconds), seconds[len(seconds) * 95 // 100]
    return f"{len(judged)} documents, {mean:.2f} s of work each on average, P95 {late:.2f} s"
