"""Where Tesseract's language data lies, and which languages are there."""

import os
import sys
from pathlib import Path

from readstone.errors import Unavailable

NOT_LANGUAGES = frozenset({"osd", "equ"})
INSTALL = "run scripts/setup.sh, or set ocr.tessdata to the folder of eng.traineddata"


def find_tessdata(configured: str = "auto") -> Path:
    """Return the folder with the language data; raise Unavailable when there is none.

    Args:
        configured: a folder, or `auto` for the first of: TESSDATA_PREFIX, the virtual environment,
            where Debian and other systems put it.
    """
    for folder in [Path(configured)] if configured != "auto" else _usual_places():
        if any(folder.glob("*.traineddata")):
            return folder
    raise Unavailable(f"no Tesseract language data is installed; {INSTALL}")


def installed_languages(tessdata: Path) -> tuple[str, ...]:
    """Return the codes that can be asked for, such as `eng` and `script/Latin`, sorted."""
    files = tessdata.rglob("*.traineddata")
    codes = {file.relative_to(tessdata).with_suffix("").as_posix() for file in files}
    return tuple(sorted(codes - NOT_LANGUAGES))


def _usual_places() -> list[Path]:
    named = os.environ.get("TESSDATA_PREFIX")
    return [
        *([Path(named), Path(named) / "tessdata"] if named else []),
        Path(sys.prefix) / "share/tessdata",
        *sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True),
        Path("/usr/share/tessdata"),
        Path("/usr/local/share/tessdata"),
    ]
