"""Where UN/CEFACT CII, of Factur-X and ZUGFeRD, and OASIS UBL keep what an invoice says."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Syntax:
    """Where the fields of an invoice stand in one syntax.

    Each is an XPath without namespaces, or several parted by `|`: the first one that has a text
    counts.
    """

    fields: Mapping[str, str]
    seller: str
    buyer: str
    party: Mapping[str, str]
    address: tuple[str, ...]
    tax: str
    tax_fields: Mapping[str, str]
    line: str
    line_fields: Mapping[str, str]


CII_DOCUMENT = "ExchangedDocument"
CII_AGREEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
CII_SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
CII_SUM = f"{CII_SETTLEMENT}/MonetarySummation"
CII_ORDER = f"{CII_AGREEMENT}/BuyerOrderReferencedDocument"
CII_DELIVERY = "SpecifiedLineTradeDelivery"

CII = Syntax(
    fields={
        "document_type": f"{CII_DOCUMENT}/TypeCode",
        "invoice_number": f"{CII_DOCUMENT}/ID",
        "order_number": f"{CII_ORDER}/IssuerAssignedID | {CII_ORDER}/ID",
        "issue_date": f"{CII_DOCUMENT}/IssueDateTime/*",
        "due_date": f"{CII_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/*",
        "currency": f"{CII_SETTLEMENT}/InvoiceCurrencyCode | {CII_SETTLEMENT}/OrderCurrencyCode",
        "iban": f"{CII_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
        "/PayeePartyCreditorFinancialAccount/IBANID",
        "subtotal": f"{CII_SUM}/TaxBasisTotalAmount",
        "tax": f"{CII_SUM}/TaxTotalAmount",
        "total": f"{CII_SUM}/GrandTotalAmount",
        "prepaid": f"{CII_SUM}/TotalPrepaidAmount",
        "amount_due": f"{CII_SUM}/DuePayableAmount",
    },
    seller=f"{CII_AGREEMENT}/SellerTradeParty",
    buyer=f"{CII_AGREEMENT}/BuyerTradeParty",
    party={
        "name": "Name",
        "tax_id": "SpecifiedTaxRegistration/ID[@schemeID='VA'] | SpecifiedTaxRegistration/ID",
        "email": "DefinedTradeContact/EmailURIUniversalCommunication/URIID"
        " | URIUniversalCommunication/URIID[@schemeID='EM']",
        "phone": "DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber",
    },
    address=tuple(
        f"PostalTradeAddress/{name}"
        for name in ("LineOne", "LineTwo", "LineThree", "PostcodeCode", "CityName", "CountryID")
    ),
    tax=f"{CII_SETTLEMENT}/ApplicableTradeTax",
    tax_fields={
        "rate": "RateApplicablePercent",
        "base": "BasisAmount",
        "amount": "CalculatedAmount",
    },
    line="SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[SpecifiedTradeProduct]",
    line_fields={
        "description": "SpecifiedTradeProduct/Name",
        "quantity": f"{CII_DELIVERY}/BilledQuantity | {CII_DELIVERY}/RequestedQuantity",
        "unit": f"{CII_DELIVERY}/BilledQuantity/@unitCode"
        f" | {CII_DELIVERY}/RequestedQuantity/@unitCode",
        "unit_price": "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount",
        "tax_rate": "SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent",
        "amount": "SpecifiedLineTradeSettlement/MonetarySummation/LineTotalAmount",
    },
)

UBL = Syntax(
    fields={
        "document_type": "InvoiceTypeCode | CreditNoteTypeCode",
        "invoice_number": "ID",
        "order_number": "OrderReference/ID",
        "issue_date": "IssueDate",
        "due_date": "DueDate | PaymentMeans/PaymentDueDate",
        "currency": "DocumentCurrencyCode",
        "iban": "PaymentMeans/PayeeFinancialAccount/ID",
        "subtotal": "LegalMonetaryTotal/TaxExclusiveAmount",
        "tax": "TaxTotal/TaxAmount",
        "total": "LegalMonetaryTotal/TaxInclusiveAmount",
        "prepaid": "LegalMonetaryTotal/PrepaidAmount",
        "amount_due": "LegalMonetaryTotal/PayableAmount",
    },
    seller="AccountingSupplierParty/Party",
    buyer="AccountingCustomerParty/Party",
    party={
        "name": "PartyLegalEntity/RegistrationName | PartyName/Name",
        "tax_id": "PartyTaxScheme/CompanyID",
        "email": "Contact/ElectronicMail",
        "phone": "Contact/Telephone",
    },
    address=tuple(
        f"PostalAddress/{name}"
        for name in (
            "StreetName",
            "AdditionalStreetName",
            "AddressLine/Line",
            "PostalZone",
            "CityName",
            "Country/IdentificationCode",
        )
    ),
    tax="TaxTotal/TaxSubtotal",
    tax_fields={
        "rate": "TaxCategory/Percent",
        "base": "TaxableAmount",
        "amount": "TaxAmount",
    },
    line="InvoiceLine | CreditNoteLine",
    line_fields={
        "description": "Item/Name",
        "quantity": "InvoicedQuantity | CreditedQuantity",
        "unit": "InvoicedQuantity/@unitCode | CreditedQuantity/@unitCode",
        "unit_price": "Price/PriceAmount",
        "tax_rate": "Item/ClassifiedTaxCategory/Percent",
        "amount": "LineExtensionAmount",
    },
)
ROOTS = {
    "CrossIndustryInvoice": CII,
    "CrossIndustryDocument": CII,
    "SCRDMCCBDACIOMessageStructure": CII,
    "Invoice": UBL,
    "CreditNote": UBL,
}
