"""Test that the implementation of the rules in SQL agrees with the engine."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import data
from benchmarks.totals import totals_by_engine, totals_by_sql
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.periods import Period
from rating.tests.reference import Case
from rating.tests.strategies import CURRENCIES, cases
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.statements.statement import Statement, statement_for
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

# Zones whose clock changes are known to be the same in PostgreSQL and in Python.
ZONES = ("UTC", "Europe/Berlin", "America/Havana", "America/St_Johns", "Asia/Kathmandu")


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def stored(case: Case, zone: str) -> Statement:
    """Store a random case in the database, and return its statement."""
    first, last = case.trial or (None, None)
    organization = OrganizationFactory.create(
        time_zone=zone, trial_first_on=first, trial_last_on=last
    )
    tariffs = [
        TariffFactory.create(currency=CURRENCIES[case.digits], proration=plan.unit)
        for plan in case.plans
    ]
    for tariff, plan in zip(tariffs, case.plans, strict=True):
        for day, amount in plan.prices:
            TariffPriceFactory.create(tariff=tariff, valid_from=day, amount=amount)
    camera = CameraFactory.create(organization=organization)
    for plan_number, start, end in case.usages:
        UsageIntervalFactory.create(
            camera=camera,
            tariff=tariffs[plan_number],
            started_at=instant(start),
            ended_at=None if end is None else instant(end),
        )
    return statement_for(
        organization=organization,
        period=Period.inclusive(case.first, case.last),
        as_of=instant(case.as_of),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.sampled_from(ZONES))
def test_sql_agrees_with_the_engine_in_random_cases(case: Case, zone: str) -> None:
    with transaction.atomic():
        statement = stored(case, zone)
        assert totals_by_sql(statement) == totals_by_engine(statement)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("first", "last", "as_of"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), data.AS_OF),
        (date(2026, 8, 20), date(2026, 11, 12), data.AS_OF),
        (date(2026, 10, 5), date(2026, 10, 30), datetime(2026, 10, 20, 4, 5, 6, tzinfo=UTC)),
        (date(2026, 12, 1), date(2026, 12, 31), data.AS_OF),
    ],
)
def test_sql_agrees_with_the_engine_on_the_measured_data(
    first: date, last: date, as_of: datetime
) -> None:
    organizations = data.add_provider(owners=3, organizations=4)
    data.add_cameras(1, 400, organizations)
    for organization in Organization.objects.all():
        statement = statement_for(
            organization=organization, period=Period.inclusive(first, last), as_of=as_of
        )
        assert totals_by_sql(statement) == totals_by_engine(statement)
        assert bool(totals_by_engine(statement)) == (first < as_of.date())
