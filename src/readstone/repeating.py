"""What a process does by itself, again and again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


class Repeated:
    """A step that is done again and again, whatever goes wrong with it, until it is stopped.

    Args:
        name: of the step, for the log.
        pause_s: from the end of a step to the next one.
    """

    def __init__(self, name: str, step: Callable[[], Awaitable[object]], *, pause_s: float) -> None:
        self._name = name
        self._step = step
        self._pause_s = pause_s
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Do the first step now."""
        self._loop = asyncio.create_task(self._repeat())

    async def stop(self) -> None:
        """End the step that is being done, and do no other."""
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def _repeat(self) -> None:
        while True:
            try:
                await self._step()
            except Exception:
                log.exception("step failed and is done again", step=self._name)
            await asyncio.sleep(self._pause_s)
