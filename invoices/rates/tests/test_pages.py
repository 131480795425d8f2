"""Tests of the pages of exchange rates, and of the provider's accounting currency."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.provider.models import Provider
from invoices.rates.models import ExchangeRate
from invoices.rates.tests.factories import ExchangeRateFactory
from invoices.rates.tests.files import a_file
from invoices.tests.factories import ProviderFactory
from tariffs.currencies import currency_of_country

pytestmark = pytest.mark.django_db

PAGE = "/invoices/provider/rates/"
ADD = f"{PAGE}add/"
FRIDAY = {"2026-10-30": {"USD": "1.0812", "JPY": "171.33"}}
THURSDAY = {"2026-10-29": {"USD": "1.0795"}}


def upload(client: Client, content: bytes, **more: str) -> Any:
    return client.post(
        PAGE, {"file": SimpleUploadedFile("rates.xml", content), **more}, follow=True
    )


def stored() -> list[str]:
    return [
        f"{each.day} 1 {each.base} = {each.rate.normalize():f} {each.currency}, {each.source}"
        for each in ExchangeRate.objects.all()
    ]


def entries(**changed: str) -> dict[str, str]:
    return {
        "base": "EUR",
        "rate": "1.0812",
        "currency": "USD",
        "day": "2026-10-30",
        "source": "Deutsche Bundesbank",
    } | changed


def test_an_upload_stores_all_rates_of_the_file(operator_client: Client) -> None:
    page = upload(operator_client, a_file(FRIDAY | THURSDAY))

    assert "3 exchange rates were stored." in page.text
    assert stored() == [
        "2026-10-30 1 EUR = 171.33 JPY, European Central Bank",
        "2026-10-30 1 EUR = 1.0812 USD, European Central Bank",
        "2026-10-29 1 EUR = 1.0795 USD, European Central Bank",
    ]


def test_a_file_of_more_days_adds_only_what_is_missing(operator_client: Client) -> None:
    upload(operator_client, a_file(FRIDAY))

    assert "1 exchange rate was stored." in upload(operator_client, a_file(FRIDAY | THURSDAY)).text
    assert "stored already" in upload(operator_client, a_file(FRIDAY | THURSDAY)).text
    assert len(stored()) == 3


def test_an_upload_replaces_nothing_and_then_stores_nothing(operator_client: Client) -> None:
    ExchangeRateFactory.create(base="USD", currency="EUR", rate="0.92", source="Our bank")
    page = upload(operator_client, a_file(THURSDAY | FRIDAY))

    assert "1 USD = 0.92 EUR, 30 Oct 2026 (Our bank)" in page.text
    assert "Delete it first if it is wrong." in page.text
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (a_file(FRIDAY)[:-30], "The file is not complete XML"),
        (b" " * 1_000_001, "larger than 1,000 kB"),
    ],
)
def test_a_wrong_file_is_refused_beside_the_field(
    operator_client: Client, content: bytes, text: str
) -> None:
    page = upload(operator_client, content)

    assert text in page.text
    assert not stored()


def test_an_upload_leads_back_to_what_was_blocked(operator_client: Client) -> None:
    answer = operator_client.post(
        PAGE, {"file": SimpleUploadedFile("rates.xml", a_file(FRIDAY)), "next": "/tariffs/"}
    )

    assert answer["Location"] == "/tariffs/"


def test_a_rate_is_entered(operator_client: Client) -> None:
    ProviderFactory.create(accounting_currency="EUR")
    page = operator_client.post(ADD, entries(), follow=True)

    assert "The rate was stored: 1 EUR = 1.0812 USD, 30 Oct 2026." in page.text
    assert stored() == ["2026-10-30 1 EUR = 1.0812 USD, Deutsche Bundesbank"]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"currency": "EUR"}, "Choose two different currencies."),
        ({"base": "PLN"}, "One of the currencies must be EUR"),
        ({"rate": "0"}, "Enter a rate above 0 with up to 10 decimal places"),
        ({"rate": "-1"}, "Enter a rate above 0"),
        ({"rate": "1.12345678901"}, "Enter a rate above 0"),
        ({"rate": ""}, "Enter a rate above 0"),
        ({"day": "2199-01-01"}, "Nobody has published a rate of a date to come."),
        ({"source": ""}, "This field is required."),
        ({"currency": "BGN"}, "Select a valid choice."),
    ],
)
def test_wrong_entries_are_refused(
    operator_client: Client, changed: dict[str, str], text: str
) -> None:
    ProviderFactory.create(accounting_currency="EUR")
    page = operator_client.post(ADD, entries(**changed))

    assert text in page.text
    assert not stored()


def test_a_second_rate_of_a_date_is_refused(operator_client: Client) -> None:
    ExchangeRateFactory.create(base="USD", currency="EUR", rate="0.92", source="Our bank")

    assert "1 USD = 0.92 EUR, 30 Oct 2026 (Our bank)" in operator_client.post(ADD, entries()).text
    assert len(stored()) == 1


def test_a_rate_is_deleted(operator_client: Client) -> None:
    rate = ExchangeRateFactory.create()

    for _again in range(2):
        page = operator_client.post(f"{PAGE}{rate.pk}/delete/", follow=True)
        assert "The exchange rate has been deleted." in page.text
    assert not stored()


def test_support_staff_see_rates_without_buttons(support_client: Client) -> None:
    ExchangeRateFactory.create()
    page = support_client.get(PAGE).text

    assert "1.0812 USD" in page
    assert "<button" not in page.split('id="results"')[1].split("</table>")[0]
    assert "Enter a rate" not in page


def test_rates_are_found_by_currency(operator_client: Client) -> None:
    ExchangeRateFactory.create()
    ExchangeRateFactory.create(currency="PLN", rate="4.2345")
    page = operator_client.get(PAGE, {"q": "pln"}).text

    assert "4.2345 PLN" in page
    assert "1.0812 USD" not in page


def test_the_number_of_queries_does_not_depend_on_the_number_of_rates(
    operator_client: Client,
) -> None:
    upload(operator_client, a_file(FRIDAY))
    with CaptureQueriesContext(connection) as captured:
        operator_client.get(PAGE)
    few = len(captured)
    days = {f"2026-09-{day:02}": {"USD": "1.08", "GBP": "0.86"} for day in range(1, 13)}
    upload(operator_client, a_file(days))
    with CaptureQueriesContext(connection) as captured:
        operator_client.get(PAGE)
    assert len(captured) == few


# --- The provider --------------------------------------------------------------------------------


def provider_entries(**changed: str) -> dict[str, str]:
    return {
        "name": "Watchful Ltd",
        "street": "1 Harbour Road",
        "city": "Berlin",
        "country": "DE",
        "tax_id": "DE123456788",
        "email": "billing@watchful.example",
        "account_number": "DE02120300000000202051",
        "invoice_prefix": "INV",
        "credit_note_prefix": "CN",
        "days_to_pay": "14",
        "rate_date": "period_end",
        "rate_days": "10",
    } | changed


def test_the_currency_of_the_country_is_proposed_at_first(operator_client: Client) -> None:
    assert "That of the country" in operator_client.get("/invoices/provider/").text
    operator_client.post("/invoices/provider/", provider_entries())

    provider = Provider.objects.get()
    assert (provider.accounting_currency, provider.rate_date, provider.rate_days) == (
        "EUR",
        "period_end",
        10,
    )


def test_later_it_can_be_changed_or_removed(operator_client: Client) -> None:
    ProviderFactory.create(accounting_currency="EUR")
    page = operator_client.get("/invoices/provider/").text
    version = page.split('name="version" value="')[1].split('"')[0]

    assert "None (your country has EUR)" in page
    operator_client.post("/invoices/provider/", provider_entries(version=version))
    assert Provider.objects.get().accounting_currency == ""


def test_a_provider_refuses_rates_that_are_too_old(operator_client: Client) -> None:
    page = operator_client.post("/invoices/provider/", provider_entries(rate_days="32"))

    assert "less than or equal to 31" in page.text


@pytest.mark.parametrize(
    ("country", "currency"),
    [
        ("DE", "EUR"),
        ("BG", "EUR"),
        ("HR", "EUR"),
        ("XK", "EUR"),
        ("PL", "PLN"),
        ("CH", "CHF"),
        ("US", "USD"),
        ("RU", "RUB"),
        ("CW", "XCG"),
        ("KW", "KWD"),
        ("", ""),
        ("AQ", ""),
    ],
)
def test_knows_the_currency_of_a_country(country: str, currency: str) -> None:
    assert currency_of_country(country) == currency


def test_a_rate_keeps_all_its_decimals(operator_client: Client) -> None:
    ProviderFactory.create(accounting_currency="KWD")
    operator_client.post(ADD, entries(base="IDR", currency="KWD", rate="0.0000187651"))

    assert ExchangeRate.objects.get().rate == Decimal("0.0000187651")
    assert "0.0000187651 KWD" in operator_client.get(PAGE).text
