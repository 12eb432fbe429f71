"""The requirements: names in the sets, versions in the constraints, and nothing of any machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONSTRAINTS = ROOT / "config/requirements/constraints.txt"
SETS = [ROOT / "requirements.txt", *sorted({*CONSTRAINTS.parent.glob("*.txt")} - {CONSTRAINTS})]
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"


def lines(path: Path) -> list[str]:
    """Return the lines of a requirements file that are no comments."""
    return [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]


def normal(requirement: str) -> str:
    """Return the name in a requirement, spelled as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_name_is_locked(path: Path) -> None:
    """scripts/lock.sh has run since a name was added to a set."""
    locked = {normal(line) for line in lines(CONSTRAINTS)}
    assert {normal(line) for line in lines(path)} <= locked


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_sets_hold_names(path: Path) -> None:
    """A set has no options of pip and no addresses."""
    requirement = re.compile(rf"{NAME}(\[.+\])?[^:/@]*")
    assert [line for line in lines(path) if not requirement.fullmatch(line)] == []


def test_constraints_hold_versions() -> None:
    """The constraints pin versions and hold no options, hashes or addresses."""
    pin = rf"{NAME}==[\w.]+( ; [^:/@]+)?"
    assert [line for line in lines(CONSTRAINTS) if not re.fullmatch(pin, line)] == []
