"""Requests of the route that takes many files; the class name carries the version."""

from dataclasses import field
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from readstone.models.ocr import EXAMPLE_PICTURE

EXAMPLE_BATCH: dict[str, Any] = {"files": [{"data": EXAMPLE_PICTURE}], "kind": "ocr", "lang": "eng"}
Id = Annotated[str, Field(max_length=100)]
Target = Annotated[str, Field(max_length=2000)]


@dataclass(config=ConfigDict(extra="forbid"))
class BatchFileV2:
    """A file in base64, or the id of one that is kept."""

    data: str | None = None
    file_id: Id | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.data is None) == (self.file_id is None):
            raise ValueError("send either `data` or `file_id`")
        return self


@dataclass(config=ConfigDict(extra="ignore", json_schema_extra={"examples": [EXAMPLE_BATCH]}))
class BatchRequestV2:
    """What is done with every file, and who is told when all have ended.

    The options of the kind's own route stand beside these and hold for every file; how a result is
    sent, as `format`, is asked for with the result.
    """

    files: list[BatchFileV2] = field(default_factory=list)
    kind: Literal["ocr", "invoice", "redact"] = "ocr"
    callback: Target | None = None
    callback_url: Target | None = None
