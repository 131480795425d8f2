"""The terms of EN 16931, and where each syntax states them.

BT and BG are the standard's names of terms and groups (EN 16931-1, section 6). Of KSeF's FA(3),
what means the same is listed by the same terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from lxml import etree

from invoices.checking.profiles import Syntax

_NAMESPACES: dict[Syntax, dict[str, str]] = {
    Syntax.CII: {
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
        "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    },
    Syntax.UBL: {
        "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
        "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    },
    Syntax.FA: {"f": "http://crd.gov.pl/wzor/2025/06/25/13775/"},
}


class Term(NamedTuple):
    """A term of the standard, and where each syntax has it, below the element of its group."""

    code: str
    cii: str = ""
    ubl: str = ""
    fa: str = ""

    def path(self, syntax: Syntax) -> str:
        """Return where a syntax has the term; empty if it does not."""
        return {Syntax.CII: self.cii, Syntax.UBL: self.ubl, Syntax.FA: self.fa}[syntax]


_DOCUMENT = "rsm:ExchangedDocument"
_CONTEXT = "rsm:ExchangedDocumentContext"
_AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_DELIVERY = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_MEANS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
_TERMS = f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms"


def _period(at: str, side: str) -> str:
    return f"{at}/ram:BillingSpecifiedPeriod/ram:{side}DateTime/udt:DateTimeString"


def _sum(name: str) -> str:
    return f"cac:LegalMonetaryTotal/cbc:{name}"


def _party(codes: Mapping[str, str]) -> tuple[Term, ...]:
    """Return the terms of a party, below its element in each syntax."""
    cii_address, ubl_address = "ram:PostalTradeAddress", "cac:PostalAddress"
    cii_contact, ubl_contact = "ram:DefinedTradeContact", "cac:Contact"
    known = {
        "name": ("ram:Name", "cac:PartyLegalEntity/cbc:RegistrationName", "*/f:Nazwa"),
        "trading": (
            "ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
            "cac:PartyName/cbc:Name",
            "",
        ),
        "id": ("ram:ID | ram:GlobalID", "cac:PartyIdentification/cbc:ID", "f:NrKlienta"),
        "legal": (
            "ram:SpecifiedLegalOrganization/ram:ID",
            "cac:PartyLegalEntity/cbc:CompanyID",
            "*/f:NrID",
        ),
        "vat": (
            "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
            "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID",
            "*/f:NIP | */f:NrVatUE",
        ),
        "tax": (
            "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']",
            "cac:PartyTaxScheme[not(cac:TaxScheme/cbc:ID='VAT')]/cbc:CompanyID",
            "",
        ),
        "endpoint": ("ram:URIUniversalCommunication/ram:URIID", "cbc:EndpointID", ""),
        "street": (f"{cii_address}/ram:LineOne", f"{ubl_address}/cbc:StreetName", "*/f:AdresL1"),
        "street2": (
            f"{cii_address}/ram:LineTwo",
            f"{ubl_address}/cbc:AdditionalStreetName",
            "*/f:AdresL2",
        ),
        "city": (f"{cii_address}/ram:CityName", f"{ubl_address}/cbc:CityName", ""),
        "postcode": (f"{cii_address}/ram:PostcodeCode", f"{ubl_address}/cbc:PostalZone", ""),
        "country": (
            f"{cii_address}/ram:CountryID",
            f"{ubl_address}/cac:Country/cbc:IdentificationCode",
            "f:Adres/f:KodKraju",
        ),
        "contact": (
            f"{cii_contact}/ram:PersonName | {cii_contact}/ram:DepartmentName",
            f"{ubl_contact}/cbc:Name",
            "",
        ),
        "phone": (
            f"{cii_contact}/ram:TelephoneUniversalCommunication/ram:CompleteNumber",
            f"{ubl_contact}/cbc:Telephone",
            "f:DaneKontaktowe/f:Telefon",
        ),
        "email": (
            f"{cii_contact}/ram:EmailURIUniversalCommunication/ram:URIID",
            f"{ubl_contact}/cbc:ElectronicMail",
            "f:DaneKontaktowe/f:Email",
        ),
    }
    return tuple(Term(code, *known[name]) for name, code in codes.items())


class Group(NamedTuple):
    """A group of terms, and where each syntax has it; an empty path means the whole document."""

    code: str
    terms: tuple[Term, ...]
    cii: str = ""
    ubl: str = ""
    fa: str = ""

    def elements(self, root: etree._Element, syntax: Syntax) -> list[etree._Element]:
        """Return the elements of the group in a document."""
        path = {Syntax.CII: self.cii, Syntax.UBL: self.ubl, Syntax.FA: self.fa}[syntax]
        return found_in(root, path, syntax) if path else [root]


GROUPS = (
    Group(
        "BG-2",
        (
            Term("BT-1", f"{_DOCUMENT}/ram:ID", "cbc:ID", "f:Fa/f:P_2"),
            Term(
                "BT-2",
                f"{_DOCUMENT}/ram:IssueDateTime/udt:DateTimeString",
                "cbc:IssueDate",
                "f:Fa/f:P_1",
            ),
            Term(
                "BT-3",
                f"{_DOCUMENT}/ram:TypeCode",
                "cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode",
                "f:Fa/f:RodzajFaktury",
            ),
            Term(
                "BT-5",
                f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
                "cbc:DocumentCurrencyCode",
                "f:Fa/f:KodWaluty",
            ),
            Term("BT-6", f"{_SETTLEMENT}/ram:TaxCurrencyCode", "cbc:TaxCurrencyCode"),
            Term(
                "BT-9",
                f"{_TERMS}/ram:DueDateDateTime/udt:DateTimeString",
                "cbc:DueDate | cac:PaymentMeans/cbc:PaymentDueDate",
                "f:Fa/f:Platnosc/f:TerminPlatnosci/f:Termin",
            ),
            Term(
                "BT-72",
                f"{_DELIVERY}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/*",
                "cac:Delivery/cbc:ActualDeliveryDate",
                "f:Fa/f:P_6",
            ),
            Term(
                "BT-73",
                _period(_SETTLEMENT, "Start"),
                "cac:InvoicePeriod/cbc:StartDate",
                "f:Fa/f:OkresFa/f:P_6_Od",
            ),
            Term(
                "BT-74",
                _period(_SETTLEMENT, "End"),
                "cac:InvoicePeriod/cbc:EndDate",
                "f:Fa/f:OkresFa/f:P_6_Do",
            ),
            Term(
                "BT-23",
                f"{_CONTEXT}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
                "cbc:ProfileID",
            ),
            Term(
                "BT-24",
                f"{_CONTEXT}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
                "cbc:CustomizationID",
                "f:Naglowek/f:KodFormularza/@kodSystemowy",
            ),
        ),
    ),
    Group(
        "BG-3",
        (
            Term("BT-10", f"{_AGREEMENT}/ram:BuyerReference", "cbc:BuyerReference"),
            Term(
                "BT-11",
                f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID",
                "cac:ProjectReference/cbc:ID",
            ),
            Term(
                "BT-12",
                f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
                "cac:ContractDocumentReference/cbc:ID",
                "f:Fa/f:WarunkiTransakcji/f:Umowy/f:NrUmowy",
            ),
            Term(
                "BT-13",
                f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
                "cac:OrderReference/cbc:ID",
                "f:Fa/f:WarunkiTransakcji/f:Zamowienia/f:NrZamowienia",
            ),
            Term(
                "BT-25",
                f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
                "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
                "f:Fa/f:DaneFaKorygowanej/f:NrFaKorygowanej",
            ),
            Term(
                "BT-26",
                f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/*",
                "cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate",
                "f:Fa/f:DaneFaKorygowanej/f:DataWystFaKorygowanej",
            ),
        ),
    ),
    Group(
        "BG-4",
        _party(
            {
                "name": "BT-27",
                "trading": "BT-28",
                "id": "BT-29",
                "legal": "BT-30",
                "vat": "BT-31",
                "tax": "BT-32",
                "endpoint": "BT-34",
                "street": "BT-35",
                "street2": "BT-36",
                "city": "BT-37",
                "postcode": "BT-38",
                "country": "BT-40",
                "contact": "BT-41",
                "phone": "BT-42",
                "email": "BT-43",
            }
        ),
        f"{_AGREEMENT}/ram:SellerTradeParty",
        "cac:AccountingSupplierParty/cac:Party",
        "f:Podmiot1",
    ),
    Group(
        "BG-7",
        _party(
            {
                "name": "BT-44",
                "trading": "BT-45",
                "id": "BT-46",
                "legal": "BT-47",
                "vat": "BT-48",
                "endpoint": "BT-49",
                "street": "BT-50",
                "street2": "BT-51",
                "city": "BT-52",
                "postcode": "BT-53",
                "country": "BT-55",
                "contact": "BT-56",
                "phone": "BT-57",
                "email": "BT-58",
            }
        ),
        f"{_AGREEMENT}/ram:BuyerTradeParty",
        "cac:AccountingCustomerParty/cac:Party",
        "f:Podmiot2",
    ),
    Group(
        "BG-16",
        (
            Term(
                "BT-81",
                f"{_MEANS}/ram:TypeCode",
                "cac:PaymentMeans/cbc:PaymentMeansCode",
                "f:Fa/f:Platnosc/f:FormaPlatnosci",
            ),
            Term(
                "BT-83",
                f"{_SETTLEMENT}/ram:PaymentReference",
                "cac:PaymentMeans/cbc:PaymentID",
            ),
            Term(
                "BT-84",
                f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/*[not(self::ram:AccountName)]",
                "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
                "f:Fa/f:Platnosc/f:RachunekBankowy/f:NrRB",
            ),
            Term(
                "BT-85",
                f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:AccountName",
                "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name",
            ),
            Term(
                "BT-86",
                f"{_MEANS}/ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID",
                "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID",
                "f:Fa/f:Platnosc/f:RachunekBankowy/f:SWIFT",
            ),
            Term(
                "BT-89",
                f"{_TERMS}/ram:DirectDebitMandateID",
                "cac:PaymentMeans/cac:PaymentMandate/cbc:ID",
            ),
            Term("BT-20", f"{_TERMS}/ram:Description", "cac:PaymentTerms/cbc:Note"),
        ),
    ),
    Group(
        "BG-22",
        (
            Term("BT-106", f"{_SUMS}/ram:LineTotalAmount", _sum("LineExtensionAmount")),
            Term("BT-107", f"{_SUMS}/ram:AllowanceTotalAmount", _sum("AllowanceTotalAmount")),
            Term("BT-108", f"{_SUMS}/ram:ChargeTotalAmount", _sum("ChargeTotalAmount")),
            Term("BT-109", f"{_SUMS}/ram:TaxBasisTotalAmount", _sum("TaxExclusiveAmount")),
            Term(
                "BT-110",
                f"{_SUMS}/ram:TaxTotalAmount[not(@currencyID) or @currencyID="
                "ancestor::ram:ApplicableHeaderTradeSettlement/ram:InvoiceCurrencyCode]",
                "cac:TaxTotal/cbc:TaxAmount[@currencyID=/*/cbc:DocumentCurrencyCode]",
            ),
            Term(
                "BT-111",
                f"{_SUMS}/ram:TaxTotalAmount[@currencyID!="
                "ancestor::ram:ApplicableHeaderTradeSettlement/ram:InvoiceCurrencyCode]",
                "cac:TaxTotal/cbc:TaxAmount[@currencyID!=/*/cbc:DocumentCurrencyCode]",
            ),
            Term(
                "BT-112",
                f"{_SUMS}/ram:GrandTotalAmount",
                _sum("TaxInclusiveAmount"),
                "f:Fa/f:P_15",
            ),
            Term("BT-113", f"{_SUMS}/ram:TotalPrepaidAmount", _sum("PrepaidAmount")),
            Term("BT-114", f"{_SUMS}/ram:RoundingAmount", _sum("PayableRoundingAmount")),
            Term("BT-115", f"{_SUMS}/ram:DuePayableAmount", _sum("PayableAmount")),
        ),
    ),
)

NOTES = Group(
    "BG-1",
    (Term("BT-21", "ram:SubjectCode"), Term("BT-22", "ram:Content", ".", ".")),
    f"{_DOCUMENT}/ram:IncludedNote",
    "cbc:Note",
    "f:Stopka/f:Informacje/f:StopkaFaktury",
)

ALLOWANCES = Group(
    "BG-20",
    (
        Term("charge", "ram:ChargeIndicator/udt:Indicator", "cbc:ChargeIndicator"),
        Term("BT-97", "ram:Reason", "cbc:AllowanceChargeReason"),
        Term("BT-92", "ram:ActualAmount", "cbc:Amount"),
    ),
    f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge",
    "cac:AllowanceCharge",
    "f:none",
)

TAXES = Group(
    "BG-23",
    (
        Term("BT-118", "ram:CategoryCode", "cac:TaxCategory/cbc:ID"),
        Term("BT-119", "ram:RateApplicablePercent", "cac:TaxCategory/cbc:Percent"),
        Term("BT-116", "ram:BasisAmount", "cbc:TaxableAmount"),
        Term("BT-117", "ram:CalculatedAmount", "cbc:TaxAmount"),
        Term("BT-120", "ram:ExemptionReason", "cac:TaxCategory/cbc:TaxExemptionReason"),
        Term("BT-121", "ram:ExemptionReasonCode", "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
    ),
    f"{_SETTLEMENT}/ram:ApplicableTradeTax",
    "cac:TaxTotal/cac:TaxSubtotal",
    "f:none",
)

_LINE_AGREEMENT = "ram:SpecifiedLineTradeAgreement"
_LINE_SETTLEMENT = "ram:SpecifiedLineTradeSettlement"
_LINE_SUM = f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation"

LINES = Group(
    "BG-25",
    (
        Term("BT-126", "ram:AssociatedDocumentLineDocument/ram:LineID", "cbc:ID", "f:NrWierszaFa"),
        Term("BT-153", "ram:SpecifiedTradeProduct/ram:Name", "cac:Item/cbc:Name", "f:P_7"),
        Term(
            "BT-129",
            "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
            "cbc:InvoicedQuantity | cbc:CreditedQuantity",
            "f:P_8B",
        ),
        Term(
            "BT-130",
            "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode",
            "cbc:InvoicedQuantity/@unitCode | cbc:CreditedQuantity/@unitCode",
            "f:P_8A",
        ),
        Term(
            "BT-146",
            f"{_LINE_AGREEMENT}/ram:NetPriceProductTradePrice/ram:ChargeAmount",
            "cac:Price/cbc:PriceAmount",
            "f:P_9A",
        ),
        Term(
            "BT-151",
            f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:CategoryCode",
            "cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
        ),
        Term(
            "BT-152",
            f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
            "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
            "f:P_12",
        ),
        Term("BT-131", f"{_LINE_SUM}/ram:LineTotalAmount", "cbc:LineExtensionAmount", "f:P_11"),
        Term(
            "BT-134",
            _period(_LINE_SETTLEMENT, "Start"),
            "cac:InvoicePeriod/cbc:StartDate",
        ),
        Term("BT-135", _period(_LINE_SETTLEMENT, "End"), "cac:InvoicePeriod/cbc:EndDate"),
    ),
    "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem",
    "cac:InvoiceLine | cac:CreditNoteLine",
    "f:Fa/f:FaWiersz",
)


def found_in(element: etree._Element, path: str, syntax: Syntax) -> list[Any]:
    """Return the elements and attributes at a path, with the prefixes of a syntax."""
    found = element.xpath(path, namespaces=_NAMESPACES[syntax])
    return found if isinstance(found, list) else []
