"""The directory of vendors that an operator may supply: their ids, and how they are called."""

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from rapidfuzz import fuzz

from readstone.errors import ConfigError
from readstone.findings import Finding, Invoice, Source

SAME_NAME_PERCENT = 90
BY_ID, BY_NAME = 0.99, 0.95
EXAMPLE = "[{name: Finch Ltd, ids: [GB980780684], names: [Finch]}]"


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor as it is to be called.

    Attributes:
        ids: tax ids and IBANs, without blanks.
        names: other ways in which it is printed.
    """

    name: str
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())


@cache
def read_vendors(path: Path) -> tuple[Vendor, ...]:
    """Return the vendors of a YAML file.

    Raises:
        ConfigError: it cannot be read, or is not a list of vendors.
    """
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Vendor, ...]).validate_python(rows)
    except (OSError, UnicodeError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"invoices.vendors: {path} is no YAML like {EXAMPLE}") from error


def with_known_vendor(invoice: Invoice, vendors: tuple[Vendor, ...]) -> Invoice:
    """Return an invoice whose vendor is called as in the directory, told by an id or the name."""
    found = invoice.vendor
    ids = {each.value for each in (found.tax_id, found.iban) if each.value is not None}
    for vendor in vendors:
        if ids & {"".join(each.split()) for each in vendor.ids}:
            return _named(invoice, vendor, BY_ID)
    for vendor in vendors:
        if any(_is_same(found.name, name) for name in (vendor.name, *vendor.names)):
            return _named(invoice, vendor, BY_NAME)
    return invoice


def _is_same(found: Finding[str], name: str) -> bool:
    if found.value is None:
        return False
    return fuzz.ratio(found.value.casefold(), name.casefold()) >= SAME_NAME_PERCENT


def _named(invoice: Invoice, vendor: Vendor, confidence: float) -> Invoice:
    seen = invoice.vendor.name
    sure = max(confidence, seen.confidence)
    name: Finding[Any] = replace(
        seen, value=vendor.name, confidence=sure, source=Source.TEMPLATE, alternatives=()
    )
    return replace(invoice, vendor=replace(invoice.vendor, name=name))
