"""A connection to a client, which is closed when the head of a request does not come."""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connection(HttpToolsProtocol):
    """Uvicorn's own with a time limit: that one waits for ever for the rest of a head."""

    limit_s: ClassVar[float]
    _timer: asyncio.TimerHandle

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """Wait for the head that has begun."""
        super().on_message_begin()
        self._timer.cancel()
        self._wait()

    def on_headers_complete(self) -> None:
        """Wait no more; what follows has its own limits."""
        self._timer.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.limit_s, self._give_up)

    def _give_up(self) -> None:
        if self.cycle and not self.cycle.response_complete:  # the client waits for an answer
            self._wait()
        else:
            self.transport.close()
