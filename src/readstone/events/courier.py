"""Takes events from the outbox to their targets, again and again until they are taken."""

import asyncio
from collections.abc import Callable

import structlog

from readstone.events.event import Event, EventStatus, Refused, Sender
from readstone.events.outbox import Outbox

log = structlog.get_logger(__name__)

AT_ONCE = 100
LOOK_S = 1.0


class Courier:
    """Tells events as they become due.

    Args:
        count: is told what became of each attempt.
    """

    def __init__(
        self, outbox: Outbox, sender: Sender, count: Callable[[EventStatus], None]
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._count = count
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tell events."""
        self._loop = asyncio.create_task(self._repeat())

    async def stop(self) -> None:
        """Tell no more; what is being told is told again by whoever comes next."""
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        await self._sender.close()

    async def _repeat(self) -> None:
        while True:
            try:
                await self.deliver()
            except Exception:
                log.exception("courier survives")
            await asyncio.sleep(LOOK_S)

    async def deliver(self) -> int:
        """Try to tell what is due now; return how many events that were."""
        events = await self._outbox.claim(AT_ONCE)
        await asyncio.gather(*map(self._tell, events))
        return len(events)

    async def _tell(self, event: Event) -> None:
        try:
            await self._sender.send(event)
            told = event.taken()
        except Refused as error:
            told = event.refused(self._outbox.now(), for_good=error.for_good)
            log.warning("event refused", event_id=event.id, reason=str(error), status=told.status)
        await self._outbox.settle(told)
        self._count(told.status)
