"""The Dockerfiles: what the lint of scripts/local/test.sh does not see."""

import re
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
