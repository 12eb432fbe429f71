"""The service is told to stop under load, again and again, politely and at once.

`scripts/local/stress.sh stops` starts services of its own; every second one gets a second signal.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.pictures import rendered_pictures
from tests.goals import Row, print_table
from tests.integration.conftest import RunningService, run_service
from tests.stress.crashes import Senders, end_until_done, ends_of, kept_on
from tests.stress.tally import counts

INSIST_AFTER_S = 0.2
AT_ONCE_S = 2.0


@dataclass(slots=True)
class Seen:
    """What became of the services, and of the jobs.

    Attributes:
        stops: exit code and what was left of each service.
        at_once_s: seconds from the second signal to the end.
        attempts: of the jobs; a stop must not count as one.
    """

    senders: Senders
    stops: Counter[str] = field(default_factory=Counter)
    at_once_s: list[float] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    attempts: Counter[str] = field(default_factory=Counter)


def stops(*, jobs: int, every_s: float, name: str = "receipt") -> Seen:
    """Stop a service every few seconds until it has accepted so many jobs; look what they are."""
    picture = rendered_pictures()[name]
    seen = Seen(Senders(picture, jobs=jobs, uploads=0))
    with TemporaryDirectory() as folder, kept_on("sqlite", Path(folder, "data")) as settings:
        log = Path(folder, "log")
        end_until_done(seen.senders, log, settings, every_s=every_s, end=partial(_stop, seen))
        with run_service(log, **settings) as service:
            accepted = seen.senders.accepted.jobs
            seen.ends = Counter(ends_of(service, accepted, picture))
            told = (service.client.get(f"/v2/jobs/{job}").json() for job in accepted)
            seen.attempts = Counter(f"{job['attempts']} attempts" for job in told)
    return seen


def _stop(seen: Seen, service: RunningService) -> None:
    service.signal()
    if seen.stops.total() % 2 and service.lives_for(INSIST_AFTER_S):
        began = perf_counter()
        service.signal()
        service.end()
        seen.at_once_s.append(perf_counter() - began)
    seen.stops[f"with {service.end()}, {len(service.left())} left behind"] += 1


def rows(seen: Seen) -> Iterator[Row]:
    """Yield the goals beside what was counted."""
    jobs, statuses = len(seen.senders.accepted.jobs), seen.senders.statuses
    yield Row(
        "SIGTERM under load: 0 lost",
        f"stopped {seen.stops.total()} times; {jobs} accepted; {counts(seen.ends)}",
        seen.ends == {"succeeded": jobs},
    )
    yield Row(
        "what is left goes back without an attempt",
        counts(seen.attempts),
        seen.attempts == {"1 attempts": jobs},
    )
    yield Row(
        "0 five-hundreds but 503 draining",
        counts(Counter({str(status): count for status, count in statuses.items()})),
        statuses.keys() <= {200, 503},
    )
    yield Row(
        "every service ends well, nothing is left",
        counts(seen.stops),
        seen.stops.keys() == {"with 0, 0 left behind"},
    )
    longest = max(seen.at_once_s, default=0.0)
    yield Row(
        f"a second SIGTERM is at once (<= {AT_ONCE_S:g} s)",
        f"{len(seen.at_once_s)} times, longest {longest:.1f} s",
        longest <= AT_ONCE_S,
    )


def main() -> int:
    """Measure and print the table; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(prog="stops", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two stops")
    asked = parser.parse_args()
    return print_table(
        "scripts/local/stress.sh stops", rows(stops(jobs=asked.jobs, every_s=asked.every))
    )


if __name__ == "__main__":
    sys.exit(main())
