"""A folder of documents whose text is known, as its manifest lists them."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from readstone.errors import InvalidRequest

NAME = "manifest.jsonl"
EXAMPLE = '{"file": "scan.png", "text": "scan.txt", "lang": "eng", "kind": "letter"}'


@dataclass(frozen=True, slots=True)
class Case:
    """A document and the text that stands on it.

    Attributes:
        truth: with a form feed between pages, where the pages are known.
        lang: Tesseract codes, None when the manifest does not say.
        kind: what it is an example of; empty when the manifest does not say.
        turn: degrees clockwise by which it is turned before it is read; None to take it as it is.
        at_signs: whether words are cut at signs before they are compared.
    """

    file: Path
    truth: str
    lang: str | None
    kind: str
    password: str | None
    turn: int | None = None
    at_signs: bool = False


class _Row(BaseModel):
    """One line of a manifest; `text` is the text itself or, ending in .txt, the file with it."""

    file: str
    text: str | None = None
    lang: str | None = None
    kind: str = ""
    password: str | None = None


def read_manifest(folder: Path) -> list[Case]:
    """Return the cases of a folder; rows without a text say nothing about reading.

    Raises:
        InvalidRequest: there is no manifest, or a line of it cannot be used; the detail names it.
    """
    path = folder / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InvalidRequest(
            f"{folder} has no {NAME} that can be read; "
            "write one with a JSON object a line, for each document, such as\n"
            f"  {EXAMPLE}\n"
            "`text` is the true text or, ending in .txt, a file with it; a form feed parts pages; "
            "`lang`, `kind` and `password` may be left out"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{path} is not UTF-8") from error
    rows = [(f"{path}, line {n}", line) for n, line in enumerate(lines, start=1) if line.strip()]
    cases = [case for place, line in rows if (case := _case(folder, place, line))]
    if not cases:
        raise InvalidRequest(f"{path}: no line has a `text`, the true text of its file")
    return cases


def _case(folder: Path, place: str, line: str) -> Case | None:
    try:
        row = _Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        key = "".join(f"{part}: " for part in first["loc"])
        raise InvalidRequest(
            f"{place}: {key}{first['msg']}; a line looks like {EXAMPLE}"
        ) from error
    if row.text is None:
        return None
    file = folder / row.file
    if not file.is_file():
        raise InvalidRequest(f"{place}: there is no file {file}")
    truth = _text(folder / row.text, place) if row.text.endswith(".txt") else row.text
    return Case(file, truth.rstrip("\f\n"), row.lang, row.kind, row.password)


def _text(path: Path, place: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidRequest(f"{place}: there is no file {path} that can be read") from error
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{place}: {path} is not UTF-8") from error
