"""Rules that hold for a sound invoice, each with by how much it is missed."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from readstone.engine.invoice.lines import is_product
from readstone.findings import Check, Finding, Invoice

TOLERANCE = Decimal("0.02")
DOUBTFUL = 0.8
NEEDED = ("invoice_number", "issue_date", "total")
NOT_AN_INVOICE = "not_an_invoice"


def checked(invoice: Invoice) -> Invoice:
    """Return an invoice with its checks, and why a person should look at it."""
    invoice = replace(invoice, checks=checks_of(invoice))
    return replace(invoice, reasons=reasons_of(invoice))


def checks_of(invoice: Invoice) -> tuple[Check, ...]:
    """Return the rules whose amounts are all known."""
    return tuple((*_sum_checks(invoice), *_tax_checks(invoice), *_line_checks(invoice)))


def _sum_checks(invoice: Invoice) -> Iterator[Check]:
    net, tax, total = invoice.subtotal.value, invoice.tax.value, invoice.total.value
    due, paid = invoice.amount_due.value, invoice.prepaid.value
    if net is not None and tax is not None and total is not None:
        yield _check("subtotal + tax = total", net + tax - total)
    if total is not None and due is not None:
        yield _check("total - prepaid = amount_due", total - abs(paid or Decimal(0)) - due)
    amounts = [line.amount.value for line in invoice.lines]
    known = [each for each in (net, total) if each is not None]
    if amounts and known and all(each is not None for each in amounts):
        of_lines = sum((each for each in amounts if each is not None), Decimal(0))
        delta = min((of_lines - each for each in known), key=abs)
        yield _check("sum of lines = subtotal or total", delta)
    issued, payable = invoice.issue_date.value, invoice.due_date.value
    if issued and payable:
        yield Check("issue_date <= due_date", issued <= payable)


def _tax_checks(invoice: Invoice) -> Iterator[Check]:
    for tax in invoice.taxes:
        rate, base, amount = tax.rate.value, tax.base.value, tax.amount.value
        if rate is not None and base is not None and amount is not None:
            yield _check(f"base * {rate.normalize():f} % = tax", base * rate / 100 - amount)
    amounts = [tax.amount.value for tax in invoice.taxes if tax.amount.value is not None]
    if amounts and invoice.tax.value is not None:
        yield _check("sum of taxes = tax", sum(amounts, Decimal(0)) - invoice.tax.value)


def _line_checks(invoice: Invoice) -> Iterator[Check]:
    for number, line in enumerate(invoice.lines, start=1):
        quantity, price, amount = (
            each.value for each in (line.quantity, line.unit_price, line.amount)
        )
        if quantity is not None and price is not None and amount is not None:
            delta = quantity * price - amount
            rule = f"line {number}: quantity * unit_price = amount"
            yield Check(rule, is_product(quantity, price, amount), delta)


def _check(rule: str, delta: Decimal) -> Check:
    return Check(rule, abs(delta) <= TOLERANCE, delta)


def reasons_of(invoice: Invoice) -> tuple[str, ...]:
    """Return why a person should look at an invoice: what is missing, doubtful or does not add up.

    A line whose quantity and price do not give its amount may have a discount: that is no reason.
    """
    fields: dict[str, Finding[object]] = {name: getattr(invoice, name) for name in NEEDED}
    missing = [f"{name}_missing" for name, each in fields.items() if each.value is None]
    doubtful = [
        f"{name}_doubtful"
        for name, each in fields.items()
        if each.value is not None and each.confidence < DOUBTFUL
    ]
    wrong = any(not check.ok for check in invoice.checks if not check.rule.startswith("line "))
    return (*missing, *doubtful, *(["check_failed"] if wrong else []))
