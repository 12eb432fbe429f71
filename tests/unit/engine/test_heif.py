"""Tests of engine/heif.py: pictures as telephones take them."""

import sys
from pathlib import Path

import pytest

from readstone.engine.base import PictureLimits
from readstone.engine.heif import is_heif
from readstone.engine.pages import decode_picture, document_format, reencode, written_format
from readstone.errors import CorruptInput, ImageTooLarge, UnsupportedType

HEIC = (Path(__file__).parents[3] / "testdata" / "format" / "telephone.heic").read_bytes()
LIMITS = PictureLimits(1_000_000, 1_000)


def test_heic_is_told_by_its_first_bytes() -> None:
    """HEIC is known by its brand, and AVIF is not taken for it."""
    assert (document_format(HEIC), written_format(HEIC)) == ("HEIF", "JPEG")
    assert not is_heif(HEIC[:8] + b"avif" + HEIC[12:])


def test_heic_is_decoded_upright() -> None:
    """The picture was taken with the telephone on its side, and says so."""
    gray = decode_picture(HEIC, LIMITS).gray
    assert gray.shape == (59, 570)
    assert gray.min() < 50 < 200 < gray.mean()


def test_heic_comes_back_as_jpeg() -> None:
    """There is no encoder for HEIC."""
    data, media_type = reencode(HEIC, LIMITS)
    assert (data[:2], media_type) == (b"\xff\xd8", "image/jpeg")


def test_limits_hold_before_heic_is_decoded() -> None:
    """The size is that of the header."""
    with pytest.raises(ImageTooLarge):
        decode_picture(HEIC, PictureLimits(1_000_000, 500))


def test_cut_heic_is_refused() -> None:
    """A file that ends too early is damaged, wherever it ends."""
    for tenth in range(1, 10):
        with pytest.raises(CorruptInput):
            decode_picture(HEIC[: len(HEIC) * tenth // 10], LIMITS)


def test_without_the_set_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed it learns how to."""
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(UnsupportedType, match="--with heic"):
        decode_picture(HEIC, LIMITS)
