"""Requests and answers of the first version, and of the small routes beside it."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, SecretStr
from pydantic.dataclasses import dataclass

from readstone.models.ocr import EXAMPLE_PICTURE, EXAMPLE_TEXT, Lang


def _example(**members: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [members]})


@dataclass(config=_example(data=EXAMPLE_PICTURE, lang="eng"))
class ImageSyncRequestV1:
    """A picture in base64, to be read at once."""

    data: str
    lang: Lang | None = None
    token: SecretStr | None = None


@dataclass(config=_example(data=EXAMPLE_PICTURE, lang="eng"))
class ImageAsyncRequestV1(ImageSyncRequestV1):
    """A picture in base64, to be read later."""


@dataclass(config=_example(text=EXAMPLE_TEXT, ts=1795226400, version="v1", status="success"))
class ImageSyncResponseV1:
    """The text of a picture; `ts` is in seconds since 1970."""

    text: str
    ts: int
    version: Literal["v1"] = "v1"
    status: Literal["success"] = "success"


@dataclass(
    config=_example(
        jobid="5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
        ts=1795226400,
        version="v1",
        status="queued",
        durability="volatile",
    )
)
class ImageAsyncResponseV1:
    """The id under which the text can be asked for; a `volatile` job is lost with the process."""

    jobid: str
    ts: int
    status: Literal["queued"]
    durability: str
    version: Literal["v1"] = "v1"


@dataclass(config=_example(jobid="5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f"))
class ImageAsyncGetRequestV1:
    """The id of a job."""

    jobid: Annotated[str, Field(max_length=100)]
    token: SecretStr | None = None


@dataclass(
    config=_example(
        jobid="5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
        text=EXAMPLE_TEXT,
        ts=1795226400,
        version="v1",
        status="succeeded",
        error=None,
    )
)
class ImageAsyncGetResponseV1:
    """Where a job stands; `text` is empty until it has succeeded, `error` says why it failed."""

    jobid: str
    text: str
    ts: int
    status: str
    error: str | None = None
    version: Literal["v1"] = "v1"


@dataclass(config=_example(results=["Hello,", "Readstone!"], original="Hello,\nReadstone!"))
class PictureTextResponseV1:
    """The lines of a picture that hold any text, and its text as it was read."""

    results: list[str]
    original: str
