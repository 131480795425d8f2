"""Tests of the XML of KSeF, with the published schema FA(3)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest
from django.conf import settings
from lxml import etree

from invoices.checking.examining import examined
from invoices.documents.accounting_tax import AccountingTax, AppliedRate
from invoices.documents.document import Account, Document, Kind, Party
from invoices.documents.fa3 import (
    CURRENCIES_WITHOUT,
    NAMESPACE,
    NotInFa3Error,
    fa3,
    nip_of,
    why_not,
)
from invoices.documents.tests.abroad import at_rate, every_line
from invoices.documents.tests.documents import (
    PERCENTS,
    an_invoice,
    as_credit_note,
    as_preview,
    correction_line,
    line,
    rounded,
    to,
    with_lines,
)
from organizations.countries import country_codes
from organizations.models import TaxCategory
from tariffs.currencies import offered_currencies

MADE_AT = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
SCHEMA = settings.RULES_ROOT / "mcp_ksef_pl" / "schemas" / "schemat_FA(3)_v1-0E.xsd"
PERCENT = Decimal("23.00")
ZLOTY = AccountingTax(
    "PLN",
    2,
    AppliedRate("USD", "PLN", Decimal("3.7227"), date(2026, 11, 2), "Narodowy Bank Polski"),
    (Decimal("39.87"),),
)
SELLER = Party(
    "Strażnica sp. z o.o.",
    "ul. Portowa 1",
    "80-001",
    "Gdańsk",
    "PL",
    "PL5261040828",
    "faktury@straznica.example",
)
with_every_category = pytest.mark.parametrize("category", TaxCategory)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA, etree.XMLParser(no_network=True)))


def polish(document: Document, *, percent: Decimal = PERCENT, buyer: str = "PL") -> Document:
    """Return a document of a Polish seller, in zloty unless it has another currency than euro."""
    ids = {"PL": "7010036138", "FR": "FR40552081317", "US": "12-3456789"}
    return replace(
        at_rate(document, percent),
        seller=SELLER,
        account=Account("PL61109010140000071219812874", "WBKPPLPP", "Demo Bank"),
        buyer=replace(document.buyer, country=buyer, tax_id=ids[buyer]),
        currency="PLN" if document.currency == "EUR" else document.currency,
    )


def made(document: Document) -> etree._Element:
    """Return the root element of the XML of a document, which follows the schema."""
    root = etree.fromstring(fa3(document, made_at=MADE_AT))
    schema().assertValid(root)
    return root


def values(root: etree._Element, name: str) -> list[str]:
    """Return the texts of all elements of a name."""
    return [str(each.text) for each in root.iter(f"{{{NAMESPACE}}}{name}")]


def value(root: etree._Element, name: str) -> str:
    (found,) = values(root, name)
    return found


def sums(root: etree._Element, prefix: str) -> dict[str, Decimal]:
    return {
        etree.QName(each).localname: Decimal(str(each.text))
        for each in root.iter(f"{{{NAMESPACE}}}*")
        if etree.QName(each).localname.startswith(prefix)
    }


def every_document(category: TaxCategory) -> dict[str, Document]:
    """Return a Polish document of each kind, with lines of each kind, by name."""
    percent = str(PERCENT if category in PERCENTS else 0)
    whole = an_invoice(category=category)
    invoice = with_lines(whole, *every_line(category, PERCENT), category=category)
    more = correction_line("21.60", "2.400001", percent=percent)
    less = correction_line("-9.10", "-1.011111", percent=percent)
    corrected = with_lines(whole, more, less, category=category)
    partial = replace(corrected, kind=Kind.CREDIT_NOTE, number="CN-2026-000008", due_on=None)
    documents = {
        "invoice": invoice,
        "credit note": as_credit_note(invoice),
        "supplementary": corrected,
        "partial credit": partial,
        "nothing to pay": with_lines(
            whole,
            line(),
            replace(line(), amount=-line().amount, quantity=-line().quantity),
            category=category,
        ),
    }
    return {name: polish(each) for name, each in documents.items()}


@pytest.mark.parametrize("buyer", ["PL", "FR", "US"])
@with_every_category
def test_every_document_follows_the_schema_and_states_our_sums(
    category: TaxCategory, buyer: str
) -> None:
    for name, each in every_document(category).items():
        document = polish(each, buyer=buyer)
        sign = -1 if document.kind is Kind.CREDIT_NOTE else 1

        root = made(document)

        assert sum(sums(root, "P_13_").values()) == sign * document.net, name
        assert sum(sums(root, "P_14_").values()) == sign * document.tax_amount
        assert Decimal(value(root, "P_15")) == sign * document.total
        assert sum(map(Decimal, values(root, "P_11"))) == sign * document.net
        assert len(values(root, "NrWierszaFa")) == len(document.lines)


@pytest.mark.parametrize(
    ("percent", "fields"),
    [
        ("23.00", {"P_13_1", "P_14_1"}),
        ("22", {"P_13_1", "P_14_1"}),
        ("8.00", {"P_13_2", "P_14_2"}),
        ("7", {"P_13_2", "P_14_2"}),
        ("5.0", {"P_13_3", "P_14_3"}),
    ],
)
def test_each_rate_has_its_own_sums(percent: str, fields: set[str]) -> None:
    root = made(polish(an_invoice(), percent=Decimal(percent)))

    assert sums(root, "P_13_").keys() | sums(root, "P_14_").keys() == fields
    assert set(values(root, "P_12")) == {f"{Decimal(percent).normalize():f}"}


@pytest.mark.parametrize(
    ("category", "buyer", "field", "rate"),
    [
        (TaxCategory.ZERO, "PL", "P_13_6_1", "0 KR"),
        (TaxCategory.INTRA_EU, "FR", "P_13_6_2", "0 WDT"),
        (TaxCategory.EXPORT, "US", "P_13_6_3", "0 EX"),
        (TaxCategory.EXEMPT, "PL", "P_13_7", "zw"),
        (TaxCategory.NONE, "US", "P_13_8", "np I"),
        (TaxCategory.REVERSE_CHARGE, "PL", "P_13_10", "oo"),
        (TaxCategory.REVERSE_CHARGE, "FR", "P_13_9", "np II"),
        (TaxCategory.REVERSE_CHARGE, "US", "P_13_8", "np I"),
    ],
)
def test_without_tax_the_field_says_why(
    category: TaxCategory, buyer: str, field: str, rate: str
) -> None:
    root = made(polish(an_invoice(category=category), buyer=buyer))

    assert sums(root, "P_13_").keys() == {field}
    assert not sums(root, "P_14_")
    assert set(values(root, "P_12")) == {rate}
    is_turned = category is TaxCategory.REVERSE_CHARGE
    assert value(root, "P_18") == ("1" if is_turned else "2")
    is_exempt = category is TaxCategory.EXEMPT
    assert len(values(root, "P_19")) == is_exempt
    assert len(values(root, "P_19N")) == (not is_exempt)


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("Exempt under Article 132 of Directive 2006/112/EC", "P_19B"),
        ("Art. 113 ust. 1 ustawy o VAT", "P_19A"),
        ("Exempt", "P_19C"),
    ],
)
def test_an_exemption_names_its_law(reason: str, field: str) -> None:
    document = polish(an_invoice(category=TaxCategory.EXEMPT))
    taxes = tuple(replace(tax, reason=reason) for tax in document.taxes)

    assert value(made(replace(document, taxes=taxes)), field) == reason


def test_the_head_states_parties_dates_and_payment() -> None:
    root = made(polish(an_invoice()))

    assert values(root, "NIP") == ["5261040828", "7010036138"]
    assert value(root, "DataWytworzeniaFa") == "2026-11-03T08:30:00Z"
    assert value(root, "P_1") == "2026-11-03"
    assert value(root, "P_2") == "INV-2026-000123"
    assert (value(root, "P_6_Od"), value(root, "P_6_Do")) == ("2026-10-01", "2026-10-31")
    assert value(root, "Termin") == "2026-11-17"
    assert value(root, "NrRB") == "PL61109010140000071219812874"
    assert value(root, "NrUmowy") == "C-77"
    assert (value(root, "JST"), value(root, "GV")) == ("2", "2")
    assert value(root, "RodzajFaktury") == "VAT"
    assert values(root, "P_8B") == ["3.516129", "1"]
    assert values(root, "AdresL2")[0] == "80-001 Gdańsk"


def test_a_credit_note_is_a_correction_with_the_number_of_the_invoice() -> None:
    root = made(as_credit_note(polish(an_invoice())))

    assert value(root, "RodzajFaktury") == "KOR"
    assert value(root, "NrFaKorygowanej") == "INV-2026-000123"
    assert value(root, "DataWystFaKorygowanej") == "2026-11-03"
    assert value(root, "P_13_1") == "-46.56"
    assert value(root, "P_15") == "-57.27"
    assert values(root, "P_8B") == ["-3.516129", "-1"]
    assert not values(root, "Platnosc")


def test_the_tax_of_another_currency_is_stated_in_zloty_too() -> None:
    document = polish(replace(an_invoice(), currency="USD"))
    in_zloty = replace(document, accounting_tax=ZLOTY)

    root = made(in_zloty)

    assert value(root, "KodWaluty") == "USD"
    assert value(root, "P_14_1") == "10.71"
    assert value(root, "P_14_1W") == "39.87"
    credit = made(as_credit_note(in_zloty))
    assert value(credit, "P_14_1W") == "-39.87"
    assert "zloty" in str(why_not(document))


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("KWD", 3)])
def test_currencies_of_other_digits_follow_the_schema(currency: str, digits: int) -> None:
    amounts = [rounded("31.66", min(digits, 2)), rounded("15", min(digits, 2))]
    lines = tuple(replace(line(), amount=rounded(each, digits)) for each in amounts)
    document = polish(an_invoice(currency=currency, digits=digits, lines=lines))
    taxes = tuple(replace(tax, amount=rounded(rounded(tax.amount, 2), 3)) for tax in document.taxes)

    root = made(replace(document, taxes=taxes, accounting_tax=ZLOTY))

    assert value(root, "KodWaluty") == currency


@pytest.mark.parametrize(
    ("country", "tax_id", "stated"),
    [
        ("PL", "PL7010036138", {"NIP": "7010036138"}),
        ("PL", "701-003-61-38", {"NIP": "7010036138"}),
        ("PL", "7010036139", {"BrakID": "1"}),
        ("PL", "", {"BrakID": "1"}),
        ("FR", "FR40552081317", {"KodUE": "FR", "NrVatUE": "40552081317"}),
        ("GR", "EL094259216", {"KodUE": "EL", "NrVatUE": "094259216"}),
        ("US", "12-3456789", {"KodKraju": "US", "NrID": "12-3456789"}),
        ("US", "", {"BrakID": "1"}),
    ],
)
def test_the_buyer_is_identified_as_the_schema_wants(
    country: str, tax_id: str, stated: dict[str, str]
) -> None:
    root = made(to(polish(an_invoice()), country=country, tax_id=tax_id))

    identity = root.find("f:Podmiot2/f:DaneIdentyfikacyjne", {"f": NAMESPACE})
    assert identity is not None
    found = {etree.QName(each).localname: str(each.text) for each in identity}
    assert found == {**stated, "Nazwa": "Hôtel du Phare SARL"}


def test_texts_of_any_length_and_kind_follow_the_schema() -> None:
    document = polish(an_invoice())
    long = "Ł \t\n" * 400
    lines = (replace(document.lines[0], item=long), *document.lines[1:])
    odd = replace(document, lines=lines, buyer_reference="x" * 300 + "\x00")

    root = made(to(odd, name=long, street=long, city="", postal_code="", email="nobody"))

    assert len(values(root, "P_7")[0]) <= 512
    assert values(root, "Email") == [SELLER.email]


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (as_preview(polish(an_invoice())), "not issued"),
        (an_invoice(), "not in Poland"),
        (replace(polish(an_invoice()), seller=replace(SELLER, tax_id="PL5261040829")), "NIP"),
        (replace(polish(an_invoice()), issued_on=date(2025, 8, 31)), "September 2025"),
        (replace(polish(an_invoice()), currency="XAD"), "currency"),
        (polish(an_invoice(), percent=Decimal("19")), "tax rate"),
        (
            polish(
                with_lines(
                    an_invoice(),
                    line(),
                    correction_line("21.60", "2.4"),
                    category=TaxCategory.STANDARD,
                )
            ),
            "document of its own",
        ),
        (
            polish(an_invoice(currency="KWD", digits=3, lines=(line(amount="1.071", digits=3),))),
            "two decimals",
        ),
    ],
)
def test_what_cannot_be_stated_says_why(document: Document, text: str) -> None:
    with pytest.raises(NotInFa3Error) as raised:
        fa3(document, made_at=MADE_AT)

    assert text in str(raised.value.reason)


def test_check_digits_of_a_nip_are_checked() -> None:
    assert nip_of(SELLER) == "5261040828"
    assert nip_of(replace(SELLER, tax_id="526-104-08-28")) == "5261040828"
    assert not nip_of(replace(SELLER, tax_id="5261040829"))
    assert not nip_of(replace(SELLER, tax_id=""))


def test_the_same_document_gives_the_same_bytes() -> None:
    document = polish(an_invoice())

    assert fa3(document, made_at=MADE_AT) == fa3(document, made_at=MADE_AT)


def test_all_our_countries_and_currencies_are_those_of_the_schema() -> None:
    def listed(name: str) -> set[str]:
        path = f"//xsd:simpleType[@name='{name}']//xsd:enumeration/@value"
        files = [each for each in SCHEMA.parent.glob("*.xsd") if "FA(2)" not in each.name]
        names = {"xsd": "http://www.w3.org/2001/XMLSchema"}
        return {
            str(value)
            for file in files
            for value in etree.parse(file).xpath(path, namespaces=names)
        }

    assert set(country_codes()) <= listed("TKodKraju")
    offered = {code for code, _name in offered_currencies()}
    assert offered - listed("TKodWaluty") == CURRENCIES_WITHOUT


def test_check_a_document_reads_it() -> None:
    xml = fa3(polish(an_invoice()), made_at=MADE_AT)

    whole = examined(xml, "", settings.RULES_ROOT)
    broken = examined(xml.replace(b"<P_2>INV-2026-000123</P_2>", b""), "", settings.RULES_ROOT)

    assert whole["profile"] == "fa3"
    assert whole["sheets"][0]["findings"] == []
    facts = {term: text for _group, texts in whole["stated"]["groups"] for term, text in texts}
    assert facts["BT-1"] == "INV-2026-000123"
    assert facts["BT-31"] == "5261040828"
    assert facts["BT-112"] == "57.27"
    assert whole["stated"]["taxes"] == [{"BT-118": "22/23 %", "BT-116": "46.56", "BT-117": "10.71"}]
    assert [each["BT-153"] for each in whole["stated"]["lines"]] == [
        "Basic, October 2026",
        "Pro, October 2026",
    ]
    assert broken["sheets"][0]["findings"][0]["rule"] == "XSD"
