"""The scripts that send hostile input, in short."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.integration.conftest import ROOT, RunningService

TOKEN = "open-sesame-and-let-me-in"


def test_damaged_files_do_no_harm(running: RunningService) -> None:
    """Damaged copies of good files, sent every way, are read or refused, and leave nothing."""
    command = [sys.executable, "-m", "tests.stress.hostile", "--mutations", "48", "--seed", "7"]
    where = ["--url", str(running.client.base_url), "--pid", str(running.process.pid)]
    ended = subprocess.run([*command, *where], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "mutation" in ended.stdout


def test_every_route_keeps_its_description(
    start_service: Callable[..., RunningService], tmp_path: Path
) -> None:
    """What the description allows and forbids gets the answers that it promises."""
    service = start_service(auth__tokens=f"alice:{TOKEN}")
    program = str(Path(sys.executable).with_name("schemathesis"))
    config = ["--config-file", str(ROOT / "tests" / "stress" / "schemathesis.toml")]
    asked = ["-n", "1", "-H", f"Authorization: Bearer {TOKEN}", "--phases", "examples,fuzzing"]
    address = f"{service.client.base_url}/openapi.json".replace("//openapi", "/openapi")
    ended = subprocess.run(
        [program, *config, "run", *asked, address], cwd=tmp_path, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
