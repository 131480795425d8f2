"""The PDF of an invoice has the payment code that fits its account, and the XML its reference."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest
from pypdf import PdfReader

from invoices.documents import xml
from invoices.documents.document import Account, Document, Party
from invoices.documents.payment_code import code_of, to_pay
from invoices.documents.pdf import pdf
from invoices.documents.tests.documents import NUMBER, an_invoice, as_credit_note, as_preview
from invoices.documents.tests.schematron import violations
from invoices.documents.tests.test_pdf import opened, pages_of, printed
from invoices.paying.references import reference_for
from invoices.paying.tests.transfers import (
    BELGIAN,
    CZECH,
    FINNISH,
    GERMAN,
    NORWEGIAN,
    SWISS,
    SWISS_QR,
)
from tests.barcodes import code_in_svg, codes_in
from tests.poppler import poppler

ZURICH = Party(
    "Watchful AG", "Hafenstrasse 1", "8001", "Zürich", "CH", "CHE123456788", "a@b.example"
)
VOLGA = Account("40602810700000000025", "049805746", "Волга", "30101810800000000746")


def issued(account: Account, **values: object) -> Document:
    """Return the document of an issued invoice with the id 123."""
    document = replace(an_invoice(), account=account, **values)  # type: ignore[arg-type]
    reference = reference_for(number=document.number, key=123, account=account.number)
    return replace(document, payment_reference=reference)


def to_iban(number: str, **values: object) -> Document:
    return issued(Account(number, "", "Bank"), **values)


INVOICES = {
    "rf": to_iban("DE02 1203 0000 0000 2020 51"),
    "belgian": to_iban(BELGIAN),
    "finnish": to_iban(FINNISH),
    "norwegian": to_iban(NORWEGIAN),
    "scor": to_iban(SWISS, seller=ZURICH),
    "qrr": to_iban(SWISS_QR, seller=ZURICH, currency="CHF"),
    "czech": to_iban(CZECH, currency="CZK"),
    "russian": issued(VOLGA, currency="RUB", language="ru"),
}


@pytest.mark.parametrize("name", INVOICES)
def test_the_code_on_the_pdf_asks_for_the_amount_due(name: str) -> None:
    invoice = INVOICES[name]
    expected = code_of(invoice, invoice.total)
    assert expected is not None

    (read,) = codes_in(pdf(invoice))

    assert read.bytes.decode(expected.encoding) == expected.text
    assert "5541" in expected.text.replace(".", "")


@pytest.mark.parametrize("name", INVOICES)
def test_the_pdf_prints_the_reference(name: str) -> None:
    reference = INVOICES[name].payment_reference
    assert reference is not None

    assert reference.printed in printed(INVOICES[name])


@pytest.mark.parametrize("name", INVOICES)
def test_the_pdf_is_as_conforming_as_any(name: str) -> None:
    """typst refuses what PDF/A-3b forbids; no font is missing, and the XML is attached."""
    reader: PdfReader = opened(INVOICES[name])

    assert "factur-x.xml" in reader.attachments
    fonts = poppler("pdffonts", pdf(INVOICES[name]), "-").splitlines()[2:]
    assert fonts
    assert all(" yes " in font for font in fonts)


@pytest.mark.parametrize("name", INVOICES)
def test_the_xml_states_the_same_reference(name: str) -> None:
    reference = INVOICES[name].payment_reference
    assert reference is not None

    stated = xml.cii(INVOICES[name])

    assert f">{reference.stated}</ram:PaymentReference>".encode() in stated
    assert f">{reference.stated}</cbc:PaymentID>".encode() in xml.ubl(INVOICES[name])
    assert violations(stated) == []


@pytest.mark.parametrize(
    "document",
    [
        as_preview(an_invoice()),
        as_credit_note(to_iban(GERMAN)),
        to_iban(GERMAN, currency="USD"),
        to_iban("12-34-56 12345678", currency="GBP"),
        issued(replace(VOLGA, correspondent=""), currency="RUB"),
        replace(
            to_iban(GERMAN),
            net=Decimal("0.00"),
            taxes=(replace(an_invoice().taxes[0], net=Decimal(0), amount=Decimal("0.00")),),
        ),
    ],
)
def test_other_documents_have_no_code(document: Document) -> None:
    assert code_of(document, document.total) is None
    assert codes_in(pdf(document)) == []


def test_a_long_name_in_any_script_does_not_stop_an_invoice() -> None:
    seller = replace(ZURICH, name="監視カメラ 😀 \ue000" * 15)

    (read,) = codes_in(pdf(to_iban(GERMAN, seller=seller)))

    assert read.text.split("\n")[5].startswith("監視カメラ")


class TestSwissPaymentPart:
    def test_it_is_at_the_bottom_of_the_last_page_in_place_of_the_footer(self) -> None:
        (page,) = pages_of(INVOICES["qrr"])

        assert "Separate before paying in" in page
        assert "Page 1 of 1" not in page
        assert "Payment details" not in page

    def test_it_takes_a_page_of_its_own_after_many_lines(self) -> None:
        invoice = INVOICES["qrr"]
        pages = pages_of(replace(invoice, lines=invoice.lines * 12))

        assert ["Payment part" in page for page in pages] == [False, True]
        assert ["Page 1 of 2" in page for page in pages] == [True, False]

    def test_it_is_105_mm_high_and_as_wide_as_the_page(self) -> None:
        words = poppler("pdftotext", pdf(INVOICES["qrr"]), "-bbox", "-", "-")
        receipt = next(each for each in words.splitlines() if ">Receipt<" in each)
        left, top = (float(receipt.split(f'{name}Min="')[1].split('"')[0]) for name in "xy")

        # In points: 5 mm from the left edge, and 5 mm below the line at 297 - 105 mm.
        assert left == pytest.approx(5 / 25.4 * 72, abs=1)
        assert top == pytest.approx((297 - 105 + 5) / 25.4 * 72, abs=3)

    def test_the_longest_values_do_not_reach_the_amount(self) -> None:
        long = partial(replace, name="Genossenschaft zum goldenen Leuchtturm " * 2)
        street, city = (
            "Obere Hintere Unterführungsgasse " * 3,
            "Rapperswil-Jona am oberen Zürichsee",
        )
        party = long(ZURICH, street=street, city=city)
        invoice = to_iban(SWISS_QR, seller=party, buyer=party, currency="CHF")
        words = poppler("pdftotext", pdf(invoice), "-bbox", "-", "-").splitlines()
        at = [index for index, each in enumerate(words) if ">Currency<" in each]
        (currency, *_) = (float(words[each].split('yMin="')[1].split('"')[0]) for each in at)
        before = [
            float(each.split('yMax="')[1].split('"')[0])
            for each in words
            if "yMax" in each and float(each.split('xMax="')[1].split('"')[0]) < 62 / 25.4 * 72
        ]

        # Only the amount, its headings and the acceptance point are below it on the receipt.
        assert len([each for each in before if each > currency]) == 6


class TestOnThePage:
    def test_it_asks_for_what_is_outstanding_now(self) -> None:
        found = to_pay(INVOICES["rf"], Decimal("12.3000"))

        assert found is not None
        assert found.picture is not None
        assert "EUR12.30\n" in code_in_svg(found.picture).text
        assert ["Reference", "RF98 INV2 0260 0012 3"] in found.details

    @pytest.mark.parametrize("amount", ["0", "-1"])
    def test_it_asks_for_nothing_if_nothing_is_outstanding(self, amount: str) -> None:
        assert to_pay(INVOICES["rf"], Decimal(amount)) is None

    def test_without_a_fitting_standard_there_are_only_the_details(self) -> None:
        found = to_pay(to_iban(GERMAN, currency="USD"), Decimal(1))

        assert found is not None
        assert found.picture is None


def test_the_number_is_the_reference_where_banks_have_no_form() -> None:
    assert NUMBER in printed(INVOICES["russian"])
