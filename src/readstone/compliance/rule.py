"""The contract of a rule, and what it decides about."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from readstone.errors import ComplianceRefused


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that somebody wishes to be kept."""

    data: bytes
    media_type: str
    queue: str

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture and no PDF."""
        return self.media_type.startswith("image/")

    @property
    def sha256(self) -> str:
        """The digest of its bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()


class Rule(Protocol):
    """Something that a file must be, or not be, to be kept."""

    name: str

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file as it may be kept.

        Raises:
            ComplianceRefused: it may not.
            ReadstoneError: that cannot be told now; then it is not kept either.
        """
        ...


async def apply_rules(rules: Sequence[Rule], candidate: Candidate) -> Candidate:
    """Return a file as it may be kept, after all rules.

    Raises:
        ComplianceRefused: it may not be kept.
        ReadstoneError: that cannot be told now.
    """
    for rule in rules:
        candidate = await rule.apply(candidate)
    return candidate


def refused(rule: Rule, detail: str, *, quarantined: bool = False) -> ComplianceRefused:
    """Return the refusal of a rule; what is quarantined a person may look at and let pass."""
    outcome = "quarantined" if quarantined else "rejected"
    return ComplianceRefused(detail, rule=rule.name, outcome=outcome)
