"""What the XML formats have in common."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from readstone.engine.render.characters import printable

LANGUAGE_CODE = re.compile("[A-Za-z]{2,8}")


def append(
    parent: Element, tag: str, attributes: Mapping[str, object] | None = None, text: str = ""
) -> Element:
    """Append an element, without control characters and without attributes that are None."""
    element = SubElement(parent, tag)
    for name, value in (attributes or {}).items():
        if value is not None:
            element.set(name, printable(value) if isinstance(value, str) else str(value))
    element.text = printable(text) or None
    return element


def serialised(root: Element, *, is_html: bool) -> str:
    """Return an element as text; browsers need an end tag in HTML, even of an empty element."""
    indent(root, space=" ")
    return tostring(root, encoding="unicode", short_empty_elements=not is_html) + "\n"


def language_tag(language: str) -> str | None:
    """Return a language as XML attributes name it, None when it is not exactly one."""
    code = language.partition("_")[0]  # such as chi_sim
    return code if LANGUAGE_CODE.fullmatch(code) else None
