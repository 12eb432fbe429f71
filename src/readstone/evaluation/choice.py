"""Which documents are evaluated, and how they are to be read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from readstone.errors import InvalidRequest
from readstone.evaluation.manifest import Case, read_manifest
from readstone.models.ocr import OcrRequestV2

NOT_SET = {"classify", "detail", "format", "parameters"}
PARAMETER = "parameters."


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents of a folder are read, and in which row of the table each of them counts.

    Attributes:
        kinds: patterns such as `photo*`, one of which the kind of a document has to match.
        limit: so many of each folder, from the first one on; 0 is all of them.
        by: what tells the row.
        turn: degrees clockwise by which each is turned before it is read, which only pictures can
            be; None to take them as they are.
        at_signs: whether words are cut at signs before they are compared.
    """

    kinds: Sequence[str] = ("*",)
    limit: int = 0
    by: Literal["kind", "lang"] = "kind"
    turn: int | None = None
    at_signs: bool = False

    def cases(self, folder: Path) -> list[Case]:
        """Return the chosen documents of a folder, of which there is at least one.

        Raises:
            InvalidRequest: its manifest cannot be used, or has none of these kinds.
        """
        cases = read_manifest(folder)
        chosen = [case for case in cases if any(fnmatchcase(case.kind, k) for k in self.kinds)]
        if not chosen:
            there_are = ", ".join(sorted({case.kind or "documents without one" for case in cases}))
            raise InvalidRequest(f"{folder} has none of this kind; there are {there_are}")
        if self.turn is not None:
            chosen = [replace(c, turn=self.turn) for c in chosen if c.file.suffix != ".pdf"]
        return [replace(case, at_signs=self.at_signs) for case in chosen[: self.limit or None]]

    def row(self, case: Case) -> str:
        """Return the name of the row in which a document counts; empty when it has none."""
        return (case.lang or "") if self.by == "lang" else case.kind


def request_of(settings: Sequence[str], lang: str | None) -> OcrRequestV2:
    """Return how documents are to be read: words such as `psm=6`, and a language for all of them.

    Raises:
        InvalidRequest: there is no such option, or it cannot have this value.
    """
    known = sorted({each.name for each in fields(OcrRequestV2)} - NOT_SET)
    asked: dict[str, Any] = {"lang": lang}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if name.startswith(PARAMETER):
            asked.setdefault("parameters", {})[name.removeprefix(PARAMETER)] = value
        elif equals and name in known:
            asked[name] = value
        else:
            raise InvalidRequest(
                f"--set {setting}: write NAME=VALUE; the names are {', '.join(known)}, and "
                f"{PARAMETER}X for Tesseract's variable X"
            )
    try:
        return TypeAdapter(OcrRequestV2).validate_python(asked)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidRequest(f"{first['loc'][0]}={first['input']}: {first['msg']}") from error
