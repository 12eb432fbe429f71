"""Tests of engine/render/pdf/font.py: characters without glyphs."""

from io import BytesIO

import pikepdf
from PIL import ImageFont

from readstone.engine.render.pdf.font import ASCENT, WIDTH, GlyphlessFont


def test_every_character_gets_one_code() -> None:
    """The same character has the same two bytes throughout."""
    font = GlyphlessFont("/Test")
    assert font.encode("abba") == b"(\0\1\0\2\0\2\0\1)"
    assert font.encode("b€") == b"(\0\2\0\3)"


def test_bytes_that_mean_something_in_a_string_are_escaped() -> None:
    """Whatever their codes are, characters come back from the string as they were."""
    font = GlyphlessFont("/Test")
    text = "".join(map(chr, range(0x100, 0x300)))
    string = pikepdf.Object.parse(font.encode(text))
    assert bytes(string) == b"".join(code.to_bytes(2, "big") for code in range(1, len(text) + 1))


def test_codes_are_mapped_to_characters() -> None:
    """The map has the characters that came up, in blocks as long as they may be."""
    font = GlyphlessFont("/Test")
    font.encode("A😀" + "".join(map(chr, range(0x4E00, 0x4E00 + 150))))
    with pikepdf.new() as pdf:
        lines = font.add_to(pdf).ToUnicode.read_bytes().decode().splitlines()
    assert "<0001> <0041>" in lines
    assert "<0002> <D83DDE00>" in lines
    assert [line for line in lines if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "52 beginbfchar",
    ]


def test_font_file_is_one_that_others_read() -> None:
    """It has one glyph, as wide as is said, and a few hundred bytes."""
    with pikepdf.new() as pdf:
        descendant = GlyphlessFont("/Test").add_to(pdf).DescendantFonts[0]
        data = descendant.FontDescriptor.FontFile2.read_bytes()
    assert len(data) < 300
    font = ImageFont.truetype(BytesIO(data), 1000, layout_engine=ImageFont.Layout.BASIC)
    assert font.getlength("x") == WIDTH
    assert font.getmetrics()[0] == ASCENT
    assert not any(font.getmask("x"))
