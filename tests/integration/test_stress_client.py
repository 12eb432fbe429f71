"""The stress client against a real service."""

import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import ROOT, RunningService


def stress(service: RunningService, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the client to its end."""
    command = [sys.executable, "-m", "tests.stress.client", *arguments]
    url = str(service.client.base_url)
    return subprocess.run([*command, "--url", url], cwd=ROOT, capture_output=True, text=True)


def test_every_request_and_every_job_ends_well(running: RunningService) -> None:
    """Both ways are counted, and no job that was accepted is missing."""
    ended = stress(running, "--requests", "8", "--clients", "4", "--mode", "mixed")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "jobs          4  accepted, 0 of them not ended" in ended.stdout


def test_what_goes_wrong_is_counted_and_told(running: RunningService, tmp_path: Path) -> None:
    """A file that is no picture is an error by the code of its problem."""
    (tmp_path / "note.png").write_bytes(b"no picture")
    ended = stress(running, "--requests", "2", "--files", str(tmp_path))
    assert ended.returncode == 1
    assert "failed        2  415 unsupported_type" in ended.stdout
