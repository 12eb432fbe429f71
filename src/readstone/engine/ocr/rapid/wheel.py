"""The rapidocr wheel, of which the models are used; nothing of it is imported."""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from readstone.errors import Unavailable

PACKAGE = "rapidocr"


def is_installed() -> bool:
    """Return whether the wheel is there."""
    return find_spec(PACKAGE) is not None


def wheel_version() -> str:
    """Return the version of the wheel; raise Unavailable, with the remedy, without it."""
    models_folder()
    return version(PACKAGE)


def models_folder() -> Path:
    """Return where the wheel keeps its models; raise Unavailable without it."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Unavailable(
            "the second engine is not installed; run scripts/setup.sh --with rapidocr, or set "
            "ocr.second_engine to auto or off"
        )
    return Path(spec.origin).parent / "models"
