"""The set-up of a fresh clone, as a stranger runs it."""

import shutil
import subprocess
from pathlib import Path
from time import monotonic

import pytest

ROOT = Path(__file__).parents[2]


def set_up(clone: Path, *options: str) -> str:
    """Return what scripts/setup.sh says in an empty environment."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(clone.parent)}
    command = [clone / "scripts/setup.sh", *options]
    return subprocess.run(
        command, cwd="/", env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fresh_clone_is_set_up_once(tmp_path: Path) -> None:
    """The set-up works in a path with blanks, and has nothing to do the second time.

    What was left out stays left out: here, the second engine.
    """
    clone = tmp_path / "read stone"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(".*", "tests", "testdata"))
    assert "done in" in set_up(clone, "--minimal")
    python = clone / ".venv/bin/python"
    subprocess.run([python, "-c", "import readstone, tesserocr"], check=True)
    told = subprocess.run(
        [python, "-m", "readstone", "check"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert "engine: tesseract" in told
    assert "second engine:" not in told
    began = monotonic()
    assert set_up(clone) == "setup.sh: nothing to do\n"
    assert monotonic() - began < 3
