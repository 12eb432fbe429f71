"""The Dockerfiles: what the lint of scripts/local/test.sh does not see."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["Dockerfile.os", "Dockerfile.app"])
def test_older_builders_can_build_it(name: str) -> None:
    """There are no heredocs, which only BuildKit reads."""
    assert "<<" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", ["Dockerfile.os", "Dockerfile.app"])
def test_image_does_not_run_as_root(name: str) -> None:
    """The last stage has a user by number, as Kubernetes checks it, or keeps that of its base."""
    stage = (ROOT / name).read_text().split("\nFROM ")[-1]
    users = re.findall(r"^USER (.+)$", stage, re.MULTILINE)
    assert users == (["10001"] if name == "Dockerfile.os" else [])


@pytest.mark.parametrize(("minimal", "is_installed"), [("", True), ("yes", False)])
def test_second_engine_is_left_out_where_that_is_asked_for(
    tmp_path: Path, minimal: str, is_installed: bool
) -> None:
    """The step that installs it runs by default, and succeeds without doing anything otherwise."""
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    text = (ROOT / "Dockerfile.app").read_text()
    (step,) = re.findall(r"^ARG MINIMAL=\"\"\nRUN ((?:.*\\\n)*.*)", text, re.MULTILINE)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "MINIMAL": minimal}
    asked = subprocess.run(
        ["sh", "-c", step], env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert ("--requirement config/requirements/rapidocr.txt" in asked) is is_installed
