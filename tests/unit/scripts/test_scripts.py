"""The scripts: what they answer before they install or start anything."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPTS = sorted(path for path in (ROOT / "scripts").rglob("*.sh") if path.name != "prelude.sh")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Return how a command ended that was started in another folder and an empty environment."""
    return subprocess.run(
        command, cwd="/", env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(ROOT)))
def test_help_shows_the_usage(script: Path) -> None:
    """Every script can be started as it is, and says how it is to be used."""
    answer = run(script, "--help")
    assert answer.returncode == 0
    assert f"Usage: {script.relative_to(ROOT)}" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--wat"], "there is no option '--wat'; see --help"),
        (["--with"], "--with needs a value; see --help"),
        (["--with", "dev,nonsense"], "there is no set 'nonsense'; there are: cloud"),
        (["--with", "constraints"], "there is no set 'constraints'; there are: cloud"),
        (["--languages", "../fra"], "'../fra' is no language code"),
    ],
)
def test_setup_refuses_what_it_does_not_know(arguments: list[str], remedy: str) -> None:
    """A mistyped argument ends the set-up before it begins, with the remedy."""
    answer = run(ROOT / "scripts/setup.sh", *arguments)
    assert answer.returncode == 1
    assert remedy in answer.stderr


@pytest.mark.parametrize("environment", ["dev", "stg", "prd"])
def test_serve_installs_nothing(environment: str, tmp_path: Path) -> None:
    """Outside of local, serving without a set-up says what to run, and runs nothing itself."""
    shutil.copytree(ROOT / "scripts", tmp_path / "read stone/scripts")
    answer = run(tmp_path / "read stone/scripts" / environment / "serve.sh")
    assert answer.returncode == 1
    assert "run scripts/setup.sh" in answer.stderr
    assert [path.name for path in (tmp_path / "read stone").iterdir()] == ["scripts"]
