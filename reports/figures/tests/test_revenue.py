"""Tests of stored revenue: the same as statements say, kept up to date, and added up by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.differences.models import Recheck
from invoices.tests.factories import issued_invoice
from organizations.models import Organization
from organizations.tests.factories import (
    FeeFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    PartnershipFactory,
)
from rating.periods import month_of
from reports import tasks
from reports.figures import revenue
from reports.figures.models import ChangedDates, ChangedMonth, MonthlyRevenue, MonthSum
from reports.figures.tests.test_cameras import at
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tests.jobs import jobs, run_jobs
from usage.models import UsageInterval
from usage.statements.price_list import all_tariffs
from usage.statements.statement import statement_for
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 16, tzinfo=UTC)


def calculate(now: datetime = NOW) -> None:
    """Do what the jobs do."""
    for pk in revenue.waiting_organizations():
        revenue.calculate(organization_id=pk, now=now, tariffs=all_tariffs())
    revenue.add_up_changed(now)


def stored(organization: Organization) -> dict[tuple[str, str], str]:
    rows = MonthlyRevenue.objects.filter(organization=organization).order_by("month", "currency")
    return {(f"{each.month:%m}", each.currency): f"{each.amount:.2f}" for each in rows}


@pytest.fixture
def use() -> UsageInterval:
    """A camera that costs EUR 9.00 a month since July, and USD 3.00 in September."""
    use = UsageIntervalFactory.create(started_at=at(7, 1))
    TariffPriceFactory.create(tariff=use.tariff)
    dollars = TariffFactory.create(currency="USD")
    TariffPriceFactory.create(tariff=dollars, amount=Decimal(3))
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=dollars,
        started_at=at(9, 1),
        ended_at=at(10, 1),
    )
    return use


def test_each_month_is_what_its_statement_says(use: UsageInterval) -> None:
    organization = use.organization
    Organization.objects.filter(pk=organization.pk).update(
        time_zone="America/New_York",
        trial_first_on=date(2026, 7, 1),
        trial_last_on=date(2026, 7, 20),
    )
    UsageIntervalFactory.create(
        camera__organization=organization, tariff=use.tariff, started_at=at(8, 10, 7)
    )

    calculate()

    organization = Organization.objects.get(pk=organization.pk)
    for number in range(6):
        month = month_of(date(2026, 11, 1), months_before=number)
        statement = statement_for(
            organization=organization, period=month, as_of=organization.start_of(month.end)
        )
        rows = MonthlyRevenue.objects.filter(organization=organization, month=month.start)
        assert {each.currency: each.amount for each in rows} == {
            each.currency: each.number for each in statement.totals().all.amounts if each
        }


def test_revenue_is_what_recurs_each_month() -> None:
    organization = OrganizationFactory.create()
    FeeFactory.create(organization=organization, first_on=date(2026, 10, 1))
    MinimumFactory.create(organization=organization)
    OneOffChargeFactory.create(organization=organization)
    OneOffChargeFactory.create(organization=organization, quantity=Decimal(-1))
    ChangedDates.objects.create(organization_id=organization.pk, from_on=date(2026, 9, 1))

    calculate()

    # A minimum of EUR 30.00, of which EUR 5.00 are a fee from October on.
    assert stored(organization) == {(month, "EUR"): "30.00" for month in ("09", "10", "11")}
    present = MonthlyRevenue.objects.get(organization=organization, month=date(2026, 11, 1))
    assert present.so_far == Decimal("2.50")


def test_the_present_month_is_calculated_for_all_that_pay_each_month(use: UsageInterval) -> None:
    paying = {use.organization_id, FeeFactory.create().organization_id}
    paying.add(MinimumFactory.create(last_on=date(2026, 11, 30)).organization_id)
    paying.add(PartnershipFactory.create().partner_id)
    FeeFactory.create(last_on=date(2026, 9, 30))
    PartnershipFactory.create(last_on=date(2026, 9, 30))
    ChangedDates.objects.all().delete()

    revenue.mark_current(NOW)

    assert set(revenue.waiting_organizations()) == paying


def test_the_present_month_is_stored_as_it_is_and_as_it_will_be(use: UsageInterval) -> None:
    calculate()

    november = MonthlyRevenue.objects.get(month=date(2026, 11, 1))
    assert (november.amount, november.so_far) == (Decimal("9"), Decimal("4.5"))
    october = MonthlyRevenue.objects.get(month=date(2026, 10, 1))
    assert (october.amount, october.so_far) == (Decimal("9"), Decimal("9"))


def test_a_change_is_calculated_and_added_up_again(use: UsageInterval) -> None:
    calculate()
    UsageInterval.objects.filter(pk=use.pk).update(started_at=at(8, 1))
    calculate()

    assert stored(use.organization) == {
        ("08", "EUR"): "9.00",
        ("09", "EUR"): "9.00",
        ("09", "USD"): "3.00",
        ("10", "EUR"): "9.00",
        ("11", "EUR"): "9.00",
    }
    sums = MonthSum.objects.filter(currency="EUR").order_by("month")
    assert [(each.month.month, each.amount, each.new) for each in sums] == [
        (8, 9, 9),
        (9, 9, 0),
        (10, 9, 0),
        (11, 9, 0),
    ]
    assert not ChangedDates.objects.exists()
    assert not ChangedMonth.objects.exists()


def test_the_job_of_invoices_takes_nothing_away(use: UsageInterval) -> None:
    Recheck.objects.all().delete()

    assert revenue.waiting_organizations() == [use.organization_id]


def test_a_change_of_a_price_is_for_all_who_use_it(use: UsageInterval) -> None:
    other = UsageIntervalFactory.create(tariff=use.tariff, started_at=at(7, 1))
    calculate()
    TariffPriceFactory.create(tariff=use.tariff, amount=Decimal(10), valid_from=date(2026, 10, 1))
    calculate()

    assert stored(use.organization)["10", "EUR"] == stored(other.organization)["10", "EUR"]
    october = MonthSum.objects.get(month=date(2026, 10, 1), currency="EUR")
    assert (october.amount, october.expansion, october.new) == (20, 2, 0)


def test_what_has_no_price_is_counted(use: UsageInterval) -> None:
    unpriced = UsageIntervalFactory.create(started_at=at(10, 1), ended_at=at(10, 2))
    calculate()

    row = MonthlyRevenue.objects.get(organization=unpriced.organization)
    assert (row.amount, row.unpriced) == (0, 1)
    assert MonthSum.objects.get(month=date(2026, 10, 1), currency="EUR").unpriced == 1


def test_only_the_months_that_are_shown_are_calculated() -> None:
    use = UsageIntervalFactory.create(started_at=datetime(2020, 1, 1, tzinfo=UTC))
    TariffPriceFactory.create(tariff=use.tariff, valid_from=date(2020, 1, 1))
    calculate()

    months = MonthlyRevenue.objects.order_by("month").values_list("month", flat=True)
    assert (months[0], len(months)) == (date(2024, 10, 1), revenue.MONTHS_SHOWN + 2)


def test_the_present_month_is_recorded_again_each_night(use: UsageInterval) -> None:
    ended = UsageIntervalFactory.create(started_at=at(7, 1), ended_at=at(8, 1))
    calculate()
    revenue.mark_current(datetime(2026, 12, 2, tzinfo=UTC))

    # On the second of December, November may have ended a moment ago somewhere.
    (mark,) = ChangedDates.objects.all()
    assert (mark.organization_id, mark.from_on) == (use.organization_id, date(2026, 11, 1))
    assert ended.organization_id != use.organization_id
    calculate(datetime(2026, 12, 2, tzinfo=UTC))
    december = MonthlyRevenue.objects.get(month=date(2026, 12, 1))
    assert (december.amount, f"{december.so_far:.2f}") == (9, "0.29")


def test_an_organization_that_is_gone_is_passed_over(use: UsageInterval) -> None:
    ChangedDates.objects.create(organization_id=10**9, from_on=date(2026, 1, 1))

    calculate()

    assert not ChangedDates.objects.exists()


# --- The worked example ---------------------------------------------------------------------------


def examples() -> Iterator[list[str]]:
    """Yield the rows of the worked example in docs/reports.md."""
    text = (Path(settings.BASE_DIR) / "docs" / "reports.md").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("| 20"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_worked_example_adds_up() -> None:
    organizations = [OrganizationFactory.create() for _ in range(3)]
    rows = list(examples())
    for month, *amounts in (row[:4] for row in rows):
        MonthlyRevenue.objects.bulk_create(
            MonthlyRevenue(
                organization=organization,
                month=date.fromisoformat(f"{month}-01"),
                currency="EUR",
                amount=Decimal(amount),
                so_far=Decimal(amount),
                unpriced=0,
                computed_at=NOW,
            )
            for organization, amount in zip(organizations, amounts, strict=True)
            if Decimal(amount)
        )
    for month, *_ in rows:
        MonthSum.objects.add_up(date.fromisoformat(f"{month}-01"), NOW)

    sums = MonthSum.objects.order_by("month")
    assert len(rows) == 5
    assert [
        [each.amount, each.new, each.expansion, each.contraction, each.churn] for each in sums
    ] == [[Decimal(cell) for cell in row[4:]] for row in rows]


# --- The jobs -------------------------------------------------------------------------------------


def test_jobs_calculate_what_has_changed(use: UsageInterval) -> None:
    tasks.look_for_changes(timestamp=0)
    tasks.look_for_changes(timestamp=0)

    (job,) = (each for each in jobs() if each["task_name"] == "reports.calculate")
    assert job["args"] == {"organization_ids": [use.organization_id]}


@pytest.mark.django_db(transaction=True)
def test_workers_calculate_and_add_up() -> None:
    use = UsageIntervalFactory.create(started_at=at(7, 1))
    TariffPriceFactory.create(tariff=use.tariff)
    tasks.look_for_changes(timestamp=0)
    run_jobs()
    tasks.add_up.configure().defer(timestamp=0)
    tasks.count_cameras.configure().defer(timestamp=0)
    run_jobs()
    # Not by a worker: at the turn of a minute, it would also calculate what is marked.
    tasks.mark_current(timestamp=0)

    assert MonthSum.objects.get(month=date(2026, 7, 1)).new == 9
    assert ChangedDates.objects.exists()


# --- Home -----------------------------------------------------------------------------------------


def test_home_draws_revenue_and_its_changes(operator_client: Client, use: UsageInterval) -> None:
    issued_invoice()
    calculate(timezone.now())

    page = operator_client.get("/")

    drawn = {each.currency: each for each in page.context["revenues"].of_currency}
    assert list(drawn) == ["EUR", "USD"]
    assert len(drawn["EUR"].by_month.rows) == revenue.MONTHS_SHOWN
    assert "September 2026, New: USD\N{NO-BREAK SPACE}3.00" in page.text
    assert "October 2026, Churn: USD\N{NO-BREAK SPACE}3.00" in page.text
    (churned,) = (row for row in drawn["USD"].changes.rows if row.text == "October 2026")
    assert churned.values == ["–", "–", "–", "-USD\N{NO-BREAK SPACE}3.00"]


def test_home_says_that_figures_are_being_calculated(operator_client: Client) -> None:
    issued_invoice()

    assert "The figures are being calculated." in operator_client.get("/").text
    calculate(timezone.now())
    UsageIntervalFactory.create()
    assert "Some changes are still being calculated." in operator_client.get("/").text


def test_home_reads_no_usage(operator_client: Client, use: UsageInterval) -> None:
    issued_invoice()
    calculate(timezone.now())

    with CaptureQueriesContext(connection) as queries:
        assert operator_client.get("/").status_code == 200
    assert not [each for each in queries if "usage_usageinterval" in each["sql"]]
