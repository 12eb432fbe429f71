"""What a client wishes of an answer: the headers Prefer (RFC 7240) and Idempotency-Key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readstone.errors import InvalidRequest

MAX_WAIT_S = 300.0
MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Preference:
    """What a client prefers, if anything.

    Attributes:
        wait_s: for so many seconds it waits for an answer.
        wants_job: it wants the address of a job, once it does not wait any more.
    """

    wait_s: float | None = None
    wants_job: bool = False

    @property
    def is_async(self) -> bool:
        """Whether the client does not wait at all."""
        return self.wants_job and self.wait_s is None

    @property
    def headers(self) -> dict[str, str]:
        """How an answer tells that it was heeded."""
        if self.is_async:
            return {"Preference-Applied": "respond-async"}
        return {} if self.wait_s is None else {"Preference-Applied": f"wait={self.wait_s:g}"}


def preference(headers: Mapping[str, str]) -> Preference:
    """Return what a client prefers; what cannot be understood is passed over."""
    told = dict(_members(headers.get("prefer", "")))
    return Preference(_seconds(told.get("wait", "")), "respond-async" in told)


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """Return the key under which a request is sent; None without one.

    Raises:
        InvalidRequest: it is too long, or not of printable characters.
    """
    key = headers.get("idempotency-key")
    if key is None:
        return None
    key = key.strip().strip('"')
    if not 0 < len(key) <= MAX_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidRequest(f"Idempotency-Key: send 1 to {MAX_KEY} printable characters")
    return key


def _members(header: str) -> Iterator[tuple[str, str]]:
    for member in header.split(","):
        name, _, value = member.partition(";")[0].partition("=")
        yield name.strip().lower(), value.strip().strip('"')


def _seconds(text: str) -> float | None:
    return min(float(text), MAX_WAIT_S) if text.isdecimal() else None
