"""Builds what reads: the pools of engine workers of a configuration."""

from functools import partial
from importlib.util import find_spec

from readstone.engine.base import PictureLimits
from readstone.engine.ocr.rapid import wheel
from readstone.engine.ocr.rapid.alphabets import LANGUAGES
from readstone.engine.ocr.tessdata import find_tessdata, installed_languages
from readstone.engine.on_demand import PoolOnDemand
from readstone.engine.pool import EnginePool
from readstone.engine.recognise import EngineFacts, build_reader
from readstone.errors import ConfigError, Unavailable
from readstone.reading import SecondEngine
from readstone.settings import AppConfig, OcrConfig

ENGINES = {
    "tesserocr": "readstone.engine.ocr.tesseract:TesseractEngine",
    "pytesseract": "readstone.engine.ocr.tesseract_cli:TesseractCliEngine",
    "rapidocr": "readstone.engine.ocr.rapid.engine:RapidEngine",
}
SECOND_IDLE_S = 300.0


def build_pool(config: AppConfig) -> EnginePool:
    """Return the pool of engine workers, not yet started."""
    return _engine_pool(config, choose_binding(config.ocr), workers=config.ocr.worker_count)


def build_second_engine(config: AppConfig) -> SecondEngine | None:
    """Return the second engine, of which nothing is started; None without it.

    Raises:
        Unavailable: it is always to read, and is not installed.
    """
    policy = config.ocr.second_engine
    if policy == "off" or (policy == "auto" and not wheel.is_installed()):
        return None
    facts = EngineFacts("rapidocr", wheel.wheel_version(), LANGUAGES)
    build = partial(_engine_pool, config, "rapidocr", workers=config.ocr.second_workers)
    return SecondEngine(PoolOnDemand(build, idle_s=SECOND_IDLE_S), facts, policy)


def _engine_pool(config: AppConfig, name: str, *, workers: int) -> EnginePool:
    ocr, limits = config.ocr, config.limits
    return EnginePool(
        partial(
            build_reader,
            ENGINES[name],
            tessdata=find_tessdata(ocr.tessdata),
            language=ocr.language,
            limits=PictureLimits(limits.pixels, limits.side_px),
        ),
        workers=workers,
        max_tasks=ocr.worker_tasks,
        memory_bytes=ocr.worker_memory_mb * 2**20,
        # The fork server is one for all pools: what starts at once is the first engine.
        preload=(
            "readstone.engine.recognise",
            ENGINES[choose_binding(ocr)].partition(":")[0],
        ),
    )


def choose_binding(ocr: OcrConfig) -> str:
    """Return the name of the binding that is to be used.

    Raises:
        Unavailable: no language data, or the binding that was asked for, is installed.
        ConfigError: the default language is not installed.
    """
    languages = installed_languages(find_tessdata(ocr.tessdata))
    if missing := set(ocr.language.split("+")) - set(languages):
        raise ConfigError(
            f"ocr.language: {', '.join(sorted(missing))} is not installed; installed are "
            f"{', '.join(languages)}; scripts/setup.sh --languages adds more"
        )
    has_wheel = find_spec("tesserocr") is not None
    if ocr.engine == "tesserocr" and not has_wheel:
        raise Unavailable("ocr.engine: tesserocr is not installed; choose pytesseract or auto")
    return "pytesseract" if ocr.engine == "pytesseract" or not has_wheel else "tesserocr"
