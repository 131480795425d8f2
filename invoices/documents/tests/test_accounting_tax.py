"""Tests of the tax in the accounting currency: how it is rounded, and where documents state it."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from pypdf import PdfReader

from invoices.documents import xml
from invoices.documents.accounting_tax import AccountingTax, AppliedRate, restored, stored
from invoices.documents.contents import contents_of
from invoices.documents.document import Document
from invoices.documents.pdf import pdf
from invoices.documents.tests.documents import (
    an_invoice,
    as_credit_note,
    correction_line,
    every_correction,
    line,
    with_accounting_tax,
    with_lines,
)
from invoices.documents.tests.schematron import violations
from organizations.models import TaxCategory

SYNTAXES = [xml.cii, xml.ubl]
DAY = date(2026, 10, 30)


def rate(base: str, quote: str, number: str) -> AppliedRate:
    return AppliedRate(base, quote, Decimal(number), DAY, "European Central Bank")


def in_dollars() -> Document:
    """Return an invoice with a tax of USD 8.85."""
    return with_accounting_tax(an_invoice(currency="USD"))


def found(document: bytes, name: str) -> list[tuple[str, str | None]]:
    """Return the texts and currencies of the elements with a name."""
    return [
        (str(each.text), each.get("currencyID"))
        for each in etree.fromstring(document).iter(f"{{*}}{name}")
    ]


@pytest.mark.parametrize(
    ("base", "quote", "number", "currency", "taxes", "amounts"),
    [
        # One euro costs 1.0812 dollars: divide.
        ("EUR", "USD", "1.0812", "EUR", ["8.85"], ["8.19"]),
        ("USD", "EUR", "0.92490", "EUR", ["8.85"], ["8.19"]),
        # Halves up; those of a credit away from 0.
        ("USD", "EUR", "0.5", "EUR", ["0.01", "0.03", "-0.01"], ["0.01", "0.02", "-0.01"]),
        ("EUR", "PLN", "4.2345", "PLN", ["19.00"], ["80.46"]),
        ("JPY", "KWD", "0.00205", "KWD", ["1900"], ["3.895"]),
        ("EUR", "JPY", "171.33", "JPY", ["19.00"], ["3255"]),
    ],
)
def test_each_tax_is_converted_and_rounded_once(
    base: str, quote: str, number: str, currency: str, taxes: list[str], amounts: list[str]
) -> None:
    converted = AccountingTax.of(currency, rate(base, quote, number), map(Decimal, taxes))

    assert [str(each) for each in converted.amounts] == amounts
    assert converted.amount == sum(map(Decimal, amounts))


def test_what_is_stored_comes_back_as_it_was() -> None:
    tax = in_dollars().accounting_tax

    assert restored(stored(tax)) == tax
    assert restored(stored(None)) is None


@pytest.mark.parametrize("generated", SYNTAXES)
@pytest.mark.parametrize("accounting", ["EUR", "JPY", "PLN"])
@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("ISK", 0), ("KWD", 3)])
def test_the_official_rules_accept_it_in_every_document(
    currency: str, digits: int, accounting: str, generated: Callable[[Document], bytes]
) -> None:
    lines = (line(amount="40", digits=digits), line("Pro", "60", digits=digits))
    invoice = with_accounting_tax(
        an_invoice(currency=currency, digits=digits, lines=lines), accounting
    )

    for document in (invoice, as_credit_note(invoice)):
        assert violations(generated(document)) == []


@pytest.mark.parametrize("generated", SYNTAXES)
def test_the_official_rules_accept_it_in_corrections(
    generated: Callable[[Document], bytes],
) -> None:
    for document in every_correction().values():
        stated = with_accounting_tax(replace(document, currency="USD"))
        assert violations(generated(stated)) == []


@pytest.mark.parametrize("generated", SYNTAXES)
def test_the_official_rules_refuse_a_currency_without_an_amount(
    generated: Callable[[Document], bytes],
) -> None:
    tree = etree.fromstring(generated(in_dollars()))
    for each in tree.iterfind(".//{*}*[@currencyID='EUR']"):
        total = each.getparent() if each.getparent().tag.endswith("}TaxTotal") else each
        total.getparent().remove(total)

    assert any("[BR-53]" in each for each in violations(etree.tostring(tree)))


def test_both_syntaxes_state_the_currency_the_amount_and_the_rate() -> None:
    document = in_dollars()
    cii, ubl = xml.cii(document), xml.ubl(document)
    note = "1 EUR = 1.0812 USD on 30 Oct 2026 (European Central Bank)"

    assert found(cii, "TaxCurrencyCode") == found(ubl, "TaxCurrencyCode") == [("EUR", None)]
    assert found(cii, "TaxTotalAmount") == [("8.85", "USD"), ("8.19", "EUR")]
    assert [each for each in found(ubl, "TaxAmount") if each[1] == "EUR"] == [("8.19", "EUR")]
    assert (note, None) in found(cii, "Content")
    assert (note, None) in found(ubl, "Note")


@pytest.mark.parametrize("generated", SYNTAXES)
def test_a_document_without_it_states_nothing_of_it(
    generated: Callable[[Document], bytes],
) -> None:
    document = generated(an_invoice(currency="USD"))

    assert found(document, "TaxCurrencyCode") == found(document, "Note") == []


def test_xml_cannot_state_a_third_decimal_of_the_accounting_currency() -> None:
    document = with_accounting_tax(an_invoice(currency="USD"), "KWD", rate("KWD", "USD", "3.26"))

    assert str(document.accounting_tax and document.accounting_tax.amount) == "2.715"
    assert not xml.can_state(document)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            ["VAT in EUR: EUR 8.19", "1 EUR = 1.0812 USD on 30 Oct 2026 (European Central Bank)"],
        ),
        (
            "ru",
            [
                "НДС в EUR: 8,19 EUR",
                "1 EUR = 1,0812 USD на 30.10.2026 (European Central Bank)",
            ],
        ),
    ],
)
def test_the_pdf_states_it(language: str, texts: list[str]) -> None:
    document = with_accounting_tax(an_invoice(currency="USD", language=language))
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(document))).pages)
    plain = " ".join(printed.replace("\N{NO-BREAK SPACE}", " ").split())

    for text in texts:
        assert text in plain


def test_each_of_several_taxes_is_stated() -> None:
    earlier = correction_line("10.00", "1", percent="16.00")
    taxed = with_lines(an_invoice(currency="USD"), line(), earlier, category=TaxCategory.STANDARD)
    notes = contents_of(with_accounting_tax(taxed))["notes"]

    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in notes[:3]] == [
        "VAT 16%: EUR 1.48",
        "VAT 19%: EUR 5.57",
        "VAT in EUR: EUR 7.05",
    ]
