"""What a message must hold that brings a document; the class name carries the version."""

from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

# As long as the id of a request may be, and so that both together are a key.
Id = Annotated[str, Field(min_length=1, max_length=64)]
Source = Annotated[str, Field(min_length=1, max_length=190)]


@dataclass(config=ConfigDict(extra="ignore"))
class DocumentEventV1:
    """A CloudEvent that brings a document: `data` is the JSON that the route of its type takes.

    In place of `data` there may be `data_base64`, the document alone.
    """

    specversion: Literal["1.0"]
    id: Id
    source: Source
    type: Literal["ocr.requested", "invoice.requested"]
    data: dict[str, Any] = field(default_factory=dict)
    data_base64: str | None = None

    @property
    def key(self) -> str:
        """The same for the same event, and for no other."""
        return f"{self.source}#{self.id}"
