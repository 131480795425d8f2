"""Tests of recording what changes, and of the job that compares invoices with what is charged."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from invoices import tasks
from invoices.differences import checking
from invoices.differences.models import InvoiceDifference, LateUsage, Recheck
from invoices.issuing import operations
from invoices.models import Invoice, InvoiceRun, RunItem
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import Organization, TaxPercent
from rating.periods import Period
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def recorded() -> list[tuple[date, date | None]]:
    return list(Recheck.objects.order_by("pk").values_list("from_on", "until_on"))


def check(now: datetime = IN_NOVEMBER) -> None:
    """Do what the job does."""
    for pk in checking.waiting_organizations():
        checking.check(organization_id=pk, now=now)


def found() -> list[tuple[str, str, str]]:
    """Return the late usage that was found, as texts."""
    return [
        (f"{each.month:%Y-%m}", each.currency, f"{each.amount:.2f}")
        for each in LateUsage.objects.all()
    ]


@pytest.fixture
def use() -> UsageInterval:
    return BilledUseFactory.create(camera__name="gate-1")


@pytest.fixture
def invoice(use: UsageInterval) -> Invoice:
    made = issued_invoice(use.organization)
    Recheck.objects.all().delete()
    return made


# --- What is recorded -----------------------------------------------------------------------------


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def add(use: UsageInterval) -> None:
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=at(8, 10),
        ended_at=at(8, 20),
    )


def update(**values: datetime | None) -> Callable[[UsageInterval], None]:
    def change(use: UsageInterval) -> None:
        UsageInterval.objects.filter(pk=use.pk).update(**values)

    return change


def change_tariff(use: UsageInterval) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(tariff=TariffFactory.create())


def delete(use: UsageInterval) -> None:
    use.delete()


def set_trial(use: UsageInterval) -> None:
    days = {"trial_first_on": date(2026, 8, 3), "trial_last_on": date(2026, 9, 4)}
    Organization.objects.update(**days)


def set_time_zone(use: UsageInterval) -> None:
    Organization.objects.update(time_zone="Asia/Tokyo")


def set_time_zone_from_a_date(use: UsageInterval) -> None:
    Organization.objects.update(time_zone="Asia/Tokyo", time_zone_from=date(2026, 10, 2))


def close(use: UsageInterval) -> None:
    Organization.objects.update(
        closed_on=date(2026, 10, 9), closed_at=datetime(2026, 10, 10, tzinfo=UTC)
    )


def set_title(use: UsageInterval) -> None:
    Organization.objects.update(title="New", time_zone="UTC", trial_first_on=None)


def set_price(day: date) -> Callable[[UsageInterval], None]:
    def change(use: UsageInterval) -> None:
        TariffPriceFactory.create(tariff=use.tariff, valid_from=day)

    return change


def set_price_before_another(use: UsageInterval) -> None:
    TariffPriceFactory.create(tariff=use.tariff, valid_from=date(2026, 9, 10))
    Recheck.objects.all().delete()
    TariffPriceFactory.create(tariff=use.tariff, valid_from=date(2026, 8, 5))


def change_amount(use: UsageInterval) -> None:
    use.tariff.prices.update(amount=7)


def set_unused_price(use: UsageInterval) -> None:
    TariffPriceFactory.create()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (add, [(date(2026, 8, 9), date(2026, 9, 1))]),
        (delete, [(date(2025, 12, 31), None)]),
        (change_tariff, [(date(2025, 12, 31), None)]),
        (update(ended_at=at(10, 20)), [(date(2026, 10, 19), None)]),
        (update(ended_at=at(10, 31)), [(date(2026, 10, 30), None)]),
        (update(started_at=at(1, 30)), [(date(2025, 12, 31), date(2026, 2, 1))]),
        (update(started_at=at(1, 31)), [(date(2025, 12, 31), date(2026, 3, 1))]),
        (update(started_at=at(2, 3), ended_at=at(3, 4)), [(date(2025, 12, 31), None)]),
        (update(ended_at=None), []),
        (set_trial, [(date(2026, 8, 3), date(2026, 10, 1))]),
        (set_time_zone, [(date(1970, 1, 1), None)]),
        (set_time_zone_from_a_date, [(date(2026, 9, 1), None)]),
        (close, [(date(2026, 10, 9), None)]),
        (set_title, []),
        (set_price(date(2026, 8, 3)), [(date(2026, 8, 3), None)]),
        (set_price(date(2199, 1, 1)), []),
        (set_price_before_another, [(date(2026, 8, 5), date(2026, 10, 1))]),
        (change_amount, [(date(2026, 1, 1), None)]),
        (set_unused_price, []),
    ],
)
def test_a_change_is_recorded_with_the_dates_that_it_affects(
    use: UsageInterval,
    change: Callable[[UsageInterval], None],
    expected: list[tuple[date, date | None]],
) -> None:
    Recheck.objects.all().delete()

    change(use)

    assert recorded() == expected


def test_usage_that_moves_is_recorded_for_both_organizations(use: UsageInterval) -> None:
    other = BilledUseFactory.create().organization
    Recheck.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    UsageInterval.objects.filter(pk=use.pk).update(organization=other, ended_at=at(10, 20))

    assert set(Recheck.objects.values_list("organization", flat=True)) == {
        use.organization_id,
        other.pk,
    }


def test_many_intervals_of_an_organization_are_recorded_once(use: UsageInterval) -> None:
    intervals = [
        UsageIntervalFactory.create(camera__organization=use.organization, tariff=use.tariff)
        for _ in range(3)
    ]
    Recheck.objects.all().delete()

    UsageInterval.objects.filter(pk__in=[each.pk for each in intervals]).update(ended_at=at(9, 9))

    assert recorded() == [(date(2026, 9, 8), None)]


# --- What is found --------------------------------------------------------------------------------


def test_a_changed_invoice_differs_by_what_would_be_charged_now(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=datetime(2026, 10, 11, tzinfo=UTC))
    check()

    difference = InvoiceDifference.objects.get()
    assert (difference.invoice, difference.currency) == (invoice, "EUR")
    assert (difference.amount, difference.cameras, difference.unpriced) == (Decimal("-6.10"), 1, 0)
    assert difference.checked_at == IN_NOVEMBER
    assert not Recheck.objects.exists()


def test_a_change_that_is_taken_back_is_no_difference(use: UsageInterval, invoice: Invoice) -> None:
    for end, differs in ((datetime(2026, 10, 11, tzinfo=UTC), True), (None, False)):
        UsageInterval.objects.filter(pk=use.pk).update(ended_at=end)
        check()
        assert InvoiceDifference.objects.exists() is differs


def test_what_has_no_price_now_differs(use: UsageInterval, invoice: Invoice) -> None:
    use.tariff.prices.all().delete()
    check()

    difference = InvoiceDifference.objects.get()
    assert (difference.amount, difference.unpriced) == (-9, 1)


def test_cameras_can_differ_although_the_sum_does_not(use: UsageInterval, invoice: Invoice) -> None:
    other = UsageIntervalFactory.create(
        camera__organization=use.organization, tariff=use.tariff, started_at=at(10, 11)
    )
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=other.started_at)
    check()

    difference = InvoiceDifference.objects.get()
    assert (difference.amount, difference.cameras) == (0, 2)


def test_a_cancelled_invoice_does_not_differ(use: UsageInterval, invoice: Invoice) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=datetime(2026, 10, 11, tzinfo=UTC))
    check()

    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert not InvoiceDifference.objects.exists()
    check()

    assert not InvoiceDifference.objects.exists()
    assert found() == [("2026-10", "EUR", "2.90")]


def test_a_tax_that_changes_later_is_no_difference(use: UsageInterval, invoice: Invoice) -> None:
    TaxPercent.objects.update(percent=Decimal(7))
    Recheck.objects.create(organization=use.organization, from_on=date(2026, 10, 1))
    check()

    assert not InvoiceDifference.objects.exists()


def test_an_earlier_piece_of_the_month_can_change_a_later_invoice_by_a_cent() -> None:
    use = BilledUseFactory.create(started_at=datetime(2026, 10, 1, tzinfo=UTC))
    issued_invoice(use.organization, Period(date(2026, 10, 16), date(2026, 11, 1)))
    check()

    UsageInterval.objects.filter(pk=use.pk).update(
        started_at=datetime(2026, 10, 1, 0, 40, tzinfo=UTC)
    )
    check()

    assert InvoiceDifference.objects.get().amount == Decimal("-0.01")


def test_an_organization_without_invoices_is_forgotten(use: UsageInterval) -> None:
    check()

    assert not Recheck.objects.exists()
    assert not LateUsage.objects.exists()


def test_a_deleted_organization_is_forgotten() -> None:
    Recheck.objects.create(organization_id=0, from_on=date(2026, 10, 1))
    check()

    assert not Recheck.objects.exists()


# --- Usage without an invoice ---------------------------------------------------------------------


def in_yen(use: UsageInterval) -> None:
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=1000)
    UsageIntervalFactory.create(
        camera__organization=use.organization, tariff=yen, started_at=at(10, 17)
    )


def test_late_usage_in_another_currency_is_found(use: UsageInterval, invoice: Invoice) -> None:
    in_yen(use)
    check()

    assert found() == [("2026-10", "JPY", "468.00")]
    assert not InvoiceDifference.objects.exists()


def test_late_usage_that_is_invoiced_is_forgotten(use: UsageInterval, invoice: Invoice) -> None:
    in_yen(use)
    check()

    issued_invoice(use.organization)
    check()

    assert found() == []


def test_late_usage_that_is_invoiced_in_part_is_found_for_the_rest(
    use: UsageInterval, invoice: Invoice
) -> None:
    in_yen(use)
    check()

    issued_invoice(use.organization, Period(date(2026, 10, 11), date(2026, 10, 22)))
    check()

    assert found() == [("2026-10", "JPY", "323.00")]


def test_usage_of_a_month_that_nobody_invoiced_is_not_late(use: UsageInterval) -> None:
    issued_invoice(use.organization, SEPTEMBER)
    check()

    assert found() == []


def test_usage_of_a_month_whose_run_is_done_is_late(use: UsageInterval) -> None:
    run = InvoiceRun.objects.create(month=OCTOBER.start, started_at=IN_NOVEMBER)
    check()
    assert found() == [("2026-10", "EUR", "9.00")]

    RunItem.objects.create(run=run, organization=use.organization)
    LateUsage.objects.all().delete()
    UsageInterval.objects.update(started_at=at(10, 17))
    check()
    assert found() == []


def test_usage_of_a_month_that_is_not_over_is_not_late(use: UsageInterval) -> None:
    InvoiceRun.objects.create(month=OCTOBER.start, started_at=IN_NOVEMBER)
    check(datetime(2026, 10, 31, 23, 59, tzinfo=UTC))

    assert found() == []


def test_late_usage_without_a_price_is_found(use: UsageInterval, invoice: Invoice) -> None:
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=TariffFactory.create(currency="JPY"),
        ended_at=at(10, 20),
    )
    check()

    late = LateUsage.objects.get()
    assert (late.currency, late.amount, late.unpriced) == ("JPY", 0, 1)


# --- The jobs -------------------------------------------------------------------------------------


def test_jobs_check_each_organization_that_waits(
    use: UsageInterval, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "ORGANIZATIONS_A_CHECK", 1)
    others = BilledUseFactory.create().organization

    tasks.look_for_differences(timestamp=0)
    tasks.look_for_differences(timestamp=60)

    jobs = ProcrastinateJob.objects.filter(task_name="invoices.check").order_by("pk")
    assert [job.args for job in jobs] == [{"organization_ids": [others.pk]}]


def test_an_organization_that_cannot_be_checked_does_not_keep_back_others(
    use: UsageInterval, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 10, 16, tzinfo=UTC))
    failing, checked = BilledUseFactory.create().organization, checking.check

    def check(*, organization_id: int, now: datetime) -> list[checking.Dates]:
        if organization_id == failing.pk:
            raise ValueError
        return checked(organization_id=organization_id, now=now)

    monkeypatch.setattr(checking, "check", check)

    with pytest.raises(ExceptionGroup):
        tasks.check_invoices(organization_ids=[failing.pk, use.organization_id])

    assert InvoiceDifference.objects.get().invoice == invoice
