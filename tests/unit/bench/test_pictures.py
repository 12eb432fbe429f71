"""Tests of bench/pictures.py."""

import io

from PIL import Image, ImageChops

from tests.bench.pictures import Picture, rendered_pictures


def as_jpeg(picture: Picture) -> Picture:
    """Return the picture in a JPEG file."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture.data)).save(out, "JPEG")
    return Picture(picture.name, out.getvalue(), picture.truth)


def test_rendered_pictures_are_the_same_in_every_run() -> None:
    """Figures of two days are about the same pictures."""
    assert rendered_pictures() == rendered_pictures()


def test_fresh_file_has_other_bytes_and_the_same_pixels() -> None:
    """No cache knows the file, and there is nothing else to read in it."""
    line = rendered_pictures()["line"]
    for picture in (line, as_jpeg(line)):
        assert picture.fresh() != picture.fresh()
        with (
            Image.open(io.BytesIO(picture.data)) as old,
            Image.open(io.BytesIO(picture.fresh())) as new,
        ):
            assert ImageChops.difference(old, new).getbbox() is None


def test_rubbish_is_not_a_reading() -> None:
    """A contender that answers other words is found out."""
    line = rendered_pictures()["line"]
    assert line.is_read_by("Invoice 2024-0193 total due 1,284.50 EUR\n")
    assert not line.is_read_by("lnvoice total")
