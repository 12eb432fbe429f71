"""Two accounts of one invoice: what its XML says, and what its pages say."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from readstone.engine.invoice.checks import NOT_AN_INVOICE, checked
from readstone.findings import Check, Finding, Invoice, Party

DIFFERS = "xml_differs_from_page"
# A page that is read with less says nothing against its XML.
SURE = 0.8
COMPARED = (
    "invoice_number",
    "issue_date",
    "due_date",
    "currency",
    "subtotal",
    "tax",
    "total",
    "amount_due",
)


def combined(xml: Invoice, page: Invoice) -> Invoice:
    """Return what the XML says, with where it is printed; what only the page says is added.

    Every field that both say has a check; where they differ, a person should look at it.
    """
    compared: dict[str, Any] = {
        name: _placed(getattr(xml, name), getattr(page, name)) for name in _single(xml)
    }
    invoice = replace(
        xml,
        **compared,
        vendor=_party(xml.vendor, page.vendor),
        customer=_party(xml.customer, page.customer),
        lines=xml.lines or page.lines,
        taxes=xml.taxes or page.taxes,
    )
    agreement = tuple(
        check for name in COMPARED if (check := _compared(name, xml, page)) is not None
    )
    differs = (DIFFERS,) if not all(check.ok for check in agreement) else ()
    alone = checked(invoice)
    return replace(alone, checks=(*alone.checks, *agreement), reasons=(*alone.reasons, *differs))


def _single(invoice: Invoice) -> list[str]:
    return [
        each.name for each in fields(invoice) if isinstance(getattr(invoice, each.name), Finding)
    ]


def _placed(xml: Finding[Any], page: Finding[Any]) -> Finding[Any]:
    """Return what the XML says, at the place where the page says the same."""
    if xml.value is None:
        return page
    if _is_same(xml.value, page.value):
        return replace(xml, raw=page.raw, page=page.page, box=page.box)
    return xml


def _party(xml: Party, page: Party) -> Party:
    if xml.name.value is None:
        return page
    names = [each.name for each in fields(Party)]
    return Party(**{name: _placed(getattr(xml, name), getattr(page, name)) for name in names})


def _compared(name: str, xml: Invoice, page: Invoice) -> Check | None:
    said, read = getattr(xml, name), getattr(page, name)
    if NOT_AN_INVOICE in page.reasons or said.value is None or read.confidence < SURE:
        return None
    delta = read.value - said.value if isinstance(said.value, Decimal) else None
    return Check(f"{name} of page = {name} of XML", _is_same(said.value, read.value), delta)


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        plain = ["".join(filter(str.isalnum, each)).casefold() for each in (one, other)]
        return plain[0] == plain[1]
    return one == other
