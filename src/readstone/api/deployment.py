"""What this deployment can do, and what a caller has used of it."""

from importlib.util import find_spec

from fastapi import APIRouter

from readstone import __version__
from readstone.api import invoices
from readstone.api.admission import CallerDep, LookRoute
from readstone.api.deps import PartsDep
from readstone.api.negotiation import JSON, PDF
from readstone.engine.pages import MEDIA_TYPES, PDF_MEDIA_TYPE
from readstone.engine.render import FORMATS
from readstone.findings import PiiKind
from readstone.models.deployment import CapabilitiesV2, FormatsV2, LimitsV2, UsageReportV2
from readstone.models.languages import ModelsV2
from readstone.settings import AppConfig

# What `scripts/setup.sh --with SET` installs, and a package of each.
SETS = {
    "cloud": "obstore",
    "distributed": "psycopg",
    "heic": "pi_heif",
    "kafka": "aiokafka",
    "rapidocr": "rapidocr",
    "templates": "invoice2data",
    "transformers": "transformers",
}

router = APIRouter(prefix="/v2", tags=["operation"])
looks = APIRouter(prefix="/v2", tags=["operation"], route_class=LookRoute)
routers = router, looks


@router.get("/capabilities")
async def get_capabilities(parts: PartsDep) -> CapabilitiesV2:
    """Say what this deployment can do: limits, engines, languages, formats, what is installed."""
    optional = {name: find_spec(package) is not None for name, package in SETS.items()}
    heic = ["image/heic"] if optional["heic"] else []
    return CapabilitiesV2(
        version=__version__,
        limits=_limits(parts.config),
        engines=[ModelsV2(engine.name, engine.version) for engine in parts.engines],
        languages=sorted({code for engine in parts.engines for code in engine.languages}),
        formats=FormatsV2(
            reads=[*MEDIA_TYPES.values(), *heic, PDF_MEDIA_TYPE],
            ocr=[JSON, *FORMATS, PDF],
            invoices=[JSON, *invoices.FORMATS],
        ),
        durability=parts.jobs.durability,
        callbacks=parts.webhooks is not None,
        entities=list(PiiKind),
        optional=optional,
    )


def _limits(config: AppConfig) -> LimitsV2:
    limits, ocr, jobs = config.limits, config.ocr, config.jobs
    return LimitsV2(
        body_bytes=limits.body_bytes,
        pixels=limits.pixels,
        side_px=limits.side_px,
        pages_now=limits.pages_now,
        pages_later=limits.pages_later,
        batch_files=limits.batch_files,
        text_characters=limits.text_characters,
        requests_per_minute=limits.requests_per_minute or None,
        page_deadline_s=ocr.deadline_s,
        wait_s=config.server.wait_s,
        job_wait_s=jobs.wait_s,
        job_deadline_s=jobs.deadline_s,
        result_ttl_s=jobs.ttl_s,
    )


@looks.get("/usage")
async def get_usage(caller: CallerDep, parts: PartsDep) -> UsageReportV2:
    """Say what the caller has used within a day: requests that brought work, bytes, pages."""
    used = await parts.usage.of_caller(caller.name)
    return UsageReportV2(
        since=parts.usage.since,
        requests=used.requests,
        pages=used.pages,
        bytes=used.size_bytes,
        requests_per_minute=parts.config.limits.requests_per_minute or None,
    )
