"""Tests of what is known of an upload."""

import pytest

from readstone.uploads.upload import LONGEST_NAME, clean_name


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("scan.png", "scan.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\scan.png", "scan.png"),
        ("a\r\nb\0c.png", "abc.png"),
        ("Übergröße 1.pdf", "Übergröße 1.pdf"),
        ("/", ""),
        ("x" * 500, "x" * LONGEST_NAME),
    ],
)
def test_name_is_the_last_part_of_what_was_given(given: str, clean: str) -> None:
    """No folders, no line ends, no more than fits."""
    assert clean_name(given) == clean
