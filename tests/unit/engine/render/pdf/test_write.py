"""Tests of engine/render/pdf: whole documents, of pictures and of PDFs."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from readstone.document import Box, Document, Page, unread_page
from readstone.engine.base import OcrOptions, PictureLimits
from readstone.engine.recognise import Reader, read_page
from readstone.engine.render.pdf import searchable_pdf
from readstone.errors import CorruptInput
from tests.fakes import FakeEngine
from tests.unit.engine.render.pdf.places import found, overlap, text_of

TESTDATA = Path(__file__).parents[5] / "testdata"
READER = Reader(FakeEngine(), PictureLimits(50_000_000, 32_767))
OPTIONS = OcrOptions()
WORDS = ("Bookbinders", "Okafor,", "sincerely,")

Change = Callable[[pikepdf.Pdf], None]


def recognised(path: Path, **options: object) -> Page:
    """Return what the hidden text of a scan says, as if it had been recognised."""
    page = read_page(READER, path, OcrOptions(text_layer="only", **options))
    return replace(page, source="ocr", error=None)


def written(source: Path | bytes, *pages: Page, options: OcrOptions = OPTIONS) -> bytes:
    """Return the searchable PDF of a document; QPDF finds no fault in it."""
    data = searchable_pdf(READER, source, options, Document(pages, "stone", "1"))
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    return data


@pytest.fixture
def scan(tmp_path: Path) -> Callable[[Change], Path]:
    """Make a file of the scan with hidden text, changed."""

    def changed(change: Change) -> Path:
        path = tmp_path / "scan.pdf"
        with pikepdf.open(TESTDATA / "pdf" / "scan_with_text.pdf") as pdf:
            change(pdf)
            pdf.save(path)
        return path

    return changed


def turn(degrees: int) -> Change:
    """Turn the page, and show only a part of it."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = degrees
        pdf.pages[0].CropBox = [40, 60, 560, 830]

    return change


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_words_stand_where_they_stood(scan: Callable[[Change], Path], degrees: int) -> None:
    """On a page that is turned and cropped, the new text lies where the old one lay, once."""
    path = scan(turn(degrees))
    page = recognised(path)
    assert page.rotation == degrees
    data = written(path, page)
    assert sorted(text_of(data).split()) == sorted(text_of(path.read_bytes()).split())
    for word in WORDS:
        (before,), (after,) = found(path.read_bytes(), word), found(data, word)
        assert overlap(before, after) > 0.7


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_page_that_was_found_turned_is_turned_upright(
    scan: Callable[[Change], Path], degrees: int
) -> None:
    """What reading found is what a viewer shows, and the text goes with it."""
    page = recognised(scan(turn(degrees)))
    path = scan(turn(0))
    data = written(path, page)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert int(pdf.pages[0].obj.get("/Rotate", 0)) == degrees
    for word in WORDS:
        (before,), (after,) = found(path.read_bytes(), word), found(data, word)
        assert overlap(before, after) > 0.7


def test_page_looks_as_it_did(scan: Callable[[Change], Path]) -> None:
    """Neither new nor removed text is seen."""
    path = scan(turn(90))
    with (
        pdfium.PdfDocument(path) as before,
        pdfium.PdfDocument(written(path, recognised(path))) as after,
    ):
        images = [pdf[0].render(scale=1).to_numpy() for pdf in (before, after)]
    assert np.array_equal(*images)


def test_text_that_is_believed_stays() -> None:
    """A page whose own text was taken keeps its content byte for byte."""
    path = TESTDATA / "pdf" / "two_columns.pdf"
    page = read_page(READER, path, OcrOptions())
    assert page.source == "text_layer"
    with (
        pikepdf.open(path) as before,
        pikepdf.open(BytesIO(written(path, replace(page, source="text_layer")))) as after,
    ):
        contents = [pdf.pages[0].Contents.read_bytes() for pdf in (before, after)]
    assert contents[0] == contents[1]


def test_shown_text_is_not_put_there_again() -> None:
    """Words that can be selected at their place need no invisible ones; others do."""
    path = TESTDATA / "pdf" / "line.pdf"
    page = recognised(path)
    assert text_of(written(path, page)).split() == page.text.split()
    far = [word._replace(box=Box(10, 3000, 200, 3040)) for word in page.lines[0].words[:1]]
    page = replace(page, lines=(*page.lines, replace(page.lines[0], words=tuple(far))))
    assert text_of(written(path, page)).split().count(far[0].text) == 2


def test_shown_text_without_sense_is_no_reason_to_leave_words_out() -> None:
    """Where the font of a page says nothing, its words can only be found in ours."""
    page = recognised(TESTDATA / "pdf" / "line.pdf")
    data = written(TESTDATA / "pdf" / "nonsense.pdf", page)
    assert len(found(data, "blue")) == 1


def test_pages_are_those_that_were_read(tmp_path: Path) -> None:
    """Others are left out; one that could not be read is there as it was."""
    path = tmp_path / "three.pdf"
    with pikepdf.open(TESTDATA / "pdf" / "scan_with_text.pdf") as pdf:
        for _ in range(2):
            pdf.pages.append(pdf.pages[0])
        pdf.save(path)
    page = replace(recognised(path), number=3)
    data = written(path, unread_page(2, "eng", "too_costly"), page)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2
    assert "Bookbinders" in text_of(data, 2)
    assert "Bookbinders" in text_of(data, 1)


def test_password_opens_and_is_gone() -> None:
    """Whoever could read the document gets it without its lock."""
    path, options = TESTDATA / "pdf" / "user_password.pdf", OcrOptions(password="open sesame")
    page = read_page(READER, path, options)
    assert "blue" in text_of(written(path, page, options=options))


def test_file_that_cannot_be_written_again_is_refused(tmp_path: Path) -> None:
    """What only one of two libraries understands is damaged."""
    path = tmp_path / "damaged.pdf"
    path.write_bytes((TESTDATA / "pdf" / "line.pdf").read_bytes().replace(b"/Pages", b"/Pagan"))
    with pytest.raises(CorruptInput, match="too damaged"):
        written(path, recognised(TESTDATA / "pdf" / "line.pdf"))


@pytest.mark.parametrize(
    ("size", "dpi", "inches"),
    [
        ((1000, 500), 100, 10),
        ((1000, 500), None, 1000 / 150),
        ((5845, 500), None, 11.69),
        ((30000, 10), 72, 200),
        ((1, 1), 300, 3 / 72),
    ],
)
def test_picture_becomes_a_page_of_its_size(
    size: tuple[int, int], dpi: int | None, inches: float
) -> None:
    """As large as it says, or as a sheet of paper, and never larger than viewers show."""
    out = BytesIO()
    Image.new("1", size, 1).save(out, "PNG", dpi=(dpi, dpi) if dpi else None)
    page = Page(1, *size, dpi, 0, "eng", "", 0.0, ())
    with pikepdf.open(BytesIO(written(out.getvalue(), page))) as pdf:
        width = float(pdf.pages[0].mediabox[2])
    assert width == pytest.approx(72 * inches, rel=0.01)


def test_resolution_that_was_asked_for_counts() -> None:
    """The option goes before what the file says."""
    data = (TESTDATA / "dpi" / "two_hundred.png").read_bytes()
    page = read_page(READER, data, OPTIONS)
    widths = []
    for options in (OPTIONS, OcrOptions(dpi=100)):
        with pikepdf.open(BytesIO(written(data, page, options=options))) as pdf:
            widths.append(float(pdf.pages[0].mediabox[2]))
    assert widths[1] == pytest.approx(2 * widths[0])


def test_pages_of_a_tiff_become_pages() -> None:
    """Each has its own text; one that could be neither read nor decoded is blank."""
    path = TESTDATA / "format" / "two_pages.tif"
    second = read_page(READER, path, OPTIONS, 2)
    data = written(path, unread_page(1, "eng", "too_costly"), second)
    assert text_of(data, 1) == ""
    assert "Quince" in text_of(data, 2)
    data = written(path, second, unread_page(3, "eng", "corrupt_input"))
    with pikepdf.open(BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2
        assert "/XObject" not in pdf.pages[1].resources


def test_own_result_can_be_read_and_written_again(tmp_path: Path) -> None:
    """What we wrote is read as it was meant, and after a second round it is there once."""
    first = recognised(TESTDATA / "pdf" / "scan_with_text.pdf")
    path = tmp_path / "once.pdf"
    path.write_bytes(written(TESTDATA / "pdf" / "scan.pdf", first))
    second = recognised(path)
    assert second.text.split() == first.text.split()
    for one, other in zip(first.lines, second.lines, strict=True):
        assert [word.box[::2] for word in other.words] == [
            pytest.approx(word.box[::2], abs=2) for word in one.words
        ]
    assert text_of(written(path, second)).split() == first.text.split()
