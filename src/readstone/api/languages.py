"""Which languages are installed."""

from fastapi import APIRouter

from readstone.api.deps import PartsDep
from readstone.engine.ocr.languages import language
from readstone.models.languages import LanguagesV2, LanguageV2, ModelsV2

router = APIRouter(prefix="/v2", tags=["ocr v2"])


@router.get("/languages")
async def list_languages(parts: PartsDep) -> LanguagesV2:
    """Say in which languages documents can be read; `scripts/setup.sh --languages` adds more."""
    engines = parts.engines
    codes = sorted({code for engine in engines for code in engine.languages})
    return LanguagesV2(
        default=parts.config.ocr.language,
        languages=[
            LanguageV2(
                code=code,
                name=language(code).name,
                tag=language(code).tag or None,
                script=language(code).script or None,
                auto=language(code).is_usual,
                engines=[engine.name for engine in engines if code in engine.languages],
            )
            for code in codes
        ],
        models=[ModelsV2(engine.name, engine.version) for engine in engines],
    )
