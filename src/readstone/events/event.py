"""An event: what happened, who is told, and what became of telling it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import uniform
from typing import Any, Protocol, Self
from uuid import uuid4

SOURCE = "readstone"
# From each attempt to the next, a fifth more or less; 29 hours in all.
PAUSES = tuple(timedelta(seconds=s) for s in (5, 60, 600, 3_600, 14_400, 36_000, 50_400))


class EventStatus(StrEnum):
    """Where an event stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for one target.

    Attributes:
        id: the same at every attempt, so that the target can tell a repetition.
        type: what happened, as `job.finished`.
        subject: the id of what it happened to.
        target: whom to tell: the name of a target in the configuration, an address, or a topic.
        data: what is told; little, the target asks for the rest.
        due_at: not to be told before.
    """

    id: str
    type: str
    subject: str
    target: str
    data: Mapping[str, Any]
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    status: EventStatus = EventStatus.WAITING

    def taken(self) -> Self:
        """Return the event as told."""
        return replace(self, attempts=self.attempts + 1, status=EventStatus.TAKEN)

    def refused(self, at: datetime, *, for_good: bool) -> Self:
        """Return the event as to be told later, or as given up."""
        attempts = self.attempts + 1
        if for_good or attempts > len(PAUSES):
            return replace(self, attempts=attempts, status=EventStatus.GIVEN_UP)
        pause = PAUSES[attempts - 1] * uniform(0.8, 1.2)
        return replace(self, attempts=attempts, due_at=at + pause)

    def still_waiting(self) -> Self:
        """Return the event as due, before all that were made later; as if it was not tried."""
        return replace(self, due_at=self.created_at)

    def again(self, at: datetime) -> Self:
        """Return the event as to be told at once, as if for the first time."""
        return replace(self, attempts=0, status=EventStatus.WAITING, due_at=at)

    def envelope(self) -> dict[str, Any]:
        """Return the event as a CloudEvents 1.0 object."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": SOURCE,
            "type": self.type,
            "subject": self.subject,
            "time": self.created_at.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": dict(self.data),
        }


class Refused(Exception):
    """The target did not take an event; `for_good` says that asking again is of no use."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Away(Exception):
    """Nobody is there to take an event; it waits for as long as that takes."""


class Sender(Protocol):
    """Tells events to targets of one kind.

    Attributes:
        tells_topics: whether these are topics, or else webhooks.
    """

    tells_topics: bool

    async def send(self, event: Event) -> None:
        """Return when the target has taken the event; raise Refused or Away when it has not."""

    async def close(self) -> None:
        """Close all connections."""


def new_event(
    type_: str, subject: str, target: str, data: Mapping[str, Any], at: datetime
) -> Event:
    """Return an event that is to be told at once."""
    return Event(uuid4().hex, type_, subject, target, data, created_at=at, due_at=at)
