"""Tests of invoices between French companies, with the official rules BR-FR of flux 2."""

import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from invoices.documents import xml
from invoices.documents.accounting_tax import AccountingTax, AppliedRate
from invoices.documents.contents import contents_of
from invoices.documents.document import Document, Kind, Party
from invoices.documents.french import French, in_french_places, siren_of
from invoices.documents.tests.abroad import at_rate, every_line
from invoices.documents.tests.documents import (
    PERCENTS,
    an_invoice,
    as_credit_note,
    correction_line,
    line,
    rounded,
    with_lines,
)
from invoices.documents.tests.rules import SYNTAXES, broken_rules, facts_of
from organizations.models import TaxCategory

VAT = Decimal("20.00")
SELLER = Party(
    "Vigie SAS",
    "2 quai de la Joliette",
    "13002",
    "Marseille",
    "FR",
    "FR83404833048",
    "facturation@vigie.example",
)
FRENCH = French(
    seller="404833048",
    buyer="552081317",
    penalties="Pénalités au taux de 10 %.",
    recovery="Indemnité forfaitaire de 40 €.",
    discount="Pas d’escompte.",
)
PROFILE = "france"
# Rules of EN 16931 and France that need the tax in euro, which is stated by another term.
OF_TAX_IN_EURO = ["BR-FR-CO-12_BT-5"]
with_every_category = pytest.mark.parametrize("category", TaxCategory)
with_every_syntax = pytest.mark.parametrize("syntax", SYNTAXES)


def in_french(document: Document) -> Document:
    """Return a document between two French companies, at the French rate of tax."""
    buyer = replace(document.buyer, tax_id="FR40552081317")
    return replace(at_rate(document, VAT), seller=SELLER, buyer=buyer, french=FRENCH)


def every_document(category: TaxCategory) -> dict[str, Document]:
    """Return a French document of each kind, with lines of each kind, by name."""
    percent = str(VAT if category in PERCENTS else 0)
    whole = an_invoice(category=category)
    lines = every_line(category, VAT)
    invoice = with_lines(whole, *lines, category=category)
    more = correction_line("21.60", "2.400001", percent=percent)
    less = correction_line("-9.10", "-1.011111", percent=percent)
    corrected = with_lines(whole, more, less, category=category)
    partial = replace(corrected, kind=Kind.CREDIT_NOTE, number="CN-2026-000008", due_on=None)
    with_next = with_lines(invoice, *lines, more, less, category=category)
    documents = {
        "invoice": invoice,
        "credit note": as_credit_note(invoice),
        "supplementary": corrected,
        "partial credit": partial,
        "with the next": with_next,
    }
    return {name: in_french(each) for name, each in documents.items()}


@with_every_syntax
@with_every_category
def test_no_document_breaks_a_rule(category: TaxCategory, syntax: str) -> None:
    for name, document in every_document(category).items():
        assert broken_rules(document, syntax, PROFILE) == [], name


@with_every_syntax
@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
def test_the_tax_of_other_currencies_is_stated_in_euro_too(
    currency: str, digits: int, syntax: str
) -> None:
    amounts = [rounded(amount, min(digits, 2)) for amount in ("31.66", "14.90")]
    lines = tuple(replace(line(), amount=rounded(each, digits)) for each in amounts)
    document = in_french(an_invoice(currency=currency, digits=digits, lines=lines))
    if not xml.can_state(document):
        tax = [replace(each, amount=rounded(each.amount, 2)) for each in document.taxes]
        document = replace(document, taxes=tuple(tax))

    rate = AppliedRate("EUR", currency, Decimal("1.1595"), date(2026, 11, 2), "Banque de France")
    in_euro = AccountingTax.of("EUR", rate, [each.amount for each in document.taxes])

    assert broken_rules(document, syntax, PROFILE) == OF_TAX_IN_EURO
    assert broken_rules(replace(document, accounting_tax=in_euro), syntax, PROFILE) == []


@with_every_syntax
def test_states_what_the_rules_require(syntax: str) -> None:
    stated = facts_of(in_french(an_invoice()), syntax)

    assert stated["BT-23"] == "S1"
    assert stated["BT-30"] == "404833048 (0002)"
    assert stated["BT-34"] == "404833048 (0225)"
    assert stated["BT-47"] == "552081317 (0002)"
    assert stated["BT-49"] == "552081317 (0225)"
    assert stated["BT-31"] == "FR83404833048"
    for code, text in FRENCH.notes:
        assert stated[code] == text


@with_every_syntax
def test_an_address_in_the_directory_is_stated_as_it_is(syntax: str) -> None:
    document = in_french(an_invoice())
    addresses = {"endpoint": "552081317_CAMERAS", "endpoint_scheme": "0225"}
    named = replace(document, buyer=replace(document.buyer, **addresses))

    assert facts_of(named, syntax)["BT-49"] == "552081317_CAMERAS (0225)"
    assert broken_rules(named, syntax, PROFILE) == []


def test_without_the_french_rules_nothing_of_them_is_stated() -> None:
    document = replace(in_french(an_invoice()), french=None)

    for state in (xml.cii, xml.ubl):
        stated = state(document)
        assert b"0225" not in stated
        assert b"PMT" not in stated
        assert b"3.516129" in stated


@with_every_syntax
def test_the_rules_are_run(syntax: str) -> None:
    whole = in_french(an_invoice())
    without = replace(whole, french=None)
    other_process = replace(whole, french=replace(FRENCH, process="X1"))
    other_siren = replace(whole, french=replace(FRENCH, seller="40483304"))

    assert any("BR-FR-08" in rule for rule in broken_rules(other_process, syntax, PROFILE))
    assert any("BR-FR-10" in rule for rule in broken_rules(other_siren, syntax, PROFILE))
    found = " ".join(broken_rules(without, syntax, PROFILE))
    assert found.count("BR-FR-05_BT-22") == 3
    assert "BR-FR-DEC-02_BT-129" in found


@pytest.mark.parametrize(
    ("quantity", "price", "stated"),
    [
        ("3.516129", "9.0000", ("3.5161", "9.0000")),
        ("0.00005", "9", ("0.0001", "9")),
        ("-1.01005", "8.00019991", ("-1.0101", "8.000200")),
        ("1.500000", "9.00000000", ("1.5000", "9.000000")),
        ("100", "0.5", ("100", "0.5")),
    ],
)
def test_numbers_are_rounded_only_if_they_must_be(
    quantity: str, price: str, stated: tuple[str, str]
) -> None:
    exact = replace(line(), quantity=Decimal(quantity), price=Decimal(price))

    changed = in_french_places(exact)

    assert (str(changed.quantity), str(changed.price)) == stated
    assert changed.amount == exact.amount


@pytest.mark.parametrize(
    ("tax_id", "country", "siren"),
    [
        ("FR83404833048", "FR", "404833048"),
        ("FR 83 404 833 048", "RE", "404833048"),
        ("404833048", "FR", "404833048"),
        ("40483304800022", "FR", "404833048"),
        ("FR83404833048", "DE", ""),
        ("FR83404833048", "MC", ""),
        ("FR83404833049", "FR", ""),
        ("DE123456788", "FR", ""),
        ("", "FR", ""),
    ],
)
def test_the_siren_follows_from_the_tax_id(tax_id: str, country: str, siren: str) -> None:
    party = replace(SELLER, tax_id=tax_id, country=country)

    assert siren_of(party) == siren
    named = replace(party, legal_id="552081317", legal_scheme="0002")
    assert siren_of(named) == ("552081317" if country in ("FR", "RE") else "")


def test_the_pages_state_the_notes_and_both_sirens() -> None:
    contents = contents_of(in_french(an_invoice()))

    assert contents["notes"] == [text for _code, text in FRENCH.notes]
    assert contents["seller"]["lines"][-1] == "SIREN: 404833048"
    assert contents["buyer"]["lines"][-1] == "SIREN: 552081317"
    plain = contents_of(an_invoice())
    assert not plain["notes"]
    assert "SIREN" not in str(plain)


def test_documents_of_each_category_and_kind_differ() -> None:
    pairs = itertools.product(TaxCategory, every_document(TaxCategory.STANDARD))

    assert len({xml.cii(every_document(category)[name]) for category, name in pairs}) == 5 * len(
        TaxCategory
    )
