"""Answers about what a deployment can do and has done; the class name carries the version."""

from datetime import datetime
from typing import Any

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from readstone.models.languages import ModelsV2


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-11-26T09:00:00Z",
                    "requests": 118,
                    "pages": 342,
                    "bytes": 91_400_312,
                    "requests_per_minute": 100,
                }
            ]
        }
    )
)
class UsageReportV2:
    """What a caller has used since then: requests that brought work, their bytes, pages read.

    `requests_per_minute` is how many of them are let in; null for any number.
    """

    since: datetime
    requests: int
    pages: int
    bytes: int
    requests_per_minute: int | None


@dataclass
class LimitsV2:
    """What one request may bring and how long it may take; each is a setting."""

    body_bytes: int
    pixels: int
    side_px: int
    pages_now: int
    pages_later: int
    batch_files: int
    text_characters: int
    requests_per_minute: int | None
    page_deadline_s: float
    wait_s: float
    job_wait_s: float
    job_deadline_s: float
    result_ttl_s: float


@dataclass
class FormatsV2:
    """Which documents are read, and as what results are written."""

    reads: list[str]
    ocr: list[str]
    invoices: list[str]


EXAMPLE_CAPABILITIES: dict[str, Any] = {
    "version": "0.1.0",
    "limits": {
        "body_bytes": 25_000_000,
        "pixels": 50_000_000,
        "side_px": 32_767,
        "pages_now": 20,
        "pages_later": 500,
        "batch_files": 100,
        "text_characters": 100_000,
        "requests_per_minute": None,
        "page_deadline_s": 30,
        "wait_s": 20,
        "job_wait_s": 600,
        "job_deadline_s": 600,
        "result_ttl_s": 86_400,
    },
    "engines": [{"engine": "tesseract", "version": "5.5.4"}],
    "languages": ["eng"],
    "formats": {
        "reads": ["image/png", "image/jpeg", "application/pdf"],
        "ocr": ["json", "text", "hocr", "alto", "tsv", "markdown", "pdf"],
        "invoices": ["json", "ubl", "csv"],
    },
    "durability": "durable",
    "callbacks": False,
    "entities": ["person", "email"],
    "optional": {"heic": False, "rapidocr": True},
}


@dataclass(config=ConfigDict(json_schema_extra={"examples": [EXAMPLE_CAPABILITIES]}))
class CapabilitiesV2:
    """What this deployment can do.

    `durability` says whether jobs survive the process, `callbacks` whether anybody may be called
    back, `entities` which personal data is found, and `optional` which sets are installed.
    """

    version: str
    limits: LimitsV2
    engines: list[ModelsV2]
    languages: list[str]
    formats: FormatsV2
    durability: str
    callbacks: bool
    entities: list[str]
    optional: dict[str, bool]
