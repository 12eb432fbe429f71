"""Tests of engine/render/pdf/hidden.py: invisible text is taken out, and nothing else."""

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from readstone.engine.render.pdf.hidden import remove_hidden_text
from tests.unit.engine.render.pdf.places import saved, text_of

BEGIN = b"BT /F 12 Tf 1 0 0 1 20 100 Tm 14 TL "


def page_with(pdf: pikepdf.Pdf, content: bytes, form: bytes = b"") -> pikepdf.Page:
    """Add a page with a content, and a form that it can draw as /Form."""
    page = pdf.add_blank_page(page_size=(300, 200))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    fonts = pdf.make_indirect(Dictionary(F=font))
    facts = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 300, 200]}
    xobject = pdf.make_stream(form, Resources=Dictionary(Font=fonts), **facts)
    page.obj.Resources = Dictionary(Font=fonts, XObject=Dictionary(Form=xobject))
    page.obj.Contents = pdf.make_stream(content)
    return page


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (BEGIN + b"(shown) Tj 3 Tr (hidden) Tj ET", "shown"),
        (BEGIN + b"3 Tr [(hid) -20 (den)] TJ 0 Tr (shown) Tj ET", "shown"),
        (BEGIN + b"3 Tr (hidden) ' 0 Tr (shown) ' ET", "shown"),
        (BEGIN + b'3 Tr 1 2 (hidden) " ET', ""),
        (b"q 3 Tr " + BEGIN + b"(hidden) Tj ET Q " + BEGIN + b"(shown) Tj ET", "shown"),
        (b"Q Q 3 Tr " + BEGIN + b"(hidden) Tj ET", ""),
        (BEGIN + b"7 Tr (clips) Tj ET", "clips"),
        (BEGIN + b"Tr (shown) Tj ET", "shown"),
        (b"", ""),
    ],
)
def test_only_what_is_invisible_goes(content: bytes, left: str) -> None:
    """Every operator that shows text counts, with the mode that is in force where it stands."""
    with pikepdf.new() as pdf:
        remove_hidden_text(pdf, page_with(pdf, content))
        assert text_of(saved(pdf)).strip() == left


def test_text_of_forms_goes_as_well() -> None:
    """Some programs put the hidden text into a form that the page draws."""
    with pikepdf.new() as pdf:
        page = page_with(pdf, b"q /Form Do Q", BEGIN + b"3 Tr (hidden) Tj 0 Tr (shown) Tj ET")
        assert "hidden" in text_of(saved(pdf))
        remove_hidden_text(pdf, page)
        assert text_of(saved(pdf)).strip() == "shown"


def test_line_after_a_removed_one_stays_in_its_place() -> None:
    """An operator that also begins a line still does so."""
    content = BEGIN + b"(one) ' 3 Tr (two) ' 0 Tr (three) ' ET"
    with pikepdf.new() as pdf:
        page = page_with(pdf, content)
        before = text_of(saved(pdf))
        remove_hidden_text(pdf, page)
        assert before.split() == ["one", "two", "three"]
        operators = [str(each.operator) for each in pikepdf.parse_content_stream(page)]
        assert operators[-6:] == ["'", "Tr", "T*", "Tr", "'", "ET"]


def test_page_without_hidden_text_is_not_written_anew() -> None:
    """Its content stays byte for byte."""
    content = BEGIN + b"(shown)   Tj ET % as it was"
    with pikepdf.new() as pdf:
        page = page_with(pdf, content)
        remove_hidden_text(pdf, page)
        assert page.obj.Contents.read_bytes() == content
