"""What workers do for an invoice; what they need for it is imported only there, when it is used."""

import re
from dataclasses import dataclass
from pathlib import Path

from readstone.document import Document
from readstone.engine.recognise import Reader
from readstone.findings import Invoice

# Tesseract's page segmentation modes: columns of text of many sizes, and one block of text. As one
# block, ruled invoices are destroyed; as columns, receipts lose the amounts on the right.
SHEET_MODE, RECEIPT_MODE = 4, 6
XML_START = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<\0?[?!A-Za-z]")


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a file before its pages are read.

    Attributes:
        invoice: that stands in it as XML; None without one.
        is_broken: whether there is XML that cannot be read.
        psm: how Tesseract should read its pages.
    """

    invoice: Invoice | None
    is_broken: bool
    psm: int


def is_xml(data: bytes) -> bool:
    """Return whether bytes look like XML; whether it is an invoice shows when it is read."""
    return XML_START.match(data) is not None


def read_bare(reader: Reader, data: bytes) -> Invoice:
    """Return the invoice that a file of XML is.

    Raises:
        CorruptInput, UnsupportedType: it is damaged, or none.
    """
    from readstone.engine.invoice.checks import checked
    from readstone.engine.invoice.xml import read_xml

    return checked(read_xml(data))


def glance(reader: Reader, source: bytes | Path, password: str | None, want_xml: bool) -> Glance:
    """Return the invoice that a file holds as XML, and how its pages should be read."""
    from readstone.engine.invoice.embedded import glance_at

    return glance_at(source, reader.limits, password, want_xml=want_xml)


def conclude(reader: Reader, document: Document, earlier: Invoice | None = None) -> Invoice:
    """Return the invoice that the pages of a document are, together with an earlier reading."""
    from readstone.engine.invoice.agree import agreed
    from readstone.engine.invoice.extract import extract

    invoice = extract(document)
    return agreed(earlier, invoice) if earlier else invoice


def combine(reader: Reader, xml: Invoice, page: Invoice) -> Invoice:
    """Return what the XML and the pages of a file say together."""
    from readstone.engine.invoice.combine import combined

    return combined(xml, page)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an operator knows of vendors: a folder of invoice2data's templates, and a directory."""

    templates: Path | None = None
    vendors: Path | None = None


def apply(
    reader: Reader, document: Document | None, invoice: Invoice, knowledge: Knowledge
) -> Invoice:
    """Return an invoice together with what is known of its vendor."""
    if knowledge.templates and document:
        from readstone.engine.invoice.templates import with_template

        invoice = with_template(invoice, document, knowledge.templates)
    if knowledge.vendors:
        from readstone.engine.invoice.vendors import read_vendors, with_known_vendor

        invoice = with_known_vendor(invoice, read_vendors(knowledge.vendors))
    return invoice
