"""Counts how requests ended, and shows it as a table and as a plot."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

REFUSALS = ("429 ", "503 ")
ENDS = frozenset({"ok", "job partial", "job failed", "job canceled", "job expired"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one request ended.

    Attributes:
        at_s: when it was sent, in seconds since the client began.
        seconds: until its answer, or until the end of the job that it began.
        kind: `ok`, a status and the code of its problem, how a job ended, or an error's name.
        job_id: of the job that was accepted.
    """

    way: str
    at_s: float
    seconds: float
    kind: str
    job_id: str | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the service said that it has too much to do."""
        return self.kind.startswith(REFUSALS)


@dataclass(slots=True)
class Tally:
    """All outcomes so far."""

    outcomes: list[Outcome] = field(default_factory=list)

    @classmethod
    def of(cls, tallies: "Iterable[Tally]") -> "Tally":
        """Return several tallies as one."""
        return cls([outcome for each in tallies for outcome in each.outcomes])

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.outcomes.append(outcome)

    @property
    def read(self) -> list[Outcome]:
        """Those that brought a text."""
        return [each for each in self.outcomes if each.kind == "ok"]

    @property
    def errors(self) -> Counter[str]:
        """What ended neither well nor by a refusal, by kind."""
        return Counter(
            each.kind for each in self.outcomes if each.kind != "ok" and not each.is_refused
        )

    @property
    def refusals(self) -> Counter[str]:
        """What the service refused for the moment, by kind."""
        return Counter(each.kind for each in self.outcomes if each.is_refused)

    @property
    def accepted(self) -> int:
        """Number of jobs whose id the service gave out."""
        return sum(each.job_id is not None for each in self.outcomes)

    @property
    def lost(self) -> list[str]:
        """Ids that were given out, of jobs that were not seen to end."""
        return [each.job_id for each in self.outcomes if each.job_id and each.kind not in ENDS]

    @property
    def rate(self) -> float:
        """Texts a second, from the first request to the last answer."""
        seconds = max((each.at_s + each.seconds for each in self.outcomes), default=0)
        return len(self.read) / seconds if seconds else 0.0

    def headline(self) -> str:
        """Return the counts in one line."""
        refused, failed = self.refusals.total(), self.errors.total()
        return f"{self.rate:.1f}/s  {len(self.read)} ok  {refused} refused  {failed} failed"


def table(tally: Tally) -> str:
    """Return what happened, for a terminal of 80 columns."""
    rows = [f"{'':8}{'sent':>7}{'ok':>7}{'p50':>9}{'p90':>9}{'p99':>9}{'longest':>9}"]
    for way in sorted({each.way for each in tally.outcomes}):
        sent = [each for each in tally.outcomes if each.way == way]
        times = [each.seconds for each in sent if each.kind == "ok"]
        marks = (
            [*(percentile(times, percent) for percent in (50, 90, 99)), max(times)] if times else []
        )
        shown = "".join(f"{seconds:8.3f}s" for seconds in marks)
        rows.append(f"{way:8}{len(sent):7}{len(times):7}{shown}")
    rows.append(f"{tally.rate:.1f} texts a second")
    for title, kinds in (("refused", tally.refusals), ("failed", tally.errors)):
        rows += [f"{title:8}{count:7}  {kind}" for kind, count in kinds.most_common()]
    if tally.accepted:
        rows.append(f"jobs    {tally.accepted:7}  accepted, {len(tally.lost)} of them not ended")
    return "\n".join(rows)


def counts(kinds: Counter[str]) -> str:
    """Return how many there are of each kind, in one line."""
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()) or "none"


def percentile(times: list[float], percent: int) -> float:
    """Return the time within which so many percent of the times lie."""
    steps = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return steps[percent - 1]


def draw(tally: Tally, file: Path) -> None:
    """Draw how long each request took over the time at which it was sent."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.subplots()
    groups = {
        **{way: [each for each in tally.read if each.way == way] for way in ("sync", "async")},
        "refused": [each for each in tally.outcomes if each.is_refused],
        "failed": [e for e in tally.outcomes if e.kind != "ok" and not e.is_refused],
    }
    for name, group in groups.items():
        if group:
            axes.scatter([e.at_s for e in group], [e.seconds for e in group], s=8, label=name)
    axes.set(
        xlabel="sent at, s",
        ylabel="took, s",
        title=tally.headline(),
        xlim=(0, None),
        ylim=(0, None),
    )
    axes.legend(loc="upper left")
    figure.savefig(file, dpi=120)
