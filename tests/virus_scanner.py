"""A real ClamAV daemon, with a virus of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

# It finds this, and nothing else; so no other scanner is alarmed by the tests.
VIRUS = b"a virus of the tests"
MAX_STREAM_KB, MAX_FILE_KB = 400, 300
PROGRAM = "/usr/sbin/clamd"


@contextmanager
def virus_scanner() -> Iterator[str]:
    """Start a scanner; the value is its address."""
    # In /tmp, since the address of a Unix socket has at most 107 characters.
    with (
        TemporaryDirectory(prefix="readstone-test-", dir="/tmp") as folder,
        _running(Path(folder)) as socket,
    ):
        yield f"unix:{socket}"


@contextmanager
def _running(folder: Path) -> Iterator[Path]:
    socket, settings = folder / "clamd.ctl", folder / "clamd.conf"
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "own.ndb").write_text(f"Tests.Virus:0:*:{VIRUS.hex()}\n")
    settings.write_text(
        f"Foreground yes\nLocalSocket {socket}\nDatabaseDirectory {signatures}\n"
        f"StreamMaxLength {MAX_STREAM_KB}K\nMaxFileSize {MAX_FILE_KB}K\nAlertExceedsMax yes\n"
    )
    command = [PROGRAM, f"--config-file={settings}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            # It says so when it listens.
            assert any("Self checking" in line for line in process.stdout)
            yield socket
        finally:
            process.terminate()
            process.communicate()
