"""What a route may ask for: the parts, and work that ends when its client has gone."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from readstone.errors import ClientGone
from readstone.parts import Parts

T = TypeVar("T")


# It does not wait for anything; as a plain function FastAPI would send it, with every request,
# through its thread pool.
async def get_parts(request: Request) -> Parts:
    """Return the parts of this process."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(get_parts)]


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
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
