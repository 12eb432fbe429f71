"""An invoice as OASIS UBL 2.1; what was not found is left out."""

from collections.abc import Mapping
from decimal import Decimal
from xml.etree.ElementTree import Element

from readstone.engine.render.markup import append, serialised
from readstone.findings import DocumentType, Finding, Invoice, InvoiceLine, Party, Tax

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd"
# UNTDID 1001.
TYPE_CODES: Mapping[object, str] = {DocumentType.CREDIT_NOTE: "381", DocumentType.ORDER: "220"}
INVOICE_CODE = "380"
# UN/ECE Recommendation 20; what is not here is printed without a code.
UNIT_CODES: Mapping[object, str] = {
    None: "C62",
    "kg": "KGM",
    "m": "MTR",
    "m²": "MTK",
    "l": "LTR",
    "h": "HUR",
}
BANK_TRANSFER = "30"


def render_ubl(invoice: Invoice) -> str:
    """Return an invoice, or a credit note, as XML."""
    is_credit = invoice.document_type.value == DocumentType.CREDIT_NOTE
    kind = "CreditNote" if is_credit else "Invoice"
    root = Element(
        kind,
        {
            "xmlns": f"{NAMESPACE}:{kind}-2",
            "xmlns:cac": f"{NAMESPACE}:CommonAggregateComponents-2",
            "xmlns:cbc": f"{NAMESPACE}:CommonBasicComponents-2",
        },
    )
    _append(root, "ID", invoice.invoice_number)
    _append(root, "IssueDate", invoice.issue_date)
    if not is_credit:
        _append(root, "DueDate", invoice.due_date)
    code = TYPE_CODES.get(invoice.document_type.value, INVOICE_CODE)
    append(root, f"cbc:{kind}TypeCode", text=code)
    _append(root, "DocumentCurrencyCode", invoice.currency)
    if invoice.order_number.value is not None:
        _append(append(root, "cac:OrderReference"), "ID", invoice.order_number)
    _append_party(append(root, "cac:AccountingSupplierParty"), invoice.vendor)
    _append_party(append(root, "cac:AccountingCustomerParty"), invoice.customer)
    _append_payment(root, invoice)
    _append_taxes(root, invoice)
    _append_sums(root, invoice)
    for number, line in enumerate(invoice.lines, start=1):
        _append_line(append(root, f"cac:{kind}Line"), number, line, invoice, is_credit=is_credit)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + serialised(root, is_html=False)


def _append(
    parent: Element,
    name: str,
    finding: Finding[object],
    attributes: dict[str, object] | None = None,
) -> None:
    if finding.value is not None:
        value = finding.value
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        append(parent, f"cbc:{name}", attributes, text)


def _append_amount(parent: Element, name: str, amount: Finding[Decimal], invoice: Invoice) -> None:
    _append(parent, name, amount, {"currencyID": invoice.currency.value})


def _append_party(parent: Element, party: Party) -> None:
    element = append(parent, "cac:Party")
    if party.address.value:
        address = append(element, "cac:PostalAddress")
        for line in party.address.value.splitlines():
            append(append(address, "cac:AddressLine"), "cbc:Line", text=line)
    if party.tax_id.value is not None:
        scheme = append(element, "cac:PartyTaxScheme")
        _append(scheme, "CompanyID", party.tax_id)
        append(append(scheme, "cac:TaxScheme"), "cbc:ID", text="VAT")
    if party.name.value is not None:
        _append(append(element, "cac:PartyLegalEntity"), "RegistrationName", party.name)
    if party.phone.value is not None or party.email.value is not None:
        contact = append(element, "cac:Contact")
        _append(contact, "Telephone", party.phone)
        _append(contact, "ElectronicMail", party.email)


def _append_payment(root: Element, invoice: Invoice) -> None:
    if invoice.vendor.iban.value is not None:
        means = append(root, "cac:PaymentMeans")
        append(means, "cbc:PaymentMeansCode", text=BANK_TRANSFER)
        _append(means, "PaymentDueDate", invoice.due_date)
        _append(append(means, "cac:PayeeFinancialAccount"), "ID", invoice.vendor.iban)


def _append_taxes(root: Element, invoice: Invoice) -> None:
    if invoice.tax.value is None:
        return
    total = append(root, "cac:TaxTotal")
    _append_amount(total, "TaxAmount", invoice.tax, invoice)
    for tax in invoice.taxes:
        part = append(total, "cac:TaxSubtotal")
        _append_amount(part, "TaxableAmount", tax.base, invoice)
        _append_amount(part, "TaxAmount", tax.amount, invoice)
        _append_category(append(part, "cac:TaxCategory"), tax)


def _append_category(element: Element, tax: Tax) -> None:
    """Append the rate of a tax; Z stands for none, S for any other."""
    append(element, "cbc:ID", text="S" if tax.rate.value else "Z")
    _append(element, "Percent", tax.rate)
    append(append(element, "cac:TaxScheme"), "cbc:ID", text="VAT")


def _append_sums(root: Element, invoice: Invoice) -> None:
    sums = append(root, "cac:LegalMonetaryTotal")
    _append_amount(sums, "TaxExclusiveAmount", invoice.subtotal, invoice)
    _append_amount(sums, "TaxInclusiveAmount", invoice.total, invoice)
    _append_amount(sums, "PrepaidAmount", invoice.prepaid, invoice)
    is_known = invoice.amount_due.value is not None
    payable = invoice.amount_due if is_known else invoice.total
    _append_amount(sums, "PayableAmount", payable, invoice)


def _append_line(
    element: Element, number: int, line: InvoiceLine, invoice: Invoice, *, is_credit: bool
) -> None:
    append(element, "cbc:ID", text=str(number))
    name = "CreditedQuantity" if is_credit else "InvoicedQuantity"
    _append(element, name, line.quantity, {"unitCode": UNIT_CODES.get(line.unit.value)})
    _append_amount(element, "LineExtensionAmount", line.amount, invoice)
    item = append(element, "cac:Item")
    _append(item, "Name", line.description)
    if line.tax_rate.value is not None:
        _append_category(append(item, "cac:ClassifiedTaxCategory"), Tax(rate=line.tax_rate))
    if line.unit_price.value is not None:
        _append_amount(append(element, "cac:Price"), "PriceAmount", line.unit_price, invoice)
