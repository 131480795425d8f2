"""Tests of the stored months without an invoice: they are those that a full count finds."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from foundation.lists import tallies
from invoices.differences.models import Recheck
from invoices.issuing import operations
from invoices.issuing.drafts import drafts_of_all
from invoices.models import CountedMonths, UninvoicedMonth, UninvoicedTally
from invoices.provider.models import Provider
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from invoices.uninvoiced import keeping
from invoices.uninvoiced.tests.stored import keep_all
from organizations.models import Organization
from organizations.tests.factories import (
    FeeFactory,
    OneOffChargeFactory,
    OrganizationFactory,
)
from rating.periods import Period
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

SINCE_SEPTEMBER = datetime(2026, 9, 1, tzinfo=UTC)


def stored() -> list[tuple[str, str, list[str]]]:
    return [
        (f"{each.month:%Y-%m}", f"{each.amount:.2f}", [name for name, _ in each.blockers])
        for each in UninvoicedMonth.objects.order_by("month", "organization", "currency")
    ]


@pytest.fixture
def provider() -> Provider:
    return ProviderFactory.create()


@pytest.fixture
def use(provider: Provider) -> UsageInterval:
    return BilledUseFactory.create(started_at=SINCE_SEPTEMBER)


def issue(organization: Organization, period: Period = OCTOBER) -> None:
    operations.issue(organization_id=organization.pk, period=period, now=IN_NOVEMBER, by=None)


def assert_as_counted(now: datetime = IN_NOVEMBER) -> None:
    for organization in Organization.objects.all():
        assert keeping.differences(organization, now) == []
    assert tallied() == counted()


def tallied() -> tuple[list[tuple[str, int, Decimal]], int]:
    totals, organizations = UninvoicedTally.objects.totals()
    return [(*each,) for each in totals], organizations


def counted() -> tuple[list[tuple[str, int, Decimal]], int]:
    months = UninvoicedMonth.objects.all()
    sums = [(each.currency, each.months, each.amount) for each in months.sums()]
    return sums, months.values("organization").distinct().count()


def test_months_that_are_over_are_stored(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)

    assert stored() == [("2026-09", "9.00", []), ("2026-10", "9.00", [])]
    assert CountedMonths.objects.get().until == date(2026, 11, 1)
    assert_as_counted()


def test_months_without_usage_are_stored_if_a_fee_or_the_like_is_due(provider: Provider) -> None:
    organization = BilledOrganizationFactory.create()
    FeeFactory.create(organization=organization, last_on=date(2026, 9, 15))
    OneOffChargeFactory.create(organization=organization, day=date(2026, 10, 31))

    keep_all(IN_NOVEMBER)

    assert stored() == [("2026-09", "2.50", []), ("2026-10", "50.00", [])]
    assert_as_counted()


def test_a_month_is_stored_when_it_ends(use: UsageInterval) -> None:
    keep_all(datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    assert [month for month, *_ in stored()] == ["2026-09"]
    assert not Recheck.objects.exists()

    keep_all(datetime(2026, 11, 1, 0, 1, tzinfo=UTC))

    assert [month for month, *_ in stored()] == ["2026-09", "2026-10"]


def test_a_month_ends_in_the_time_zone_of_the_organization(provider: Provider) -> None:
    BilledUseFactory.create(
        camera__organization=BilledOrganizationFactory.create(time_zone="Pacific/Honolulu"),
        started_at=datetime(2026, 9, 1, 10, tzinfo=UTC),
    )
    keep_all(datetime(2026, 11, 1, 9, 59, tzinfo=UTC))
    assert [month for month, *_ in stored()] == ["2026-09"]

    keep_all(datetime(2026, 11, 1, 10, tzinfo=UTC))

    assert [month for month, *_ in stored()] == ["2026-09", "2026-10"]


def test_months_are_marked_only_once(use: UsageInterval) -> None:
    OrganizationFactory.create()
    Recheck.objects.all().delete()
    assert keeping.mark_ended_months(IN_NOVEMBER) == 2
    assert keeping.mark_ended_months(IN_NOVEMBER) == 0
    keep_all(IN_NOVEMBER)
    assert keeping.mark_ended_months(IN_NOVEMBER) == 0


def test_an_issued_month_is_gone_at_once(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)

    issue(use.organization)

    assert stored() == [("2026-09", "9.00", [])]
    assert_as_counted()


def issue_together(organizations: Sequence[Organization], period: Period) -> None:
    provider = Provider.objects.get()
    with transaction.atomic():
        drafted = drafts_of_all(
            organizations=organizations, period=period, now=IN_NOVEMBER, provider=provider
        )
        operations.issue_drafts(drafted, now=IN_NOVEMBER, by=None)


def test_months_of_organizations_that_are_invoiced_together_are_gone(provider: Provider) -> None:
    first, second, other = (
        BilledUseFactory.create(started_at=SINCE_SEPTEMBER).organization for _ in range(3)
    )
    keep_all(IN_NOVEMBER)

    issue_together([first, second], OCTOBER)

    left = UninvoicedMonth.objects.get(month=OCTOBER.start)
    assert left.organization == other
    assert not Recheck.objects.exists()
    assert_as_counted()


def test_the_rests_of_months_that_are_invoiced_together_are_counted_again(
    provider: Provider,
) -> None:
    first, second, _other = (
        BilledUseFactory.create(started_at=SINCE_SEPTEMBER).organization for _ in range(3)
    )
    keep_all(IN_NOVEMBER)

    issue_together([first, second], Period(date(2026, 9, 11), date(2026, 10, 11)))

    rechecks = Recheck.objects.order_by("organization_id", "from_on")
    assert list(rechecks.values_list("organization_id", "from_on", "until_on")) == [
        (each.pk, *month) for each in (first, second) for month in (SEPTEMBER, OCTOBER)
    ]


def test_what_invoices_include_is_looked_for_once_a_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgname FROM pg_trigger
            WHERE tgrelid = 'invoices_invoicedperiod'::regclass AND NOT tgisinternal
                AND tgtype & 4 = 4 AND tgtype & 1 = 1
            """
        )
        assert cursor.fetchall() == []


def test_the_rest_of_a_month_stays_and_is_blocked(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)

    issue(use.organization, Period(date(2026, 10, 1), date(2026, 10, 11)))
    keep_all(IN_NOVEMBER)

    assert stored()[1] == ("2026-10", "6.10", ["AlreadyInvoiced"])
    assert_as_counted()


def test_a_cancelled_month_is_back(use: UsageInterval) -> None:
    issue(use.organization)
    keep_all(IN_NOVEMBER)
    invoice = use.organization.invoices.get()

    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    keep_all(IN_NOVEMBER)

    assert [month for month, *_ in stored()] == ["2026-09", "2026-10"]
    assert_as_counted()


def test_changed_and_deleted_usage_is_counted_again(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)
    UsageInterval.objects.update(started_at=datetime(2026, 10, 1, tzinfo=UTC))
    keep_all(IN_NOVEMBER)
    assert [month for month, *_ in stored()] == ["2026-10"]

    UsageInterval.objects.all().delete()
    keep_all(IN_NOVEMBER)

    assert stored() == []


def test_a_changed_price_counts(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)
    TariffPriceFactory.create(tariff=use.tariff, valid_from=date(2026, 10, 1), amount=5)

    keep_all(IN_NOVEMBER)

    assert stored() == [("2026-09", "9.00", []), ("2026-10", "5.00", [])]


def test_charges_without_a_price_block_a_month(provider: Provider) -> None:
    tariff = TariffFactory.create()
    TariffPriceFactory.create(tariff=tariff, valid_from=date(2026, 10, 11), amount=31)
    BilledUseFactory.create(tariff=tariff, started_at=datetime(2026, 10, 1, tzinfo=UTC))

    keep_all(IN_NOVEMBER)

    assert stored() == [("2026-10", "21.00", ["Unpriced"])]
    assert UninvoicedMonth.objects.get().unpriced == 1


def test_details_of_organization_and_provider_block_and_release(provider: Provider) -> None:
    use = BilledUseFactory.create(
        camera__organization=BilledOrganizationFactory.create(details__city=""),
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    keep_all(IN_NOVEMBER)
    assert stored() == [("2026-10", "9.00", ["DetailsMissing"])]

    use.organization.billing_details.update(city="Bremen")
    keep_all(IN_NOVEMBER)
    assert stored() == [("2026-10", "9.00", [])]

    Provider.objects.update(city="")
    keep_all(IN_NOVEMBER)
    assert UninvoicedMonth.objects.get().blockers == [
        ["DetailsMissing", {"missing": ["provider.city"]}]
    ]


def test_a_rate_that_is_withdrawn_blocks(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)
    tax = use.organization.billing_details.get().tax
    assert tax is not None

    tax.percents.all().delete()
    keep_all(IN_NOVEMBER)

    assert {tuple(names) for *_, names in stored()} == {("RateMissing",)}


def test_sums_and_numbers(use: UsageInterval) -> None:
    BilledUseFactory.create(
        camera__organization=BilledOrganizationFactory.create(details__city=""),
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    keep_all(IN_NOVEMBER)

    (sums,) = UninvoicedMonth.objects.sums()
    assert sums == ("EUR", 3, Decimal(27), Decimal(18), Decimal(9))
    assert UninvoicedMonth.objects.organizations() == (1, 1)


def test_the_command_finds_and_counts_again_what_differs(
    use: UsageInterval, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: IN_NOVEMBER)
    keep_all(IN_NOVEMBER)
    out = StringIO()
    call_command("check_uninvoiced", stdout=out, verbosity=0)
    assert out.getvalue() == "1 organization was compared, 0 stored months differ.\n"
    UninvoicedMonth.objects.filter(month="2026-10-01").update(amount=1)
    UninvoicedMonth.objects.filter(month="2026-09-01").delete()
    errors = StringIO()

    with pytest.raises(CommandError, match="2 stored months differ"):
        call_command("check_uninvoiced", stdout=StringIO(), stderr=errors, verbosity=0)
    title = use.organization.title
    assert errors.getvalue() == f"{title}: 2026-09 EUR\n{title}: 2026-10 EUR\n"

    with pytest.raises(CommandError):
        call_command("check_uninvoiced", repair=True, stdout=StringIO(), stderr=errors)
    assert stored() == [("2026-09", "9.00", []), ("2026-10", "9.00", [])]


def test_tallies_follow_every_statement(
    use: UsageInterval, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tallied() == ([], 0)
    BilledUseFactory.create(started_at=SINCE_SEPTEMBER)
    keep_all(IN_NOVEMBER)
    assert tallied() == counted() == ([("EUR", 4, Decimal(36))], 2)

    first, *others = UninvoicedMonth.objects.filter(organization=use.organization_id)
    UninvoicedMonth.objects.filter(pk=first.pk).update(amount=5, currency="USD")
    assert tallied() == counted() == ([("EUR", 3, Decimal(27)), ("USD", 1, Decimal(5))], 2)
    monkeypatch.setattr(tallies, "MOST_ROWS", 1)
    UninvoicedTally.fold()
    assert tallied() == counted()
    assert UninvoicedTally.objects.count() == 3

    first.delete()
    assert tallied() == counted() == ([("EUR", 3, Decimal(27))], 2)
    UninvoicedMonth.objects.filter(pk__in=[each.pk for each in others]).delete()
    assert tallied() == counted() == ([("EUR", 2, Decimal(18))], 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT invoices_recount_uninvoiced()")
    assert tallied() == counted()
    UninvoicedMonth.objects.all().delete()
    assert tallied() == ([], 0)


def test_a_month_stays_with_its_organization(use: UsageInterval) -> None:
    keep_all(IN_NOVEMBER)
    other = BilledOrganizationFactory.create()

    with pytest.raises(DatabaseError, match="stays with its organization"):
        UninvoicedMonth.objects.update(organization=other)


def test_a_month_that_credits_cover_is_to_be_invoiced(use: UsageInterval) -> None:
    """Only its invoice carries what is left of the credit over to the next month."""
    OneOffChargeFactory.create(
        organization=use.organization, day=date(2026, 9, 12), quantity=-1, amount=50
    )
    keep_all(IN_NOVEMBER)

    assert stored() == [("2026-09", "0.00", []), ("2026-10", "9.00", [])]
    issue(use.organization, SEPTEMBER)
    keep_all(IN_NOVEMBER)
    assert [month for month, _amount, _blockers in stored()] == ["2026-10"]
    assert_as_counted()
