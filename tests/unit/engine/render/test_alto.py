"""Tests of engine/render/alto.py: valid by the schema, and all words in it.

`alto-4-4.xsd` is the schema of the ALTO Editorial Board at the Library of Congress. It is under
the Creative Commons licence CC BY-SA 4.0, as it says at its beginning.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from readstone.document import Document
from readstone.engine.render.alto import render_alto
from readstone.engine.render.characters import printable
from tests.unit.engine.render.samples import any_document, document_of, page_of, words_of

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
SCHEMA = Path(__file__).with_name("alto-4-4.xsd")

# All that the schema takes from the schema of XLink, which it would fetch from the network.
XLINK = """
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"
            targetNamespace="http://www.w3.org/1999/xlink">
 <xsd:attributeGroup name="simpleLink"/>
</xsd:schema>
"""


class OwnXlink(etree.Resolver):
    """Answers for the one address that the schema refers to."""

    def resolve(self, url: str, public_id: str, context: object) -> object:
        """Return the schema of XLink, None for a file that lxml finds by itself."""
        return self.resolve_string(XLINK, context) if url.endswith("/xlink.xsd") else None


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The schema of ALTO 4.4."""
    parser = etree.XMLParser()
    parser.resolvers.add(OwnXlink())
    return etree.XMLSchema(etree.parse(SCHEMA, parser))


def parsed(document: Document) -> etree._Element:
    """Return the document as parsed ALTO."""
    return etree.fromstring(render_alto(document).encode())


def attributes_of(document: Document, tag: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name."""
    return [dict(element.attrib) for element in parsed(document).iter(f"{ALTO}{tag}")]


def test_pages_blocks_lines_and_words_have_their_places() -> None:
    """Each says where it stands, in pixels; a word also how sure the engine was."""
    document = document_of(page_of(["Two gypsies"]))
    assert parsed(document).findtext(f".//{ALTO}MeasurementUnit") == "pixel"
    (page,) = attributes_of(document, "Page")
    assert (page["WIDTH"], page["HEIGHT"]) == ("1000", "1400")
    assert (page["PC"], page["LANG"], page["PHYSICAL_IMG_NR"]) == ("0.9000", "eng", "1")
    (line,) = attributes_of(document, "TextLine")
    assert line["BASELINE"] == "100,130 210,130"
    first, second = attributes_of(document, "String")
    place = {"HPOS": "100", "VPOS": "116", "WIDTH": "30", "HEIGHT": "14"}
    assert first == {"ID": "string_1_1_1", **place, "CONTENT": "Two", "WC": "0.9000"}
    assert second["CONTENT"] == "gypsies"
    assert attributes_of(document, "SP") == [{"HPOS": "130", "VPOS": "116", "WIDTH": "10"}]


def test_ideographs_have_no_space_between() -> None:
    """Where the script has no blanks, there is no SP."""
    page = page_of(["漢\u3000字"])
    assert len(attributes_of(document_of(page), "String")) == 2
    assert not attributes_of(document_of(page), "SP")


def test_steps_name_the_software() -> None:
    """The engine and Readstone stand there with their versions, and the page refers to them."""
    document = document_of(page_of(["a"]))
    root = parsed(document)
    assert [each.text for each in root.iter(f"{ALTO}softwareName")] == ["stone", "Readstone"]
    assert next(root.iter(f"{ALTO}softwareVersion")).text == "1.0"
    (page,) = attributes_of(document, "Page")
    steps = [step["ID"] for step in attributes_of(document, "Processing")]
    assert page["PROCESSINGREFS"].split() == steps


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(document=any_document())
def test_any_document_is_valid_and_has_all_words(
    schema: etree.XMLSchema, document: Document
) -> None:
    """The schema finds no fault, whatever the words and boxes are."""
    schema.assertValid(parsed(document))
    contents = [each["CONTENT"] for each in attributes_of(document, "String")]
    assert contents == list(map(printable, words_of(document)))


def test_document_without_text_is_valid(schema: etree.XMLSchema) -> None:
    """An empty page is a page."""
    schema.assertValid(parsed(document_of(page_of(), page_of(number=2))))
