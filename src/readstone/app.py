"""Ties the rooms together: an application with its parts, middleware and routes."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from itertools import chain
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route

from readstone import __version__
from readstone.api import (
    batches,
    deployment,
    export,
    invoices,
    invoices_v1,
    jobs,
    languages,
    ocr_v1,
    ocr_v2,
    ops,
    picture,
    problems,
    redact,
    text,
    text_views,
    uploads,
)
from readstone.api.admission import Door
from readstone.api.messages import take_message
from readstone.api.middleware import BodyGuard, LastResort, RequestLog, is_request_id
from readstone.api.security import OriginFilter
from readstone.parts import Parts, build_parts
from readstone.settings import AppConfig
from readstone.working import run_job

# What a JSON or multipart body needs beside the picture: base64 adds a third.
BASE64_GROWTH = 4 / 3
ENVELOPE_BYTES = 65_536


def create_app(
    config: AppConfig, build: Callable[[AppConfig], Awaitable[Parts]] = build_parts
) -> FastAPI:
    """Return the application; its parts are built when it starts and closed when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        parts = await build(config)
        app.state.parts = parts
        parts.start(partial(run_job, parts), partial(take_message, parts))
        try:
            yield
        finally:
            await parts.close()

    app = FastAPIOffline(
        title="Readstone",
        version=__version__,
        description="Reads documents over HTTP: pictures in, text and words with boxes out.",
        root_path=config.server.root_path,
        responses=problems.DESCRIBED,
        lifespan=lifespan,
        docs_url="/docs" if config.docs.active else None,
        redoc_url="/redoc" if config.docs.active else None,
    )
    app.state.is_draining = False
    app.state.door = Door(config)
    rooms = (
        *(ocr_v2, languages, invoices, redact, export, batches, jobs),
        *(picture, text, text_views, ops),
    )
    routers = (
        *(room.router for room in rooms),
        *deployment.routers,
        *ocr_v1.routers,
        *invoices_v1.routers,
        *uploads.routers,
    )
    for router in routers:
        app.include_router(router)
    problems.install(app)
    app.state.methods = _methods(app.routes, *(router.routes for router in routers))
    _surround(app, config)
    return app


def _methods(*routes: Iterable[BaseRoute]) -> Mapping[str, set[str]]:
    """Return the methods that each address takes."""
    found = defaultdict[str, set[str]](set)
    for route in chain.from_iterable(routes):
        if isinstance(route, Route):
            found[route.path] |= route.methods or set()
    return found


def _surround(app: FastAPI, config: AppConfig) -> None:
    """Put the middleware around the routes; the one added last is met first."""
    allowed = config.origins.allowed
    app.add_middleware(
        BodyGuard,
        max_bytes=int(config.limits.body_bytes * BASE64_GROWTH) + ENVELOPE_BYTES,
        limit_s=config.server.body_s,
    )
    app.add_middleware(LastResort)
    if allowed:
        app.add_middleware(
            CORSMiddleware, allow_origins=allowed, allow_methods=["*"], allow_headers=["*"]
        )
    app.add_middleware(OriginFilter, allowed=allowed, needs_token=bool(config.auth.tokens))
    app.add_middleware(RequestLog, count=partial(_count, app))
    app.add_middleware(
        CorrelationIdMiddleware,
        generator=lambda: uuid4().hex,
        validator=is_request_id,
        transformer=str,
    )


def _count(app: FastAPI, method: str, route: str, status: int, seconds: float) -> None:
    app.state.parts.metrics.request_ended(method, route, status, seconds)
