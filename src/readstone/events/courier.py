"""Takes events from the outbox to their targets, again and again until they are taken."""

import asyncio
from collections.abc import Callable

import structlog

from readstone.events.event import Away, Event, EventStatus, Refused, Sender
from readstone.events.outbox import Outbox

log = structlog.get_logger(__name__)

AT_ONCE = 100


class Courier:
    """Tells events that are due; what it is stopped at is told again by whoever comes next.

    Args:
        count: is told what became of each attempt.
    """

    def __init__(
        self, outbox: Outbox, sender: Sender, count: Callable[[EventStatus], None]
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._count = count

    async def deliver(self) -> int:
        """Try to tell what is due now; return how many events that were."""
        events = await self._outbox.claim(AT_ONCE, for_topics=self._sender.tells_topics)
        await asyncio.gather(*map(self._tell, events))
        return len(events)

    async def _tell(self, event: Event) -> None:
        try:
            await self._sender.send(event)
            told = event.taken()
        except Away as error:
            told = event.still_waiting()
            log.warning("event waits", event_id=event.id, reason=str(error))
        except Refused as error:
            told = event.refused(self._outbox.now(), for_good=error.for_good)
            log.warning("event refused", event_id=event.id, reason=str(error), status=told.status)
        await self._outbox.settle(told)
        self._count(told.status)
