"""The answer of the route that exports; the class name carries the version."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from readstone.models.uploads import EXAMPLE_ID
from readstone.uploads.upload import Total, Upload


@dataclass
class ExportTotalV2:
    """How many files of a type there are, and how large they are together."""

    media_type: str
    files: int
    bytes: int


@dataclass
class ExportedFileV2:
    """The text of a file without personal data; neither its name nor its digest is told."""

    id: str
    media_type: str
    bytes: int
    created_at: datetime
    text: str


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "totals": [{"media_type": "image/png", "files": 1, "bytes": 48_213}],
                    "files": [
                        {
                            "id": EXAMPLE_ID,
                            "media_type": "image/png",
                            "bytes": 48_213,
                            "created_at": "2026-11-27T09:30:00Z",
                            "text": "Dear Ms. [PERSON], please call [PHONE].",
                        }
                    ],
                    "next": None,
                }
            ]
        }
    )
)
class ExportResponseV2:
    """What may leave: sums over all files, and a page of masked texts, the newest first.

    `next` is the address of older ones, if there are any.
    """

    totals: list[ExportTotalV2]
    files: list[ExportedFileV2]
    next: str | None

    @classmethod
    def of(
        cls, totals: Iterable[Total], masked: Sequence[tuple[Upload, str]], *, more: str | None
    ) -> Self:
        """Return the answer for some uploads and their masked texts."""
        return cls(
            totals=[ExportTotalV2(each.media_type, each.files, each.size_bytes) for each in totals],
            files=[
                ExportedFileV2(
                    id=upload.id,
                    media_type=upload.media_type,
                    bytes=upload.size_bytes,
                    created_at=upload.created_at,
                    text=text,
                )
                for upload, text in masked
            ],
            next=more,
        )
