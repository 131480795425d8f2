"""Read what an XML states as terms of EN 16931, from either syntax.

The paths are those of EN 16931-3-2 (UBL) and EN 16931-3-3 (CII). Every element with a text must be
among them, so that nothing is left out of a comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

Terms = dict[tuple[str, str], list[str]]
"""The values of each term: by the part of the document, such as `line 2`, and the term's name."""

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
# These say what an element next to them means; `_step` puts it into the path.
_SAID = {"ChargeIndicator/Indicator", "ChargeIndicator"}

_CII = """
ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID BT-23
ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID BT-24
ExchangedDocument/ID BT-1
ExchangedDocument/TypeCode BT-3
ExchangedDocument/IssueDateTime/DateTimeString BT-2
ExchangedDocument/IncludedNote/Content BT-22
ExchangedDocument/IncludedNote/SubjectCode BT-21
Agreement/BuyerReference BT-10
Agreement/ContractReferencedDocument/IssuerAssignedID BT-12
Agreement/BuyerOrderReferencedDocument/IssuerAssignedID BT-13
Agreement/SpecifiedProcuringProject/ID BT-11
Agreement/SpecifiedProcuringProject/Name -
Seller/Name BT-27
Seller/SpecifiedLegalOrganization/ID BT-30
Seller/DefinedTradeContact/PersonName BT-41
Seller/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber BT-42
Seller/DefinedTradeContact/EmailURIUniversalCommunication/URIID BT-43
Seller/PostalTradeAddress/LineOne BT-35
Seller/PostalTradeAddress/CityName BT-37
Seller/PostalTradeAddress/PostcodeCode BT-38
Seller/PostalTradeAddress/CountryID BT-40
Seller/URIUniversalCommunication/URIID BT-34
Seller/SpecifiedTaxRegistration:VA/ID BT-31
Seller/SpecifiedTaxRegistration:FC/ID BT-32
Buyer/Name BT-44
Buyer/SpecifiedLegalOrganization/ID BT-47
Buyer/PostalTradeAddress/LineOne BT-50
Buyer/PostalTradeAddress/CityName BT-52
Buyer/PostalTradeAddress/PostcodeCode BT-53
Buyer/PostalTradeAddress/CountryID BT-55
Buyer/URIUniversalCommunication/URIID BT-49
Buyer/SpecifiedTaxRegistration:VA/ID BT-48
Delivery/ShipToTradeParty/Name BT-70
Delivery/ShipToTradeParty/PostalTradeAddress/CountryID BT-80
Delivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString BT-72
Settlement/PaymentReference BT-83
Settlement/TaxCurrencyCode BT-6
Settlement/InvoiceCurrencyCode BT-5
Means/TypeCode BT-81
Means/PayeePartyCreditorFinancialAccount/IBANID BT-84
Means/PayeePartyCreditorFinancialAccount/ProprietaryID BT-84
Means/PayeePartyCreditorFinancialAccount/AccountName BT-85
Means/PayeeSpecifiedCreditorFinancialInstitution/BICID BT-86
Settlement/ApplicableTradeTax/CalculatedAmount BT-117
Settlement/ApplicableTradeTax/TypeCode -
Settlement/ApplicableTradeTax/ExemptionReason BT-120
Settlement/ApplicableTradeTax/BasisAmount BT-116
Settlement/ApplicableTradeTax/CategoryCode BT-118
Settlement/ApplicableTradeTax/ExemptionReasonCode BT-121
Settlement/ApplicableTradeTax/TaxPointDate/DateString BT-7
Settlement/ApplicableTradeTax/DueDateTypeCode BT-8
Settlement/ApplicableTradeTax/RateApplicablePercent BT-119
Settlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString BT-73
Settlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString BT-74
Settlement/SpecifiedTradePaymentTerms/Description BT-20
Settlement/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString BT-9
Settlement/SpecifiedTradeSettlementHeaderMonetarySummation/LineTotalAmount BT-106
Settlement/SpecifiedTradeSettlementHeaderMonetarySummation/TaxBasisTotalAmount BT-109
Settlement/SpecifiedTradeSettlementHeaderMonetarySummation/TaxTotalAmount BT-110
Settlement/SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount BT-112
Settlement/SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount BT-115
Settlement/InvoiceReferencedDocument/IssuerAssignedID BT-25
Settlement/InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString BT-26
Line/AssociatedDocumentLineDocument/LineID BT-126
Line/SpecifiedTradeProduct/Name BT-153
Gross/ChargeAmount BT-148
Gross/AppliedTradeAllowanceCharge:false/ActualAmount BT-147
Line/SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount BT-146
Line/SpecifiedLineTradeDelivery/BilledQuantity BT-129
Charged/ApplicableTradeTax/TypeCode -
Charged/ApplicableTradeTax/CategoryCode BT-151
Charged/ApplicableTradeTax/RateApplicablePercent BT-152
Charged/BillingSpecifiedPeriod/StartDateTime/DateTimeString BT-134
Charged/BillingSpecifiedPeriod/EndDateTime/DateTimeString BT-135
Charged/SpecifiedTradeAllowanceCharge:false/ActualAmount BT-136
Charged/SpecifiedTradeAllowanceCharge:false/Reason BT-139
Charged/SpecifiedTradeAllowanceCharge:true/ActualAmount BT-141
Charged/SpecifiedTradeAllowanceCharge:true/Reason BT-144
Charged/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount BT-131
"""

_UBL = """
UBLVersionID -
CustomizationID BT-24
ProfileID BT-23
ID BT-1
IssueDate BT-2
DueDate BT-9
TypeCode BT-3
Note BT-22
TaxPointDate BT-7
DocumentCurrencyCode BT-5
TaxCurrencyCode BT-6
BuyerReference BT-10
InvoicePeriod/StartDate BT-73
InvoicePeriod/EndDate BT-74
InvoicePeriod/DescriptionCode BT-8
OrderReference/ID BT-13
BillingReference/InvoiceDocumentReference/ID BT-25
BillingReference/InvoiceDocumentReference/IssueDate BT-26
ContractDocumentReference/ID BT-12
ProjectReference/ID BT-11
Seller/EndpointID BT-34
Seller/PartyLegalEntity/RegistrationName BT-27
Seller/PartyLegalEntity/CompanyID BT-30
Seller/PostalAddress/StreetName BT-35
Seller/PostalAddress/CityName BT-37
Seller/PostalAddress/PostalZone BT-38
Seller/PostalAddress/Country/IdentificationCode BT-40
Seller/PartyTaxScheme:VAT/CompanyID BT-31
Seller/PartyTaxScheme:VAT/TaxScheme/ID -
Seller/PartyTaxScheme:FC/CompanyID BT-32
Seller/PartyTaxScheme:FC/TaxScheme/ID -
Seller/Contact/Name BT-41
Seller/Contact/Telephone BT-42
Seller/Contact/ElectronicMail BT-43
Buyer/EndpointID BT-49
Buyer/PartyLegalEntity/RegistrationName BT-44
Buyer/PartyLegalEntity/CompanyID BT-47
Buyer/PostalAddress/StreetName BT-50
Buyer/PostalAddress/CityName BT-52
Buyer/PostalAddress/PostalZone BT-53
Buyer/PostalAddress/Country/IdentificationCode BT-55
Buyer/PartyTaxScheme:VAT/CompanyID BT-48
Buyer/PartyTaxScheme:VAT/TaxScheme/ID -
Delivery/ActualDeliveryDate BT-72
Delivery/DeliveryLocation/Address/Country/IdentificationCode BT-80
Delivery/DeliveryParty/PartyName/Name BT-70
PaymentMeans/PaymentMeansCode BT-81
PaymentMeans/PaymentID BT-83
PaymentMeans/PayeeFinancialAccount/ID BT-84
PaymentMeans/PayeeFinancialAccount/Name BT-85
PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID BT-86
PaymentMeans/PaymentDueDate BT-9
PaymentTerms/Note BT-20
TaxTotal/TaxAmount BT-110
TaxTotal/TaxSubtotal/TaxableAmount BT-116
TaxTotal/TaxSubtotal/TaxAmount BT-117
TaxTotal/TaxSubtotal/TaxCategory/ID BT-118
TaxTotal/TaxSubtotal/TaxCategory/Percent BT-119
TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode BT-121
TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason BT-120
TaxTotal/TaxSubtotal/TaxCategory/TaxScheme/ID -
LegalMonetaryTotal/LineExtensionAmount BT-106
LegalMonetaryTotal/TaxExclusiveAmount BT-109
LegalMonetaryTotal/TaxInclusiveAmount BT-112
LegalMonetaryTotal/PayableAmount BT-115
Line/ID BT-126
Line/Quantity BT-129
Line/LineExtensionAmount BT-131
Line/InvoicePeriod/StartDate BT-134
Line/InvoicePeriod/EndDate BT-135
Line/AllowanceCharge:false/AllowanceChargeReason BT-139
Line/AllowanceCharge:false/Amount BT-136
Line/AllowanceCharge:true/AllowanceChargeReason BT-144
Line/AllowanceCharge:true/Amount BT-141
Line/Item/Name BT-153
Line/Item/ClassifiedTaxCategory/ID BT-151
Line/Item/ClassifiedTaxCategory/Percent BT-152
Line/Item/ClassifiedTaxCategory/TaxScheme/ID -
Line/Price/PriceAmount BT-146
Line/Price/AllowanceCharge:false/Amount BT-147
Line/Price/AllowanceCharge:false/BaseAmount BT-148
"""

# Names for the beginnings of paths, the longest first.
_NAMES = {
    "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/"
    "SpecifiedTradeSettlementPaymentMeans": "Means",
    "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/"
    "SpecifiedLineTradeAgreement/GrossPriceProductTradePrice": "Gross",
    "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/"
    "SpecifiedLineTradeSettlement": "Charged",
    "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty": "Seller",
    "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/BuyerTradeParty": "Buyer",
    "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement": "Agreement",
    "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery": "Delivery",
    "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement": "Settlement",
    "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem": "Line",
    "AccountingSupplierParty/Party": "Seller",
    "AccountingCustomerParty/Party": "Buyer",
    "InvoiceLine": "Line",
    "CreditNoteLine": "Line",
    "InvoiceTypeCode": "TypeCode",
    "CreditNoteTypeCode": "TypeCode",
}
# Repeated parts of a document. Their values are compared by the number of the part.
_PARTS = {
    "IncludedSupplyChainTradeLineItem": "line",
    "InvoiceLine": "line",
    "CreditNoteLine": "line",
    "ApplicableTradeTax": "tax",
    "TaxSubtotal": "tax",
    "InvoiceReferencedDocument": "reference",
    "BillingReference": "reference",
}


def terms_of(document: bytes) -> Terms:
    """Return what an XML states. The values are texts as written, dates in the form of ISO 8601.

    Raises:
        AssertionError: an element has a text that is no known term.
    """
    root = etree.fromstring(document)
    known = _table(_CII if _name(root) == "CrossIndustryInvoice" else _UBL)
    found: Terms = {}
    for leaf in root.iter("*"):
        if len(leaf):
            continue
        path = _path(leaf)
        if any(path.endswith(f"/{each}") for each in _SAID):
            continue
        assert path in known, f"{path} is no known term: {leaf.text}"
        for term, value in _values(known[path], leaf):
            found.setdefault((_part(leaf), term), []).append(value)
    return found


def _table(paths: str) -> dict[str, str]:
    return dict(each.split() for each in paths.split("\n") if each)


def _values(term: str, leaf: etree._Element) -> Iterator[tuple[str, str]]:
    if term == "-":
        return
    text = leaf.text or ""
    dated = _name(leaf) in ("DateTimeString", "DateString") and _DATE.fullmatch(text)
    yield term, "-".join(dated.groups()) if dated else text
    for name, value in leaf.attrib.items():
        if name == "unitCode":
            yield "BT-130", value
        elif name == "schemeID" and "TaxRegistration" not in _path(leaf):
            yield f"{term}-1", value


def _path(leaf: etree._Element) -> str:
    steps = [leaf, *leaf.iterancestors()][-2::-1]
    path = "/".join(_step(each) for each in steps)
    for before, after in _NAMES.items():
        if path == before or path.startswith(before + "/"):
            path = after + path.removeprefix(before)
            break
    return path.replace("InvoicedQuantity", "Quantity").replace("CreditedQuantity", "Quantity")


def _step(element: etree._Element) -> str:
    """Return the name of an element, with what a part of it says about the others."""
    name = _name(element)
    if name.endswith("AllowanceCharge"):
        said = element.find("{*}ChargeIndicator")
        assert said is not None
        return f"{name}:{''.join(said.itertext()).strip()}"
    if name == "SpecifiedTaxRegistration":
        return f"{name}:{element.find('{*}ID').get('schemeID')}"
    if name == "PartyTaxScheme":
        return f"{name}:{'VAT' if element.findtext('{*}TaxScheme/{*}ID') == 'VAT' else 'FC'}"
    return name


def _part(leaf: etree._Element) -> str:
    for each in [*leaf.iterancestors()][-2::-1]:
        if _name(each) in _PARTS:
            same = each.itersiblings(each.tag, preceding=True)
            return f"{_PARTS[_name(each)]} {sum(1 for _ in same) + 1}"
    return ""


def _name(element: etree._Element) -> str:
    name: str = etree.QName(element).localname
    return name
