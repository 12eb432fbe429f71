"""Bytes become a document: what a worker does with one request."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from readstone.document import Document, PageWarning
from readstone.engine.base import OcrEngine, OcrOptions, PictureLimits
from readstone.engine.pages import decode_picture, reencode


@dataclass(frozen=True, slots=True)
class Reader:
    """The warm state of a worker: an engine, and what may be decoded."""

    engine: OcrEngine
    limits: PictureLimits


def build_reader(target: str, *, tessdata: Path, language: str, limits: PictureLimits) -> Reader:
    """Return the warm state of a worker, with the engine that `module:Class` names."""
    module, _, name = target.partition(":")
    engine = getattr(import_module(module), name)(tessdata, warm=language)
    return Reader(engine, limits)


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """Which engine reads, in which version, and which languages it has."""

    name: str
    version: str
    languages: tuple[str, ...]


def describe_engine(reader: Reader) -> EngineFacts:
    """Return what is known of the engine; raise Unavailable when it does not work."""
    engine = reader.engine
    return EngineFacts(engine.name, engine.check(), engine.languages())


def read_document(reader: Reader, data: bytes, options: OcrOptions) -> Document:
    """Return what stands on a picture."""
    image = decode_picture(data, reader.limits)
    page = reader.engine.read(image, options)
    warnings = () if page.lines else (PageWarning("no_text", page.number),)
    return Document((page,), reader.engine.name, reader.engine.check(), warnings)


def echo_picture(reader: Reader, data: bytes) -> tuple[bytes, str]:
    """Return the picture, encoded again without metadata, and its media type."""
    return reencode(data, reader.limits)
