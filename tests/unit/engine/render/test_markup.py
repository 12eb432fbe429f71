"""Tests of engine/render/markup.py: what the XML formats have in common."""

from xml.etree.ElementTree import Element

import pytest

from readstone.engine.render.markup import append, language_tag, serialised


def test_element_has_its_attributes_and_text() -> None:
    """Attributes that are None are left out; control characters are, too."""
    root = Element("a")
    append(root, "b", {"x": 1, "y": None, "z": "<\x00>"}, "R&D\x1b")
    assert serialised(root, is_html=False) == '<a>\n <b x="1" z="&lt;&gt;">R&amp;D</b>\n</a>\n'


def test_empty_elements_have_an_end_tag_in_html() -> None:
    """A browser that reads it as HTML sees where an empty element ends."""
    assert serialised(Element("p"), is_html=True) == "<p></p>\n"
    assert serialised(Element("p"), is_html=False) == "<p />\n"


@pytest.mark.parametrize(
    ("language", "tag"),
    [("eng", "eng"), ("chi_sim", "chi"), ("eng+deu", None), ("", None), ("script/Latin", None)],
)
def test_language_is_named_when_it_is_one(language: str, tag: str | None) -> None:
    """Only a single language can stand in the attribute of a page or paragraph."""
    assert language_tag(language) == tag
