"""Tests of engine/pdf.py, on the files that tests/make_testpdfs.py makes."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readstone.engine.base import PageImage, PictureLimits
from readstone.engine.pdf import open_page, open_pdf, page_count, render_page
from readstone.errors import (
    CorruptInput,
    ImageTooLarge,
    InvalidRequest,
    PasswordNeeded,
    ReadstoneError,
    UnsupportedType,
)

TESTDATA = Path(__file__).parents[3] / "testdata"
PDFS = TESTDATA / "pdf"
LIMITS = PictureLimits(max_pixels=50_000_000, max_side=32_767)
A4_AT_300_DPI = (3507, 2480)


def rendered(
    name: str, *, limits: PictureLimits = LIMITS, dpi: int | None = None, password: str = ""
) -> PageImage:
    """Return the image of the first page of a file."""
    with open_pdf(PDFS / name, password) as pdf, open_page(pdf, 1, limits, dpi=dpi) as page:
        return render_page(page)


def test_pdf_is_opened_from_memory_as_from_a_file() -> None:
    """Both ways give the same pages."""
    for source in (PDFS / "line.pdf", (PDFS / "line.pdf").read_bytes()):
        with open_pdf(source) as pdf:
            assert page_count(pdf) == 1


@pytest.mark.parametrize(
    ("password", "message"), [(None, "send its password"), ("guess", "this is not its password")]
)
def test_encrypted_pdf_asks_for_its_password(password: str | None, message: str) -> None:
    """The answer says whether the password is missing or wrong."""
    with (
        pytest.raises(PasswordNeeded, match=message),
        open_pdf(PDFS / "user_password.pdf", password),
    ):
        pass


def test_encrypted_pdf_opens_with_its_password() -> None:
    """What is drawn on the page is seen."""
    assert rendered("user_password.pdf", password="open sesame").gray.min() < 50


def test_pdf_that_only_forbids_printing_is_read() -> None:
    """A file that anybody can open needs no password."""
    assert rendered("owner_password.pdf").gray.min() < 50


@pytest.mark.parametrize("name", ["damaged.pdf", "no_pages.pdf"])
def test_pdf_without_a_page_is_corrupt(name: str) -> None:
    """Neither half a file nor one with no pages can be read."""
    with pytest.raises(CorruptInput), open_pdf(PDFS / name):
        pass


@pytest.mark.parametrize("name", ["line.pdf", "damaged.pdf", "no_pages.pdf", "user_password.pdf"])
def test_no_pdf_stays_open(name: str) -> None:
    """Whether it can be read or not, its file is closed."""
    with suppress(ReadstoneError), open_pdf(PDFS / name):
        pass
    is_open = [Path(each).resolve().name == name for each in Path("/proc/self/fd").iterdir()]
    assert not any(is_open)


def test_pdf_encrypted_for_a_key_is_refused() -> None:
    """No password opens a file that was encrypted for a certificate."""
    with pytest.raises(UnsupportedType, match="no password"), open_pdf(PDFS / "public_key.pdf"):
        pass


def test_broken_page_leaves_the_others() -> None:
    """The first page is rendered, and the second one is corrupt."""
    with open_pdf(PDFS / "broken_page.pdf") as pdf:
        assert page_count(pdf) == 2
        with open_page(pdf, 1, LIMITS) as page:
            assert render_page(page).gray.min() < 50
        with pytest.raises(CorruptInput, match="page 2"), open_page(pdf, 2, LIMITS):
            pass


def test_page_of_which_nothing_is_shown_is_corrupt() -> None:
    """There is nothing to render, and the answer says of which page."""
    with pytest.raises(CorruptInput, match="page 1 of the PDF has no size"):
        rendered("cropped_away.pdf")


@pytest.mark.parametrize("number", [0, 2, -1])
def test_page_that_is_not_there_is_refused(number: int) -> None:
    """Pages are counted from 1, and the answer says how many there are."""
    with (
        open_pdf(PDFS / "line.pdf") as pdf,
        pytest.raises(InvalidRequest, match="the document has 1"),
        open_page(pdf, number, LIMITS),
    ):
        pass


def test_printed_page_is_rendered_dark_on_white_at_300_dpi() -> None:
    """Its image has the size of the paper, and the text is on it."""
    image = rendered("line.pdf")
    assert (image.gray.shape, image.dpi, image.rotation) == (A4_AT_300_DPI, 300, 0)
    assert (np.median(image.gray), image.gray.dtype) == (255, np.uint8)
    assert 1_000 < np.sum(image.gray < 100) < 100_000


def test_scan_is_rendered_pixel_by_pixel() -> None:
    """A page that is one picture gets the resolution and the pixels of the picture."""
    image = rendered("scan.pdf")
    with Image.open(TESTDATA / "page" / "letter.png") as letter:
        stored = np.asarray(letter.convert("L"))
    assert (image.gray.shape, image.dpi) == (stored.shape, 125)
    assert np.abs(image.gray.astype(int) - stored).max() <= 1


def test_scan_in_strips_is_rendered_as_finely_as_the_strips() -> None:
    """A strip as wide as the page keeps its number of pixels."""
    with Image.open(TESTDATA / "line" / "line.png") as strip:
        assert rendered("strips.pdf").gray.shape[1] == strip.width


def test_scan_with_a_stamp_is_rendered_for_reading_the_stamp() -> None:
    """Text on top of a coarse scan is not rendered as coarsely."""
    assert rendered("stamped_scan.pdf").dpi == 300


def test_text_beneath_a_scan_does_not_change_its_resolution() -> None:
    """What the picture hides needs no pixels."""
    assert rendered("scan_over_text.pdf").dpi == 125


def test_wanted_resolution_is_used() -> None:
    """It overrides that of a scan."""
    image = rendered("scan.pdf", dpi=200)
    assert (image.gray.shape, image.dpi) == ((2338, 1653), 200)


def test_page_is_turned_and_cropped_as_the_file_says() -> None:
    """A strip 400 points wide and 200 high becomes a picture on its side, the line in it."""
    image = rendered("turned.pdf")
    assert (image.gray.shape, image.rotation) == ((1666, 833), 90)
    rows, columns = np.nonzero(image.gray < 100)
    assert np.ptp(rows) > 5 * np.ptp(columns)


def test_filled_in_field_is_drawn() -> None:
    """What somebody wrote into a form is part of the page."""
    image = rendered("fields.pdf", dpi=72)
    field = image.gray[842 - 712 : 842 - 694, 204:300]
    assert field.min() < 100


@pytest.mark.parametrize(
    "limits", [PictureLimits(1_000_000, 32_767), PictureLimits(50_000_000, 500)]
)
@pytest.mark.parametrize("name", ["line.pdf", "huge_page.pdf"])
def test_image_of_any_page_is_within_the_limits(name: str, limits: PictureLimits) -> None:
    """A page of a million points a side is rendered small instead of being refused."""
    image = rendered(name, limits=limits)
    assert image.gray.size <= limits.max_pixels
    assert limits.max_side / 2 < max(image.gray.shape) <= limits.max_side or limits.max_side > 500


def test_resolution_that_no_print_has_is_not_stated() -> None:
    """The image of an absurdly large page does not lead the engine astray."""
    assert rendered("huge_page.pdf").dpi is None


def test_page_with_a_picture_is_rendered_for_reading() -> None:
    """A coarse picture on a printed page does not make the page a scan."""
    assert rendered("figure.pdf").dpi == 300


def test_page_of_infinite_size_is_rendered_as_far_as_it_goes() -> None:
    """What is scaled beyond all numbers does not spoil the rest."""
    assert rendered("infinite.pdf").gray.shape == A4_AT_300_DPI


def test_page_with_an_oversized_picture_is_not_rendered() -> None:
    """The picture's size is known, and refused, before anything is decoded."""
    with pytest.raises(ImageTooLarge, match="50000000 pixels"):
        rendered("oversized_picture.pdf")
