"""Invoices in XML become an Invoice: CII, as in Factur-X, ZUGFeRD and Order-X, and UBL.

XML comes from strangers: no document type, no entities, no network, a bounded size.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from lxml import etree

from readstone.engine.invoice.syntaxes import ROOTS, Syntax
from readstone.errors import CorruptInput, UnsupportedType
from readstone.findings import DocumentType, Finding, Invoice, InvoiceLine, Party, Source, Tax

MAX_BYTES = 10_000_000
MAX_LINES = 10_000
MOST_DIGITS = 30

# Names of ZUGFeRD 1 and what ZUGFeRD 2 calls them; the sums of a line and of the whole get one.
MODERN_NAMES = {
    "^HeaderExchangedDocument$": "ExchangedDocument",
    "^SpecifiedSupplyChainTradeTransaction$": "SupplyChainTradeTransaction",
    "^ApplicableSupplyChainTrade": "ApplicableHeaderTrade",
    "^SpecifiedSupplyChainTrade": "SpecifiedLineTrade",
    "^ApplicablePercent$": "RateApplicablePercent",
    r"^Specified\w*MonetarySummation$": "MonetarySummation",
}
# UNTDID 1001.
CREDIT_NOTE_CODES = frozenset(("81", "83", "261", "296", "308", "381", "396", "420", "458", "532"))
ORDER_CODES = frozenset(("220", "230", "231"))
# UN/ECE Recommendation 20, as they are printed; pieces go without saying.
UNITS = {"C62": "", "H87": "", "EA": "", "KGM": "kg", "MTR": "m", "LTR": "l", "HUR": "h"}


def read_xml(data: bytes) -> Invoice:
    """Return the invoice that XML holds.

    Raises:
        CorruptInput: it is not well-formed, or not safe to read.
        UnsupportedType: it is not an invoice in one of the known syntaxes.
    """
    root = _parse(data)
    syntax = ROOTS.get(root.tag)
    if syntax is None:
        raise UnsupportedType("the XML is no invoice that can be read; send CII or UBL")
    return _invoice(root, syntax)


def _parse(data: bytes) -> etree._Element:
    """Return the root, without namespaces, of XML that is safe to read."""
    if len(data) > MAX_BYTES:
        raise CorruptInput("the XML is larger than any invoice", limit=MAX_BYTES, actual=len(data))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CorruptInput("the XML is not well-formed") from error
    if root.getroottree().docinfo.doctype:
        raise CorruptInput("the XML has a document type, which no invoice has")
    for element in root.iter():
        element.tag = _modern(etree.QName(element).localname)
    return root


def _modern(name: str) -> str:
    for old, new in MODERN_NAMES.items():
        name = re.sub(old, new, name)
    return name


def _invoice(root: etree._Element, syntax: Syntax) -> Invoice:
    text = partial(_text, root, syntax.fields)
    currency = text("currency").upper()
    number = partial(_amount, root, syntax.fields, currency=currency)
    lines = (_line(each, syntax) for each in _nodes(root, syntax.line)[:MAX_LINES])
    return Invoice(
        document_type=_found(_document_type(root.tag, text("document_type"))),
        invoice_number=_found(text("invoice_number")),
        order_number=_found(text("order_number")),
        issue_date=_date(text("issue_date")),
        due_date=_date(text("due_date")),
        currency=_found(currency),
        vendor=_party(root, syntax.seller, syntax, iban=text("iban")),
        customer=_party(root, syntax.buyer, syntax),
        subtotal=number("subtotal"),
        tax=number("tax"),
        total=number("total"),
        prepaid=number("prepaid"),
        amount_due=number("amount_due"),
        taxes=tuple(_tax(each, syntax) for each in _nodes(root, syntax.tax)),
        lines=tuple(filter(_sells, lines)),
    )


def _document_type(root: str, code: str) -> str:
    if root == "CreditNote" or code in CREDIT_NOTE_CODES:
        return DocumentType.CREDIT_NOTE
    is_order = root.startswith("SCRDM") or code in ORDER_CODES
    return DocumentType.ORDER if is_order else DocumentType.INVOICE


def _party(root: etree._Element, path: str, syntax: Syntax, *, iban: str = "") -> Party:
    for node in _nodes(root, path):
        address = [text for each in syntax.address for text in _texts(node, each)]
        fields = {name: _found(_text(node, syntax.party, name)) for name in syntax.party}
        return Party(**fields, address=_found("\n".join(address)), iban=_found(iban))
    return Party()


def _tax(node: etree._Element, syntax: Syntax) -> Tax:
    return Tax(**{name: _amount(node, syntax.tax_fields, name) for name in syntax.tax_fields})


def _sells(line: InvoiceLine) -> bool:
    """Return whether a line is more than a heading or a remark."""
    return bool(line.quantity.value or line.amount.value)


def _line(node: etree._Element, syntax: Syntax) -> InvoiceLine:
    number = partial(_amount, node, syntax.line_fields)
    text = partial(_text, node, syntax.line_fields)
    unit = text("unit")
    return InvoiceLine(
        description=_found(text("description")),
        quantity=number("quantity"),
        unit=_found(UNITS.get(unit, unit)),
        unit_price=number("unit_price"),
        tax_rate=number("tax_rate"),
        amount=number("amount"),
    )


def _nodes(node: etree._Element, paths: str) -> list[etree._Element]:
    found: list[etree._Element] = node.xpath(paths)
    return found


def _first(node: etree._Element, paths: str, currency: str = "") -> str:
    """Return the first text under the first path that has one; one in this currency is better."""
    return next(_texts(node, paths, currency), "") if currency else next(_texts(node, paths), "")


def _texts(node: etree._Element, paths: str, currency: str = "") -> Iterator[str]:
    for path in paths.split("|"):
        found = node.xpath(path.strip())
        if currency:
            found.sort(key=lambda each: each.get("currencyID", currency) != currency)
        for each in found:
            text = each if isinstance(each, str) else each.text or ""
            if text.strip():
                yield " ".join(text.split())


def _text(node: etree._Element, paths: Mapping[str, str], name: str) -> str:
    return _first(node, paths[name])


def _found(text: str) -> Finding[str]:
    return Finding(text, text, 1.0, source=Source.EMBEDDED_XML) if text else Finding()


def _amount(
    node: etree._Element, paths: Mapping[str, str], name: str, *, currency: str = ""
) -> Finding[Decimal]:
    text = _first(node, paths[name], currency)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Finding()
    # 1E+999999999 is a number as well; nobody owes it, and nobody could print it.
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS or len(text) > MOST_DIGITS:
        return Finding()
    return Finding(value, text, 1.0, source=Source.EMBEDDED_XML)


def _date(text: str) -> Finding[date]:
    """Return the date of `20180305`, `2018-03-05` or either with a time or zone behind it."""
    digits = text.replace("-", "")[:8]
    try:
        value = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return Finding()
    return Finding(value, text, 1.0, source=Source.EMBEDDED_XML)
