"""Bytes become a document: what a worker does with one request."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from readstone.document import Page
from readstone.engine.base import OcrEngine, OcrOptions, PageImage, PictureLimits
from readstone.engine.bullets import with_bullets
from readstone.engine.doubts import known_places
from readstone.engine.joining import join
from readstone.engine.likeness import difference_hash
from readstone.engine.metadata import without_metadata
from readstone.engine.page_language import language_of_text
from readstone.engine.page_regions import within
from readstone.engine.pages import (
    PDF,
    PDF_MAGIC_WITHIN,
    decode_picture,
    document_format,
    frame_count,
    is_animated,
    opened,
    reencode,
)
from readstone.engine.pdf import open_page, open_pdf, page_count, render_page
from readstone.engine.proofread import confirm, ink_covered
from readstone.engine.read_image import read_image
from readstone.engine.text_layer import Doubt, TextLayer, read_text_layer
from readstone.errors import CorruptInput


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


def count_pages(reader: Reader, source: Path, options: OcrOptions) -> int:
    """Return the number of pages of a PDF or TIFF file."""
    if is_pdf(source):
        with open_pdf(source, options.password) as pdf:
            return page_count(pdf)
    return frame_count(source.read_bytes(), reader.limits)


def read_page(
    reader: Reader,
    source: bytes | Path,
    options: OcrOptions,
    number: int = 1,
) -> Page:
    """Return what stands on a page of a document; the first one has the number 1.

    Args:
        source: the bytes of a picture, or a file that may have many pages.
    """
    if isinstance(source, Path) and is_pdf(source):
        return _read_pdf_page(reader, source, options, number)
    image = _page_image(reader, source, options, number)
    return _read_image(reader, image, options, number)


def _read_image(reader: Reader, image: PageImage, options: OcrOptions, number: int) -> Page:
    page = read_image(reader.engine, image, options, number=number)
    covered = ink_covered(page, image.turned((page.rotation - image.rotation) % 360).gray)
    return replace(page, engines=(reader.engine.name,), covered=covered)


def read_doubtful(
    reader: Reader, source: bytes | Path, options: OcrOptions, number: int, first: Page
) -> Page:
    """Return a page that another engine has read, where that was not sure as this one reads it."""
    stored = _page_image(reader, source, options, number)
    image = stored.turned((first.rotation - stored.rotation) % 360)
    image = replace(image, known=known_places(first, image.gray))
    read = reader.engine.read(image, replace(options, lang=first.language), number=number)
    second = replace(with_bullets(read, image.gray), engines=(reader.engine.name,))
    return join(first, second, image, keep_doubtful=options.keep_noise)


def _page_image(
    reader: Reader, source: bytes | Path, options: OcrOptions, number: int
) -> PageImage:
    if isinstance(source, Path) and is_pdf(source):
        with (
            open_pdf(source, options.password) as pdf,
            open_page(pdf, number, reader.limits, dpi=options.dpi) as page,
        ):
            return render_page(page)
    data = source if isinstance(source, bytes) else source.read_bytes()
    return decode_picture(data, reader.limits, frame=number - 1)


def is_pdf(source: Path) -> bool:
    """Return whether a file is a PDF."""
    with source.open("rb") as file:
        return document_format(file.read(PDF_MAGIC_WITHIN)) == PDF


def _read_pdf_page(reader: Reader, source: Path, options: OcrOptions, number: int) -> Page:
    with (
        open_pdf(source, options.password) as pdf,
        open_page(pdf, number, reader.limits, dpi=options.dpi) as page,
    ):
        if options.text_layer != "never":
            layer = read_text_layer(page, language=options.lang)
            options = _in_its_language(reader.engine, layer.page, options)
            written = replace(layer.page, language=options.lang)
            if _is_believed(layer, options):
                return replace(within(written, options.regions), source="text_layer")
            if layer.doubt is Doubt.HIDDEN:
                confirmed = confirm(written, render_page(page), reader.engine, options)
                if confirmed is not None:
                    return replace(within(confirmed, options.regions), source="text_layer")
        return _read_image(reader, render_page(page), options, number)


def _in_its_language(engine: OcrEngine, page: Page, options: OcrOptions) -> OcrOptions:
    """Return options with the language of what a PDF says, if that is to be found."""
    code = language_of_text(page.text, engine, options.lang) if options.finds_language else None
    return replace(options, lang=code or options.lang)


def read_text_layers(
    reader: Reader, source: Path, options: OcrOptions, numbers: Sequence[int]
) -> list[Page]:
    """Return those of some pages of a PDF whose own text can be believed as it stands."""
    pages = []
    with open_pdf(source, options.password) as pdf:
        for number in numbers:
            with (
                suppress(CorruptInput),
                open_page(pdf, number, reader.limits, dpi=options.dpi) as page,
            ):
                layer = read_text_layer(page, language=options.lang)
                if _is_believed(layer, options):
                    lang = _in_its_language(reader.engine, layer.page, options).lang
                    written = within(replace(layer.page, language=lang), options.regions)
                    pages.append(replace(written, source="text_layer"))
    return pages


def _is_believed(layer: TextLayer, options: OcrOptions) -> bool:
    return options.text_layer == "only" or layer.doubt is None


def plays(reader: Reader, data: bytes) -> bool:
    """Say whether a picture is animated."""
    return is_animated(data, reader.limits)


def longer_side(reader: Reader, data: bytes) -> int:
    """Return the longer side of a picture in pixels."""
    with opened(data, reader.limits) as image:
        return max(image.size)


def bare_picture(reader: Reader, data: bytes) -> bytes:
    """Return a picture without what is told beside its pixels."""
    return without_metadata(data)


def picture_hash(reader: Reader, data: bytes) -> int:
    """Return 64 bits that are nearly the same for pictures that look the same."""
    return difference_hash(decode_picture(data, reader.limits).gray)


def echo_picture(reader: Reader, data: bytes) -> tuple[bytes, str]:
    """Return the picture, encoded again without metadata, and its media type."""
    return reencode(data, reader.limits)
