"""Tests of taking metadata out of pictures."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from readstone.engine.metadata import without_metadata
from readstone.engine.pages import EXIF_ORIENTATION as ORIENTATION
from readstone.errors import CorruptInput

GPS, MAKE = 0x8825, 0x010F
SECRET = b"secret-place"


def sample() -> Image.Image:
    """Return a picture in which every pixel counts."""
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (40, 60, 3), np.uint8))


def jpeg(*, orientation: int = 1, progressive: bool = False) -> bytes:
    """Return a JPEG that tells its place."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, SECRET.decode()
    exif.get_ifd(GPS)[2] = (48.0, 8.0, 0.0)
    out = BytesIO()
    sample().save(out, "JPEG", exif=exif, comment=SECRET, progressive=progressive)
    return out.getvalue()


def png() -> bytes:
    """Return a PNG that tells its place."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET.decode())
    out = BytesIO()
    sample().save(out, "PNG", pnginfo=told, dpi=(300, 300))
    return out.getvalue()


PICTURES = {
    "baseline": jpeg(),
    "progressive": jpeg(progressive=True),
    "turned": jpeg(orientation=6),
    "png": png(),
    "with more behind its end": jpeg() + jpeg(),
}


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_pixels_stay_and_nothing_is_told(data: bytes) -> None:
    """The same picture, without a word of where and with what it was taken."""
    assert SECRET in data
    bare = without_metadata(data)
    assert SECRET not in bare
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(bare)) as after:
        assert np.array_equal(np.asarray(before), np.asarray(after))
        assert after.getexif().get(ORIENTATION, 1) == before.getexif().get(ORIENTATION, 1)
        assert not after.getexif().get_ifd(GPS)


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_bare_picture_stays_as_it_is(data: bytes) -> None:
    """There is nothing more to take out."""
    bare = without_metadata(data)
    assert without_metadata(bare) == bare


@pytest.mark.parametrize("data", [PICTURES["baseline"], PICTURES["png"]], ids=["jpeg", "png"])
def test_picture_that_ends_early_is_corrupt(data: bytes) -> None:
    """Wherever it ends, it is refused or taken, and nothing else happens."""
    for end in range(4, len(data) - 12, 97):
        with pytest.raises(CorruptInput):
            without_metadata(data[:end])


def test_other_types_stay_as_they_are() -> None:
    """What is no JPEG or PNG is not touched."""
    assert without_metadata(b"%PDF-1.7 and so on") == b"%PDF-1.7 and so on"
