"""Tests of what Home shows of this month, of cameras and of receivables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from invoices.tests.factories import issued_invoice
from reports.figures.models import CameraDay, MonthlyRevenue, MonthSum
from reports.home.ages import receivables_by_age
from reports.home.cameras import cameras_by_day
from reports.home.this_month import this_month
from tariffs.provider_calendar import provider_date
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 29)
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def stored(month: date, amount: int, so_far: int) -> None:
    """Store the revenue of one organization in a month, and add it up."""
    now = timezone.now()
    MonthlyRevenue.objects.create(
        organization=issued_invoice().organization,
        month=month,
        currency="EUR",
        amount=amount,
        so_far=so_far,
        unpriced=0,
        computed_at=now - timedelta(hours=3),
    )
    MonthSum.objects.add_up(month, now)


def test_this_month_is_shown_beside_its_forecast_and_the_last_month(
    operator_client: Client,
) -> None:
    today = provider_date(timezone.now())
    assert "Forecast" not in operator_client.get("/").text
    stored((today.replace(day=1) - timedelta(days=1)).replace(day=1), 80, 80)
    stored(today.replace(day=1), 90, 45)

    page = operator_client.get("/")

    found = page.context["this_month"]
    assert [tuple(row) for row in found.of_currency] == [("EUR", 45, 90, 80)]
    assert found.as_of < timezone.now() - timedelta(hours=2)
    assert f"EUR{NO_BREAK_SPACE}45.00" in page.text
    assert "stays on its tariff plan until the end of the month" in page.text


def test_there_is_no_forecast_before_the_first_calculation() -> None:
    assert this_month(TODAY) is None


def test_cameras_are_stacked_by_tariff() -> None:
    tariffs = [TariffFactory.create(name=f"Cloud {number}") for number in range(10)]
    CameraDay.objects.bulk_create(
        CameraDay(day=day, tariff=tariff, cameras=1_000 - number, counted_at=timezone.now())
        for number, tariff in enumerate(tariffs)
        for day in (date(2026, 11, 27), date(2026, 11, 28))
    )

    drawing = cameras_by_day(TODAY)

    assert drawing is not None
    assert drawing.headings == [*(f"Cloud {number}" for number in range(7)), "3 other tariffs"]
    assert drawing.rows[-1].values == [
        *(str(1_000 - n) if n else "1,000" for n in range(7)),
        "2,976",
    ]
    assert drawing.rows[-3].values == ["–"] * 8
    assert len(drawing.rectangles) == 2 * 8
    assert drawing.labels == ("10,000", "5,000", "0")


def test_there_is_no_drawing_without_cameras(operator_client: Client) -> None:
    assert cameras_by_day(TODAY) is None
    assert "Cameras by day" not in operator_client.get("/").text


def test_receivables_are_those_of_their_page(operator_client: Client) -> None:
    issued_invoice()

    (ages,) = receivables_by_age(TODAY)

    # Issued on 2 November and due on the 16th.
    assert [(bar.name, bar.amount) for bar in ages.bars if bar.amount] == [
        ("1–30 days", Decimal("10.71"))
    ]
    assert ages.bars[1].width == "100.000%"
    assert 'href="/invoices/receivables/"' in operator_client.get("/").text
    assert receivables_by_age(date(2026, 11, 16))[0].bars[0].amount == Decimal("10.71")
