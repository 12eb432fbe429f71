"""Answers of the routes that keep files; the class name carries the version."""

from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict
from pydantic.config import JsonDict
from pydantic.dataclasses import dataclass

from readstone.uploads.upload import Upload

EXAMPLE_ID = "0d5c7f1e2b3a49688e7f6a5b4c3d2e1f"
FILES = "/v2/files"
EXAMPLE_FILE: JsonDict = {
    "id": EXAMPLE_ID,
    "filename": "scan.png",
    "media_type": "image/png",
    "bytes": 48_213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "status": "validated",
    "created_at": "2026-11-27T09:30:00Z",
    "links": {"self": f"{FILES}/{EXAMPLE_ID}", "content": f"{FILES}/{EXAMPLE_ID}/content"},
}


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "the file is kept",
                    "id": EXAMPLE_ID,
                    "filename": "scan.png",
                    "path": f"{FILES}/{EXAMPLE_ID}/content",
                    "status": "validated",
                    "upload_timestamp": "2026-11-27T09:30:00Z",
                }
            ]
        }
    )
)
class UploadResponseV1:
    """A file that is kept; `path` is where it can be fetched."""

    message: Literal["the file is kept"]
    id: str
    filename: str
    path: str
    status: Literal["validated"]
    upload_timestamp: datetime

    @classmethod
    def from_upload(cls, upload: Upload) -> Self:
        """Return the answer about an upload."""
        return cls(
            message="the file is kept",
            id=upload.id,
            filename=upload.filename,
            path=f"{FILES}/{upload.id}/content",
            status="validated",
            upload_timestamp=upload.created_at,
        )


@dataclass(config=ConfigDict(json_schema_extra={"examples": [EXAMPLE_FILE]}))
class FileV2:
    """A file that is kept; its `id` can be sent as `file_id` wherever a file can."""

    id: str
    filename: str
    media_type: str
    bytes: int
    sha256: str
    status: Literal["validated"]
    created_at: datetime
    links: dict[str, str]

    @classmethod
    def from_upload(cls, upload: Upload) -> Self:
        """Return the answer about an upload."""
        address = f"{FILES}/{upload.id}"
        return cls(
            id=upload.id,
            filename=upload.filename,
            media_type=upload.media_type,
            bytes=upload.size_bytes,
            sha256=upload.sha256,
            status="validated",
            created_at=upload.created_at,
            links={"self": address, "content": f"{address}/content"},
        )


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": f"https://bucket.s3.example/uploads/{EXAMPLE_ID}?X-Amz-Signature=9f86d0",
                    "expires_at": "2026-11-27T09:35:00Z",
                }
            ]
        }
    )
)
class FileLinkV2:
    """An address in the bucket where anybody can fetch a file, without a token, for a while."""

    url: str
    expires_at: datetime


@dataclass(
    config=ConfigDict(json_schema_extra={"examples": [{"files": [EXAMPLE_FILE], "next": None}]})
)
class FileListV2:
    """The newest files of the caller; `next` is the address of older ones, if there are any."""

    files: list[FileV2]
    next: str | None
