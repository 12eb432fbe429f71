"""Answers of the routes that tell how the service is."""

from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass


@dataclass(config=ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]}))
class HealthV1:
    """The process lives."""

    status: Literal["ok"] = "ok"


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [{"status": "ready", "workers": 2, "warm": 2, "waiting": 0, "jobs": 0}]
        }
    )
)
class ReadyV1:
    """The service takes work: engine workers in all, warm ones, tasks and jobs that wait."""

    workers: int
    warm: int
    waiting: int
    jobs: int
    status: Literal["ready"] = "ready"


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "readstone",
                    "version": "0.1.0",
                    "engine": "tesseract",
                    "engine_version": "5.5.4",
                    "languages": ["eng"],
                }
            ]
        }
    )
)
class VersionV1:
    """What runs here."""

    name: str
    version: str
    engine: str
    engine_version: str
    languages: list[str]
