"""Goals beside what was measured, as a table for a README."""

import os
import shlex
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    goal: str
    measured: str
    reached: bool


def print_table(script: str, rows: Iterable[Row]) -> int:
    """Print the command that was given to a script and its rows, each as soon as it is there.

    Returns:
        0 if every goal is reached, else 1.
    """
    command = f"{script} {shlex.join(sys.argv[1:])}".strip()
    print(f"`{command}`, {time.strftime('%d %B %Y')}, {len(os.sched_getaffinity(0))} cores,")
    print(f"load average before {os.getloadavg()[0]:.1f}\n\n| goal | measured | reached |")
    print("|---|---|---|", flush=True)
    are_reached = True
    for row in rows:
        are_reached &= row.reached
        print(f"| {row.goal} | {row.measured} | {'yes' if row.reached else '**no**'} |", flush=True)
    return 0 if are_reached else 1
