"""The file for DATEV: EXTF 700, Buchungsstapel, version 13.

The format is DATEV's "Buchungsstapel" of its developer portal, version 13 of the header 700.
"""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.datev import HEADINGS, can_number, year_of
from accounting.models import AccountingSettings, RevenueAccount
from accounting.tests.factories import a_closing, all_accounts
from accounting.tests.test_journal import debtor
from invoices.issuing.operations import cancel
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from payments.tests.factories import a_payment
from rating.periods import Period
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/accounting/datev.csv?from={}&to={}"
NOVEMBER = ADDRESS.format("2026-11-01", "2026-11-30")


def read(client: Client, address: str = NOVEMBER) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header and the bookings of a file."""
    content: bytes = client.get(address).getvalue()
    text = content.decode("cp1252")
    assert text.count("\r\n") == text.count("\n")
    header, headings, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert headings == list(HEADINGS)
    return header, [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_header_names_format_client_year_and_dates(operator_client: Client) -> None:
    all_accounts()
    issued_invoice()

    header, _rows = read(operator_client)

    assert len(header) == 31
    assert header[:5] == ["EXTF", "700", "21", "Buchungsstapel", "13"]
    assert len(header[5]) == 17
    assert header[10:16] == ["1001", "7", "20260101", "4", "20261101", "20261130"]
    assert header[18:22] == ["1", "0", "0", "EUR"]


def test_there_are_125_columns_of_their_names() -> None:
    assert len(HEADINGS) == len(set(HEADINGS)) == 125
    assert HEADINGS[113] == "Festschreibung"
    assert HEADINGS[-1] == "Abw. Skontokonto"


def test_an_invoice_debits_its_debtor_with_the_gross_amount(operator_client: Client) -> None:
    all_accounts()
    invoice = issued_invoice()

    _header, (row,) = read(operator_client)

    filled = {name: cell for name, cell in row.items() if cell}
    assert filled == {
        "Umsatz (ohne Soll/Haben-Kz)": "10,71",
        "Soll/Haben-Kennzeichen": "S",
        "WKZ Umsatz": "EUR",
        "Konto": debtor(invoice),
        "Gegenkonto (ohne BU-Schlüssel)": "8400",
        "Belegdatum": "0211",
        "Belegfeld 1": invoice.number,
        "Buchungstext": invoice.organization_title,
        "Festschreibung": "0",
    }


def test_payments_and_credit_notes_credit_the_debtor(operator_client: Client) -> None:
    all_accounts()
    invoice = issued_invoice()
    a_payment(invoice)
    other = issued_invoice(BilledUseFactory.create().organization)
    note = cancel(invoice_id=other.pk, now=IN_NOVEMBER, by=None)

    _header, rows = read(operator_client)

    credited = [row for row in rows if row["Soll/Haben-Kennzeichen"] == "H"]
    assert [
        (
            row["Belegfeld 1"],
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Gegenkonto (ohne BU-Schlüssel)"],
        )
        for row in credited
    ] == [(note.number, "10,71", "8400"), (invoice.number, "5,00", "1200")]


def test_texts_that_windows_1252_lacks_do_not_break_the_file(operator_client: Client) -> None:
    all_accounts()
    organization = BilledUseFactory.create(
        camera__organization__title='Гавань; "North"\tBrückner'
    ).organization
    issued_invoice(organization)

    _header, (row,) = read(operator_client)

    assert row["Buchungstext"] == '??????; "North" Brückner'


@pytest.mark.parametrize(
    ("prefix", "stated"), [("RE/A-", "RE/A--"), ("R_%$", "R_%$-"), ("Ä&*+ .", "-")]
)
def test_a_document_number_has_only_characters_that_datev_takes(
    operator_client: Client, prefix: str, stated: str
) -> None:
    all_accounts()
    ProviderFactory.create(invoice_prefix=prefix)
    issued_invoice()

    _header, (row,) = read(operator_client)
    assert row["Belegfeld 1"] == f"{stated}2026-000001"


def test_the_tax_key_is_stated(operator_client: Client) -> None:
    all_accounts()
    RevenueAccount.objects.update(tax_key="3")
    issued_invoice()

    _header, (row,) = read(operator_client)
    assert row["BU-Schlüssel"] == "3"


def test_other_currencies_are_left_out(operator_client: Client) -> None:
    all_accounts()
    dinar = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinar, amount=Decimal("1.071"))
    issued_invoice(BilledUseFactory.create(tariff=dinar).organization)

    _header, rows = read(operator_client)
    assert rows == []


def test_closed_months_are_final(operator_client: Client) -> None:
    all_accounts()
    a_closing()

    september, _rows = read(operator_client, ADDRESS.format("2026-09-01", "2026-09-30"))
    october, _rows = read(operator_client, ADDRESS.format("2026-09-01", "2026-10-01"))
    assert (september[20], october[20]) == ("1", "0")


def test_what_is_missing_is_named(operator_client: Client) -> None:
    a_payment(issued_invoice())

    answer = operator_client.get(NOVEMBER)
    assert answer.status_code == 400
    assert "Consultant number, Client number" in answer.text
    assert "Consultant number, Client number" in operator_client.get("/accounting/").text

    AccountingSettings.objects.create(consultant=1001, client=7)
    answer = operator_client.get(NOVEMBER)
    assert answer.status_code == 400
    assert "Standard rate, 19 %, Bank transfer" in answer.text


@pytest.mark.parametrize(
    ("first", "last", "digits", "fits"),
    [
        (10_000, 69_999, 4, True),
        (10_000, 70_000, 4, False),
        (9_999, 10_000, 4, False),
        (100_000, 699_999, 5, True),
    ],
)
def test_debtor_numbers_have_one_digit_more_than_accounts(
    first: int, last: int, digits: int, fits: bool
) -> None:
    assert can_number(first, last, digits) is fits


def test_debtor_numbers_that_do_not_fit_are_named(operator_client: Client) -> None:
    all_accounts()
    AccountingSettings.objects.update(first_debtor=69_999_999)
    issued_invoice()

    answer = operator_client.get(NOVEMBER)
    assert answer.status_code == 400
    assert "do not fit accounts of 4 digits" in answer.text


def test_accounts_that_datev_would_take_for_debtors_are_named(operator_client: Client) -> None:
    all_accounts()
    AccountingSettings.objects.update(cash="10001")
    RevenueAccount.objects.update(account="84000")

    answer = operator_client.get(NOVEMBER)
    assert answer.status_code == 400
    assert "more than 4 digits: 10001, 84000" in answer.text
    assert "10001, 84000" in operator_client.get("/accounting/").text


def test_accounts_that_are_those_of_1c_are_named(operator_client: Client) -> None:
    all_accounts()
    AccountingSettings.objects.update(cash="50.01")
    RevenueAccount.objects.update(account="90.01")

    answer = operator_client.get(NOVEMBER)
    assert answer.status_code == 400
    assert "only digits in accounts. Correct these under Accounts: 50.01, 90.01." in answer.text


def test_a_file_is_about_one_financial_year(operator_client: Client) -> None:
    all_accounts()

    answer = operator_client.get(ADDRESS.format("2025-12-31", "2026-01-01"))
    assert answer.status_code == 400
    assert "one financial year" in answer.text


@pytest.mark.parametrize(
    ("first", "last", "begins", "year"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 1, date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 4, 1), 4, None),
        (date(2026, 4, 1), date(2027, 3, 31), 4, date(2026, 4, 1)),
        (date(2026, 1, 1), date(2026, 1, 31), 4, date(2025, 4, 1)),
    ],
)
def test_the_financial_year_may_begin_in_any_month(
    first: date, last: date, begins: int, year: date | None
) -> None:
    settings = AccountingSettings(year_begins=begins)
    assert year_of(Period.inclusive(first, last), settings) == year
