"""An upload: a file that somebody has sent to be kept."""

from dataclasses import dataclass
from datetime import datetime

FOLDER = "uploads/"
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of a file; its bytes lie in the storage under `key`.

    Attributes:
        sha256: of its bytes, in hexadecimal.
        filename: as the sender calls it; never part of a path.
    """

    id: str
    caller: str
    sha256: str
    size_bytes: int
    media_type: str
    filename: str
    created_at: datetime

    @property
    def key(self) -> str:
        """Where its bytes lie."""
        return FOLDER + self.id


@dataclass(frozen=True, slots=True)
class Total:
    """How many uploads of a type a caller has, and how large they are together."""

    media_type: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Link:
    """An address where anybody can fetch a file until it has expired."""

    url: str
    expires_at: datetime


def clean_name(name: str) -> str:
    """Return the last part of a file's name, without what does not print."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:LONGEST_NAME]
