"""How the service is: alive, ready, and of which version."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from readstone import __version__
from readstone.api.deps import PartsDep
from readstone.errors import NotFound, NotReady
from readstone.metrics import MEDIA_TYPE
from readstone.models.ops import HealthV1, ReadyV1, VersionV1

EXAMPLE = """\
# HELP readstone_method_calls_total Calls of each method.
# TYPE readstone_method_calls_total counter
readstone_method_calls_total{method="imagesync"} 12.0
"""

router = APIRouter(tags=["operation"])


@router.get("/health")
async def health() -> HealthV1:
    """Say that the process lives; depends on nothing."""
    return HealthV1()


@router.get("/ready")
async def ready(request: Request, parts: PartsDep) -> ReadyV1:
    """Say that the service takes work, or why it does not."""
    if request.app.state.is_draining:
        raise NotReady("the service has been told to stop")
    if not parts.pool.warm:
        raise NotReady("no engine worker is warm")
    await parts.storage.check_room(0)
    return ReadyV1(
        workers=parts.pool.size,
        warm=parts.pool.warm,
        waiting=parts.pool.waiting,
        jobs=await parts.jobs.line.length(),
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": EXAMPLE}}}},
)
async def metrics(parts: PartsDep) -> Response:
    """Say what was counted, as Prometheus reads it."""
    return Response(parts.metrics.page(), media_type=MEDIA_TYPE)


@router.get("/version")
async def version(parts: PartsDep) -> VersionV1:
    """Say what runs here."""
    engine = parts.engine
    return VersionV1("readstone", __version__, engine.name, engine.version, list(engine.languages))


@router.get("/", include_in_schema=False)
async def show_docs(parts: PartsDep) -> Response:
    """Lead a browser to the documentation."""
    if not parts.config.docs.active:
        raise NotFound("there is no page here; the documentation is switched off")
    return RedirectResponse("docs")
