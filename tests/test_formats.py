"""Dates, numbers, money and durations in each language's format, except in files and fields."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import TariffPrice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.tests.factories import UsageIntervalFactory

SPACE = "\N{NO-BREAK SPACE}"
DAY, INSTANT = date(2026, 11, 3), datetime(2026, 11, 3, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "english", "russian"),
    [
        ("{{ day|date }}", "3 Nov 2026", "03.11.2026"),
        ("{{ day }}", "3 Nov 2026", "03.11.2026"),
        ("{{ day|date:'SHORT_DATE_FORMAT' }}", "3 Nov 2026", "03.11.2026"),
        ("{{ instant|date:'DATETIME_FORMAT' }}", "3 Nov 2026, 08:05", "03.11.2026, 08:05"),
        ("{{ instant|date:'SHORT_DATETIME_FORMAT' }}", "3 Nov 2026, 08:05", "03.11.2026, 08:05"),
        ("{{ day|date:'F Y' }}", "November 2026", "Ноябрь 2026"),
        ("{{ 1234567|intcomma }}", "1,234,567", f"1{SPACE}234{SPACE}567"),
        ("{{ price }}", "1234.50", "1234,50"),
        ("{% money price 'EUR' %}", f"EUR{SPACE}1,234.50", f"1{SPACE}234,50{SPACE}EUR"),
        ("{% money price 'JPY' %}", f"JPY{SPACE}1,234.5", f"1{SPACE}234,5{SPACE}JPY"),
        ("{{ 1|as_days }}", f"1{SPACE}day", f"1{SPACE}день"),
        ("{{ 22|as_days }}", f"22{SPACE}days", f"22{SPACE}дня"),
        ("{{ 90061|as_time }}", f"1{SPACE}day 01:01:01", f"1{SPACE}день 01:01:01"),
        (
            "{% in_unit 1296000 False %}",
            f"1,296,000{SPACE}s",
            f"1{SPACE}296{SPACE}000{SPACE}\N{CYRILLIC SMALL LETTER ES}",
        ),
    ],
)
def test_formats(template: str, english: str, russian: str) -> None:
    written = Template("{% load durations humanize money %}" + template)
    context = Context({"day": DAY, "instant": INSTANT, "price": Decimal("1234.50")})
    with override("en"):
        assert written.render(context) == english
    with override("ru"):
        assert written.render(context) == russian


@pytest.fixture
def organization(db: None) -> Organization:
    """An organization that owes 9.50 euros for September and has a trial in December."""
    organization = OrganizationFactory.create(
        trial_first_on=date(2026, 12, 1), trial_last_on=date(2026, 12, 31)
    )
    tariff = TariffFactory.create(dvr_space_gb=12500)
    TariffPriceFactory.create(tariff=tariff, amount=Decimal("9.5000"))
    UsageIntervalFactory.create(camera__organization=organization, tariff=tariff)
    return organization


@pytest.fixture
def russian_client(operator: User, operator_client: Client) -> Client:
    """A client signed in as an operator who reads Russian."""
    operator.language = "ru"
    operator.save()
    return operator_client


def values_of(html: str, attribute: str) -> list[str]:
    """Return the values of a page's fields with an attribute."""
    inputs = re.findall(rf"<input [^>]*{attribute}[^>]*>", html)
    return [found for each in inputs for found in re.findall(r' value="([^"]*)"', each)]


def test_dates_in_fields_have_the_readers_format_and_numbers_that_of_browsers(
    organization: Organization, russian_client: Client
) -> None:
    edit = russian_client.get(f"/organizations/{organization.pk}/edit/").text
    tariff = organization.tariffs.get()
    plan = russian_client.get(f"/tariffs/{tariff.pk}/edit/").text
    usages = russian_client.get(
        f"/organizations/{organization.pk}/usages/?from=2026-09-01&to=2026-09-30"
    ).text

    proposed, *trial = values_of(edit, "data-date")
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", proposed)
    assert trial == ["01.12.2026", "31.12.2026"]
    assert values_of(plan, 'type="number"') == ["7", "12500"]
    assert values_of(usages, "data-date") == ["01.09.2026", "30.09.2026"]
    assert f"9,50{SPACE}EUR" in usages
    assert 'datetime="2026-09-01T00:00:00+00:00"' in usages


@pytest.mark.parametrize("typed", ["12,5", "12.5"])
def test_a_price_can_be_typed_with_comma_or_point_in_russian(
    organization: Organization, russian_client: Client, typed: str
) -> None:
    tariff = organization.tariffs.get()

    answer = russian_client.post(
        f"/tariffs/{tariff.pk}/prices/add/", {"amount": typed, "valid_from": "2199-01-01"}
    )

    assert answer.status_code == 302
    amount = TariffPrice.objects.get(tariff=tariff, valid_from=date(2199, 1, 1)).amount
    assert amount == Decimal("12.5")


@pytest.mark.parametrize("path", ["usages.csv?from=2026-09-01&to=2026-09-30", "cameras/export.csv"])
def test_files_are_the_same_in_every_language(
    organization: Organization, operator: User, operator_client: Client, path: str
) -> None:
    address = f"/organizations/{organization.pk}/{path}"
    operator_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = operator_client.get(address).getvalue()
    operator.language = "ru"
    operator.save()

    assert operator_client.get(address).getvalue() == english
    assert len(english.splitlines()) == 2


def test_charts_have_the_same_coordinates_in_every_language(
    organization: Organization, russian_client: Client
) -> None:
    page = russian_client.get(
        f"/organizations/{organization.pk}/usages/?from=2026-09-01&to=2026-10-31"
    ).text

    coordinates = re.findall(r' (?:x|y|x1|x2|width|height)="([^"]*)"', page)
    assert [coordinate for coordinate in coordinates if "," in coordinate] == []
    assert any(re.fullmatch(r"\d+\.\d+%", coordinate) for coordinate in coordinates)
