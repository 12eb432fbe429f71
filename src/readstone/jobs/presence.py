"""How processes of one machine know of each other whether they live."""

import fcntl
from pathlib import Path
from uuid import uuid4


class Presence:
    """This process's mark that it lives: a locked file, which is unlocked however it ends."""

    def __init__(self, folder: Path) -> None:
        self.id = uuid4().hex
        self._folder = folder
        self._file = (folder / self.id).open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_over(self, owner: str) -> bool:
        """Whether that process has ended; False as well when it is of another machine."""
        try:
            with (self._folder / owner).open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def sweep(self) -> None:
        """Remove the marks of processes that have ended; their jobs must have been taken back."""
        for mark in self._folder.iterdir():
            if self.is_over(mark.name):
                mark.unlink(missing_ok=True)

    def end(self) -> None:
        """Take the mark away."""
        (self._folder / self.id).unlink(missing_ok=True)
        self._file.close()
