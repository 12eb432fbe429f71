"""Watches what the processes of a running service take."""

from contextlib import suppress

import psutil


class Watch:
    """Sees what the processes of a service take; without an id, nothing."""

    def __init__(self, pid: int | None) -> None:
        self._service = psutil.Process(pid) if pid else None
        self._before = self._held()
        self._peak_mb = 0.0

    def look(self) -> None:
        """Remember the memory of the largest process."""
        for process in self._processes():
            with suppress(psutil.Error):
                self._peak_mb = max(self._peak_mb, process.memory_info().rss / 1e6)

    def summary(self) -> str:
        """Return the peak, and processes and open files before and after."""
        if not self._service:
            return "what the service takes was not watched (--pid)"
        (processes, files), (now, files_now) = self._before, self._held()
        return (
            f"largest process {self._peak_mb:.0f} MB; "
            f"processes {processes} -> {now}; open files of the service {files} -> {files_now}"
        )

    def _processes(self) -> list[psutil.Process]:
        return [self._service, *self._service.children(recursive=True)] if self._service else []

    def _held(self) -> tuple[int, int]:
        return len(self._processes()), self._service.num_fds() if self._service else 0
