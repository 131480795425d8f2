"""Trials that end soon are found by an index, on the local dates of their organizations."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

# 10:30 in UTC is 00:30 of the same day in Honolulu, and of the next day on Kiritimati.
NOW = datetime(2026, 10, 15, 10, 30, tzinfo=UTC)


def ending(time_zone: str, last_on: date) -> bool:
    organization = OrganizationFactory.create(
        time_zone=time_zone, trial_first_on=date(2026, 1, 1), trial_last_on=last_on
    )
    found = Organization.objects.in_trial_state("ending", NOW)
    return found.filter(pk=organization.pk).exists()


@pytest.mark.parametrize(
    ("time_zone", "first", "last"),
    [
        ("Pacific/Honolulu", date(2026, 10, 15), date(2026, 10, 29)),
        ("Pacific/Kiritimati", date(2026, 10, 16), date(2026, 10, 30)),
    ],
)
def test_a_trial_ends_soon_by_the_date_of_its_organization(
    time_zone: str, first: date, last: date
) -> None:
    assert ending(time_zone, first)
    assert ending(time_zone, last)
    assert not ending(time_zone, first.replace(day=first.day - 1))
    assert not ending(time_zone, last.replace(day=last.day + 1))


def test_trials_that_end_soon_are_found_by_an_index() -> None:
    OrganizationFactory.create(
        trial_first_on=date(2026, 1, 1), trial_last_on=date(2026, 10, 20), time_zone="UTC"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Organization.objects.in_trial_state("ending", NOW).order_by().explain()

    assert "organizations_trial_ends" in plan
