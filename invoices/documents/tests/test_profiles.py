"""Tests of profiles: the official rules of each accept every document, and refuse what it lacks."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from invoices.documents import xml
from invoices.documents.document import Account, Document, DocumentLine
from invoices.documents.profile_rules import (
    is_for_sellers_in,
    missing_of_buyer,
    missing_of_seller,
    rules_of,
)
from invoices.documents.references import References
from invoices.documents.tests import schematron
from invoices.documents.tests.documents import (
    PERCENTS,
    an_invoice,
    as_credit_note,
    every_correction,
    line,
    rounded,
)
from invoices.documents.tests.schematron import violations
from organizations.billing.profiles import XRECHNUNG, Profile
from organizations.models import TaxCategory
from rating.agreement.lines import Section

CURRENCIES = {"JPY": 0, "EUR": 2, "KWD": 3}
# XRechnung is the same in a syntax, whichever of the two is sent.
STATED = [
    pytest.param(Profile.FACTUR_X, xml.cii, id="Factur-X"),
    pytest.param(Profile.XRECHNUNG_CII, xml.cii, id="XRechnung, CII"),
    pytest.param(Profile.XRECHNUNG_UBL, xml.ubl, id="XRechnung, UBL"),
    pytest.param(Profile.PEPPOL, xml.ubl, id="Peppol"),
]
STRICT = STATED[1:]


def in_profile(document: Document, profile: Profile) -> Document:
    """Return a document to a German public body, with all that any profile requires."""
    seller = replace(
        document.seller,
        tax_id="DE136695976",
        legal_id="HRB 86786",
        endpoint="DE136695976",
        endpoint_scheme="9930",
        contact_name="Accounts",
        contact_phone="+49 30 901820",
    )
    buyer = replace(
        document.buyer,
        endpoint="991-03730-19",
        endpoint_scheme="0204",
        legal_id="732829320",
        legal_scheme="0002",
    )
    references = References("PO-2026/7", "991-03730-19", "K-12", "Harbour")
    return replace(document, profile=profile, seller=seller, buyer=buyer, references=references)


def lines_of_all_sections(category: TaxCategory, digits: int) -> tuple[DocumentLine, ...]:
    """Return lines of each section, with amounts that EN 16931 can state in any currency."""
    percent = PERCENTS.get(category, Decimal(0))
    taxed = replace(line(digits=digits), tax_category=category, tax_percent=percent)

    def of(section: Section, amount: str, quantity: str, price: str, **more: Any) -> DocumentLine:
        return replace(
            taxed,
            section=section,
            amount=rounded(amount, digits),
            quantity=Decimal(quantity),
            price=Decimal(price),
            cameras=0,
            **more,
        )

    return (
        replace(taxed, amount=rounded("32", digits)),
        replace(
            taxed,
            amount=rounded("29", digits),
            price=Decimal("8.10000000"),
            gross_price=Decimal("9.0000"),
        ),
        of(Section.FEES, "26", "0.516129", "50.0000", item="Support", days=16),
        of(Section.ONE_OFF, "240", "3", "80.0000", item="Installation"),
        of(Section.MINIMUM, "33", "1", "33.0000", item="", gross_price=Decimal(360), days=31),
        of(Section.CREDITS, "-60", "-1", "60.0000", item="Goodwill"),
    )


def documents(category: TaxCategory, currency: str) -> dict[str, Document]:
    """Return a document of each kind, by name."""
    digits = CURRENCIES[currency]
    lines = lines_of_all_sections(category, digits)
    invoice = an_invoice(category=category, currency=currency, digits=digits, lines=lines)
    credited = replace(lines[-1], amount=-invoice.net, price=invoice.net)
    nothing = an_invoice(
        category=category, currency=currency, digits=digits, lines=(*lines, credited)
    )
    found = {
        "invoice": invoice,
        "nothing to pay": nothing,
        "credit note": as_credit_note(invoice),
    }
    if currency == "EUR":
        found |= every_correction(category)
    return found


def found_rules(document: Document, state: Callable[[Document], bytes]) -> str:
    return " ".join(violations(state(document), document.profile))


def test_the_rules_are_those_that_the_documentation_names() -> None:
    def text(path: object) -> str:
        return Path(str(path)).read_text("utf-8")

    for syntax in ("CrossIndustryInvoice", "Invoice"):
        title = "Schematron Version 2.6.0 - XRechnung 3.0.2 compatible"
        assert title in text(schematron.XRECHNUNG_RULES[syntax])
    peppol = text(schematron.PEPPOL_RULES)
    # Peppol writes no version into its rules. 3.0.15 lacks these rules of later releases.
    assert 'id="PEPPOL-EN16931-R120"' in peppol
    assert all(f'id="{rule}"' not in peppol for rule in ("DE-R-001", "SE-R-013", "P0112"))


@pytest.mark.parametrize(("profile", "state"), STATED)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_official_rules_accept_every_document(
    profile: Profile, state: Callable[[Document], bytes], currency: str
) -> None:
    found = {
        (category, name): broken
        for category in TaxCategory
        for name, document in documents(category, currency).items()
        if (broken := found_rules(in_profile(document, profile), state))
    }

    assert found == {}


@pytest.mark.parametrize(("profile", "state"), STRICT)
def test_a_document_without_references_but_the_required_one_is_accepted(
    profile: Profile, state: Callable[[Document], bytes]
) -> None:
    document = in_profile(an_invoice(), profile)
    least = References(buyer_reference="991-03730-19")

    assert found_rules(replace(document, references=least, buyer_reference=""), state) == ""


@pytest.mark.parametrize("profile", sorted(XRECHNUNG))
@pytest.mark.parametrize(
    ("lacking", "rule"),
    [
        ("contact_name", "BR-DE-5"),
        ("contact_phone", "BR-DE-6"),
        ("email", "BR-DE-7"),
        ("postal_code", "BR-DE-4"),
        ("city", "BR-DE-3"),
    ],
)
def test_xrechnung_names_what_the_seller_lacks_as_blockers_do(
    profile: Profile, lacking: str, rule: str
) -> None:
    whole = in_profile(an_invoice(), profile)
    seller = replace(whole.seller, **{lacking: ""})

    assert missing_of_seller(profile, whole.seller) == []
    assert missing_of_seller(profile, seller) == [lacking]
    assert f"[{rule}]" in found_rules(replace(whole, seller=seller), xml.stated)


@pytest.mark.parametrize("profile", sorted(XRECHNUNG))
@pytest.mark.parametrize(
    ("lacking", "rule"),
    [
        (("postal_code",), "BR-DE-9"),
        (("city",), "BR-DE-8"),
        (("endpoint", "email"), "PEPPOL-EN16931-R010"),
    ],
)
def test_xrechnung_names_what_the_buyer_lacks_as_blockers_do(
    profile: Profile, lacking: tuple[str, ...], rule: str
) -> None:
    whole = in_profile(an_invoice(), profile)
    buyer = replace(whole.buyer, **dict.fromkeys(lacking, ""))

    assert missing_of_buyer(profile, whole.buyer, "DE") == []
    assert missing_of_buyer(profile, buyer, "DE") == [lacking[0]]
    assert f"[{rule}]" in found_rules(replace(whole, buyer=buyer), xml.stated)


@pytest.mark.parametrize(("profile", "state"), STRICT)
def test_a_buyer_reference_is_required(
    profile: Profile, state: Callable[[Document], bytes]
) -> None:
    document = replace(in_profile(an_invoice(), profile), references=References())
    rule = "PEPPOL-EN16931-R003" if profile is Profile.PEPPOL else "BR-DE-15"

    # The number of the contract is no reference of the buyer.
    assert document.buyer_reference
    assert f"[{rule}]" in found_rules(document, state)


def test_a_purchase_order_is_enough_for_peppol() -> None:
    document = in_profile(an_invoice(), Profile.PEPPOL)

    assert found_rules(replace(document, references=References(order="PO-1")), xml.ubl) == ""


@pytest.mark.parametrize("party", ["seller", "buyer"])
def test_peppol_takes_no_address_of_email(party: str) -> None:
    document = in_profile(an_invoice(), Profile.PEPPOL)
    by_email = replace(getattr(document, party), endpoint="", endpoint_scheme="")

    assert missing_of_seller(Profile.PEPPOL, by_email) == ["endpoint"]
    assert missing_of_buyer(Profile.PEPPOL, by_email, "DE") == ["endpoint"]
    assert "[PEPPOL-EN16931-CL008]" in found_rules(replace(document, **{party: by_email}), xml.ubl)


@pytest.mark.parametrize(
    ("country", "tax_id", "number", "scheme"),
    [
        ("AT", "ATU13585627", "", ""),
        ("BE", "BE0403170701", "0403170701", "0208"),
        ("CH", "CHE-107.787.577MWST", "", ""),
        ("FI", "FI20774740", "2077474-0", "0212"),
        ("FR", "FR40303265045", "303265045", "0002"),
        ("GB", "GB980780684", "", ""),
        ("IS", "IS12345", "5403070160", "0196"),
        ("IT", "IT00743110157", "", ""),
        ("NL", "NL004495445B01", "12345678", "0106"),
        ("NO", "NO988077917MVA", "988077917", "0192"),
        ("SE", "SE556000475501", "5560004755", "0007"),
    ],
)
def test_the_national_rules_of_peppol_accept_sellers_and_buyers(
    country: str, tax_id: str, number: str, scheme: str
) -> None:
    category = TaxCategory.ZERO if country == "SE" else TaxCategory.STANDARD
    document = in_profile(an_invoice(category=category), Profile.PEPPOL)
    own = {"country": country, "tax_id": tax_id, "legal_id": number, "legal_scheme": scheme}
    seller = replace(document.seller, **own)
    for each in (document, as_credit_note(document)):
        for buyer in (each.buyer, replace(each.buyer, **own)):
            assert missing_of_seller(Profile.PEPPOL, seller) == []
            assert missing_of_buyer(Profile.PEPPOL, buyer, country) == []
            assert found_rules(replace(each, seller=seller, buyer=buyer), xml.ubl) == ""


def test_icelandic_parties_need_legal_ids_on_peppol() -> None:
    document = in_profile(an_invoice(), Profile.PEPPOL)
    own = {"country": "IS", "tax_id": "IS12345"}
    whole = replace(document.seller, **own, legal_id="5403070160", legal_scheme="0196")
    without = replace(whole, legal_id="", legal_scheme="")
    buyer = replace(document.buyer, **own, legal_id="", legal_scheme="")

    assert missing_of_seller(Profile.PEPPOL, without) == ["legal_id"]
    assert "[IS-R-002]" in found_rules(replace(document, seller=without), xml.ubl)
    assert missing_of_buyer(Profile.PEPPOL, buyer, "IS") == ["legal_id"]
    assert "[IS-R-004]" in found_rules(replace(document, seller=whole, buyer=buyer), xml.ubl)


def test_greek_sellers_cannot_use_peppol() -> None:
    document = in_profile(an_invoice(), Profile.PEPPOL)
    seller = replace(document.seller, country="GR", tax_id="EL094259216")

    assert not is_for_sellers_in(Profile.PEPPOL, "GR")
    assert is_for_sellers_in(Profile.EN16931, "GR")
    assert "[GR-R-001-1]" in found_rules(replace(document, seller=seller), xml.ubl)


def test_danish_sellers_need_a_legal_id_on_peppol() -> None:
    document = in_profile(an_invoice(), Profile.PEPPOL)
    number = "DK13585628"
    seller = replace(
        document.seller, country="DK", tax_id=number, legal_id=number, legal_scheme="0184"
    )
    without = replace(seller, legal_id="", legal_scheme="")

    assert missing_of_seller(Profile.PEPPOL, seller) == []
    assert found_rules(replace(document, seller=seller), xml.ubl) == ""
    assert missing_of_seller(Profile.PEPPOL, without) == ["legal_id"]
    assert "[DK-R-002]" in found_rules(replace(document, seller=without), xml.ubl)


def test_a_dutch_buyer_of_a_dutch_seller_has_a_dutch_legal_id_if_any() -> None:
    document = in_profile(an_invoice(), Profile.PEPPOL)
    dutch = {"country": "NL", "tax_id": "NL004495445B01"}
    dutch |= {"legal_id": "12345678", "legal_scheme": "0106"}
    seller, buyer = replace(document.seller, **dutch), replace(document.buyer, **dutch)
    other = replace(buyer, legal_scheme="0088")
    foreign = replace(seller, legal_scheme="0088")

    for right in (buyer, replace(buyer, legal_id="", legal_scheme="")):
        assert missing_of_buyer(Profile.PEPPOL, right, "NL") == []
        assert found_rules(replace(document, seller=seller, buyer=right), xml.ubl) == ""
    assert missing_of_buyer(Profile.PEPPOL, other, "NL") == ["legal_scheme"]
    assert missing_of_buyer(Profile.PEPPOL, other, "DE") == []
    assert "[NL-R-005]" in found_rules(replace(document, seller=seller, buyer=other), xml.ubl)
    assert missing_of_seller(Profile.PEPPOL, foreign) == ["legal_scheme"]
    assert "[NL-R-003]" in found_rules(replace(document, seller=foreign), xml.ubl)


def test_peppol_compares_exact_products_also_without_decimals() -> None:
    yen = an_invoice(currency="JPY", digits=0, lines=(line(amount="40", digits=0),))
    stated = xml.ubl(in_profile(yen, Profile.PEPPOL))

    # 3.516129 × 9 are 31.65 yen, and the line states 40.
    charge = etree.fromstring(stated).find(".//{*}InvoiceLine/{*}AllowanceCharge/{*}Amount")
    assert charge.text == "8.35"


@pytest.mark.parametrize(("profile", "state"), STATED)
def test_each_profile_states_its_terms(
    profile: Profile, state: Callable[[Document], bytes]
) -> None:
    document = in_profile(an_invoice(), profile)
    for each in (document, as_credit_note(document)):
        stated = state(each).decode()

        assert f">{rules_of(profile).specification}<" in stated
        for text in ("PO-2026/7", "991-03730-19", "K-12", "Harbour", "HRB 86786", "732829320"):
            assert f">{text}<" in stated
        for text in ("Accounts", "+49 30 901820", "billing@watchful.example"):
            assert f">{text}<" in stated
        assert 'schemeID="9930"' in stated
        assert 'schemeID="0204"' in stated
        process = rules_of(profile).process
        assert not process or f">{process}<" in stated


@pytest.mark.parametrize("profile", Profile)
def test_the_profile_decides_which_syntax_is_sent(profile: Profile) -> None:
    root = etree.QName(etree.fromstring(xml.stated(in_profile(an_invoice(), profile)))).localname
    is_ubl = profile in (Profile.XRECHNUNG_UBL, Profile.PEPPOL)

    assert root == ("Invoice" if is_ubl else "CrossIndustryInvoice")


def test_peppol_has_only_one_syntax() -> None:
    with pytest.raises(xml.NotStatableError):
        xml.cii(in_profile(an_invoice(), Profile.PEPPOL))


@pytest.mark.parametrize(
    ("profile", "currency"), [*product(sorted(XRECHNUNG), ["XAD"]), (Profile.PEPPOL, "STN")]
)
def test_a_currency_that_a_syntax_refuses_cannot_be_stated(profile: Profile, currency: str) -> None:
    document = in_profile(an_invoice(currency=currency), profile)

    assert not xml.can_state_amounts(document)
    assert not xml.can_state(document)


@pytest.mark.parametrize("profile", [Profile.XRECHNUNG_UBL, Profile.PEPPOL])
@pytest.mark.parametrize("currency", ["STN", "XAD"])
def test_the_official_rules_refuse_those_currencies(profile: Profile, currency: str) -> None:
    euros = xml.ubl(in_profile(an_invoice(), profile))
    stated = euros.replace(b'"EUR"', f'"{currency}"'.encode())
    stated = stated.replace(b">EUR<", f">{currency}<".encode())

    assert any("[BR-CL-0" in each for each in violations(stated, profile))


def test_a_document_to_another_account_than_an_iban_is_accepted() -> None:
    account = Account("4070 2810 1234", "SABRRUMM", "Sber")
    for profile in (*sorted(XRECHNUNG), Profile.PEPPOL):
        document = replace(in_profile(an_invoice(), profile), account=account)

        assert found_rules(document, xml.stated) == ""


def test_a_plain_document_is_as_it_was_before_there_were_profiles() -> None:
    """Documents of earlier invoices come out byte for byte as they were."""
    for invoice in (an_invoice(), as_credit_note(an_invoice())):
        plain = xml.cii(invoice)
        assert b"BusinessProcess" not in plain
        assert b"DefinedTradeContact" not in plain
        # The contract is also the buyer's reference.
        assert plain.count(b">C-77<") == 2
