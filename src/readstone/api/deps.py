"""What a route may ask for: the parts, and work that ends when its client has gone."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from readstone.errors import ClientGone, Draining
from readstone.parts import Parts

T = TypeVar("T")


# These two do not wait for anything; as plain functions FastAPI would send each of them, with
# every request, through its thread pool.
async def get_parts(request: Request) -> Parts:
    """Return the parts of this process."""
    parts: Parts = request.app.state.parts
    return parts


async def refuse_when_draining(request: Request) -> None:
    """Raise Draining once the service has been told to stop."""
    if request.app.state.is_draining:
        raise Draining("the service is stopping; send the request again in a moment", retry_after=5)


PartsDep = Annotated[Parts, Depends(get_parts)]


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work returns; cancel it when the client disconnects.

    The body must have been read.

    Raises:
        ClientGone: nobody waits for the answer any more.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnection(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone("the client closed the connection")
        return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def _disconnection(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
