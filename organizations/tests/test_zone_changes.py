"""Test changing the time zone of an organization from a date on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.tests.factories import OCTOBER, BilledUseFactory, issued_invoice
from organizations.models import EarlierTimeZone, Organization
from organizations.tests.factories import OrganizationFactory
from organizations.tests.test_operations import version
from organizations.zone_changes import recomputed_by, set_time_zone
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

TOKYO, NEW_YORK, KIRITIMATI = "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory.create(title="Acme", time_zone=TOKYO)


def change(organization: Organization, time_zone: str, valid_from: date | None) -> None:
    set_time_zone(organization, time_zone, valid_from)
    organization.save()


def versions(organization: Organization) -> list[tuple[str, str]]:
    stored = Organization.objects.get(pk=organization.pk)
    return [(each.valid_from.isoformat(), str(each.zone)) for each in stored.zones]


ALWAYS = "0001-01-01"


def test_a_time_zone_applies_from_a_date_on(organization: Organization) -> None:
    change(organization, NEW_YORK, NOVEMBER)
    assert versions(organization) == [(ALWAYS, TOKYO), ("2026-11-01", NEW_YORK)]
    change(organization, KIRITIMATI, date(2027, 1, 1))
    assert versions(organization) == [
        (ALWAYS, TOKYO),
        ("2026-11-01", NEW_YORK),
        ("2027-01-01", KIRITIMATI),
    ]


@pytest.mark.parametrize(
    ("time_zone", "valid_from", "expected"),
    [
        # Withdrawn: the time zone before goes on.
        (TOKYO, NOVEMBER, [(ALWAYS, TOKYO)]),
        # Moved to another date, in either direction.
        (NEW_YORK, date(2026, 10, 1), [(ALWAYS, TOKYO), ("2026-10-01", NEW_YORK)]),
        # Replaced on the same date.
        (KIRITIMATI, NOVEMBER, [(ALWAYS, TOKYO), ("2026-11-01", KIRITIMATI)]),
        (NEW_YORK, date(2026, 12, 1), [(ALWAYS, TOKYO), ("2026-12-01", NEW_YORK)]),
        # Corrected from the beginning.
        (NEW_YORK, None, [(ALWAYS, NEW_YORK)]),
    ],
)
def test_a_change_replaces_those_from_its_date_on(
    organization: Organization,
    time_zone: str,
    valid_from: date | None,
    expected: list[tuple[str, str]],
) -> None:
    change(organization, NEW_YORK, NOVEMBER)
    change(organization, time_zone, valid_from)
    assert versions(organization) == expected
    assert organization.earlier_time_zones.count() == len(expected) - 1


def test_the_database_keeps_one_time_zone_a_date(organization: Organization) -> None:
    EarlierTimeZone.objects.create(organization=organization, time_zone=TOKYO)
    with pytest.raises(IntegrityError, match="organizations_one_time_zone_a_date"):
        EarlierTimeZone.objects.create(organization=organization, time_zone=NEW_YORK)


def test_instants_and_dates_follow_the_time_zone_in_force(organization: Organization) -> None:
    change(organization, NEW_YORK, NOVEMBER)
    tokyo_midnight = datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert organization.start_of(date(2026, 10, 31)) == tokyo_midnight - timedelta(days=1)
    assert organization.start_of(NOVEMBER) == datetime(2026, 11, 1, 4, tzinfo=UTC)
    # Clocks in Tokyo would show 1 November already, but 31 October lasts until New York begins it.
    assert organization.date_at(tokyo_midnight + timedelta(hours=12)) == date(2026, 10, 31)
    assert organization.zone_at(tokyo_midnight + timedelta(hours=12)) == ZoneInfo(TOKYO)
    assert organization.date_at(datetime(2026, 11, 1, 4, tzinfo=UTC)) == NOVEMBER
    assert organization.zone_at(datetime(2026, 11, 1, 4, tzinfo=UTC)) == ZoneInfo(NEW_YORK)


@pytest.mark.parametrize("name", [TOKYO, NEW_YORK, KIRITIMATI, "Pacific/Pago_Pago", "UTC"])
def test_without_changes_dates_are_those_of_the_clocks(name: str) -> None:
    organization = OrganizationFactory.create(time_zone=name)
    for hour in range(0, 240, 7):
        instant = datetime(2026, 10, 28, tzinfo=UTC) + timedelta(hours=hour)
        assert organization.date_at(instant) == instant.astimezone(ZoneInfo(name)).date()


def test_only_organizations_with_a_change_need_a_query(organization: Organization) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert organization.date_at(datetime(2026, 10, 1, tzinfo=UTC))
    assert len(queries) == 0


def test_a_change_recomputes_from_the_month_before_it_on(organization: Organization) -> None:
    assert recomputed_by(organization, TOKYO, NOVEMBER) is None
    october = datetime(2026, 9, 30, 15, tzinfo=UTC)
    assert recomputed_by(organization, NEW_YORK, NOVEMBER) == (october, None)
    # On another day than the first, only the month itself.
    assert recomputed_by(organization, NEW_YORK, date(2026, 10, 20)) == (october, None)
    assert recomputed_by(organization, NEW_YORK, None) == (datetime(1970, 1, 1, tzinfo=UTC), None)


def test_a_postponed_change_recomputes_from_the_month_before_its_old_date_on(
    organization: Organization,
) -> None:
    change(organization, NEW_YORK, NOVEMBER)
    october = datetime(2026, 9, 30, 15, tzinfo=UTC)
    assert recomputed_by(organization, NEW_YORK, date(2027, 3, 1)) == (october, None)


# The form.


def post(client: Client, organization: Organization, **given: Any) -> Any:
    entries = {
        "title": "Acme",
        "owner": organization.owner.email,
        "version": version(Organization.objects.get(pk=organization.pk)),
        "billing_country": "",
        **given,
    }
    return client.post(f"/organizations/{organization.pk}/edit/", entries, follow=True)


def proposed(client: Client, organization: Organization) -> Any:
    form = client.get(f"/organizations/{organization.pk}/edit/").context["form"]
    return form["time_zone_from"].value()


def test_an_organization_without_usage_is_corrected_from_the_beginning(
    operator_client: Client, organization: Organization
) -> None:
    assert proposed(operator_client, organization) is None
    post(operator_client, organization, time_zone=NEW_YORK, time_zone_from="")
    assert versions(organization) == [(ALWAYS, NEW_YORK)]


def test_the_form_proposes_today_if_nothing_was_invoiced(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    UsageIntervalFactory.create(camera__organization=organization)
    now = datetime(2026, 10, 5, 16, tzinfo=UTC)
    monkeypatch.setattr("organizations.views.timezone.now", lambda: now)
    assert proposed(operator_client, organization) == date(2026, 10, 6)


def test_the_form_proposes_the_first_date_that_is_not_invoiced(
    operator_client: Client,
) -> None:
    organization = BilledUseFactory.create(camera__organization__title="Acme").organization
    issued_invoice(organization, OCTOBER)
    assert proposed(operator_client, organization) == NOVEMBER


def test_saving_without_a_change_keeps_the_time_zones(
    operator_client: Client, organization: Organization
) -> None:
    UsageIntervalFactory.create(camera__organization=organization)
    shown = proposed(operator_client, organization)
    post(operator_client, organization, time_zone=TOKYO, time_zone_from=shown)
    assert versions(organization) == [(ALWAYS, TOKYO)]

    change(organization, NEW_YORK, date(2026, 3, 1))
    shown = proposed(operator_client, organization)
    assert shown != date(2026, 3, 1)
    post(operator_client, organization, time_zone=NEW_YORK, time_zone_from=shown)
    assert versions(organization) == [(ALWAYS, TOKYO), ("2026-03-01", NEW_YORK)]


@pytest.mark.parametrize("shown", ["2026-02-01", "2026-09-01", ""])
def test_a_stale_proposal_does_not_change_the_time_zones(
    operator_client: Client, organization: Organization, shown: str
) -> None:
    UsageIntervalFactory.create(camera__organization=organization)
    change(organization, NEW_YORK, date(2026, 3, 1))
    dates = {"time_zone_from": shown, "shown_zone_from": shown}
    post(operator_client, organization, title="New title", time_zone=NEW_YORK, **dates)
    assert versions(organization) == [(ALWAYS, TOKYO), ("2026-03-01", NEW_YORK)]
    assert Organization.objects.get(pk=organization.pk).title == "New title"
    page = operator_client.get(f"/organizations/{organization.pk}/edit/")
    hidden = f'<input type="hidden" name="shown_zone_from" value="{proposed_on(page)}"'
    assert hidden in page.text


def proposed_on(page: Any) -> date:
    found: date = page.context["form"]["time_zone_from"].value()
    return found


def test_a_change_not_yet_in_force_is_shown_and_can_be_withdrawn(
    operator_client: Client, organization: Organization
) -> None:
    change(organization, NEW_YORK, date(2199, 1, 1))
    assert proposed(operator_client, organization) == date(2199, 1, 1)
    page = operator_client.get(f"/organizations/{organization.pk}/edit/").text
    assert "Asia/Tokyo until 31 Dec 2198, then America/New_York." in page
    post(operator_client, organization, time_zone=TOKYO, time_zone_from="2199-01-01")
    assert versions(organization) == [(ALWAYS, TOKYO)]


def test_a_change_not_yet_in_force_can_be_postponed(
    operator_client: Client, organization: Organization
) -> None:
    change(organization, NEW_YORK, date(2198, 1, 1))
    post(operator_client, organization, time_zone=NEW_YORK, time_zone_from="2199-01-01")
    assert versions(organization) == [(ALWAYS, TOKYO), ("2199-01-01", NEW_YORK)]
    page = operator_client.get(f"/organizations/{organization.pk}/edit/").text
    assert "Asia/Tokyo until 31 Dec 2198, then America/New_York." in page


def test_a_change_of_invoiced_time_is_made_after_a_warning(operator_client: Client) -> None:
    organization = BilledUseFactory.create(
        camera__organization__title="Acme", camera__organization__time_zone=TOKYO
    ).organization
    invoice = issued_invoice(organization, OCTOBER)
    given = {"time_zone": NEW_YORK, "time_zone_from": "2026-11-01"}
    page = post(operator_client, organization, **given)
    assert invoice.number in page.text
    assert versions(organization) == [(ALWAYS, TOKYO)]

    post(operator_client, organization, **given, agreed=page.context["affected"].agreed)
    assert versions(organization) == [(ALWAYS, TOKYO), ("2026-11-01", NEW_YORK)]

    # From December on, nothing that is invoiced changes.
    post(operator_client, organization, time_zone=KIRITIMATI, time_zone_from="2026-12-02")
    assert versions(organization)[-1] == ("2026-12-02", KIRITIMATI)


@pytest.mark.parametrize("entered", ["2026-02-30", "1800-01-01"])
def test_an_invalid_date_is_an_error_of_its_field(
    operator_client: Client, organization: Organization, entered: str
) -> None:
    page = post(operator_client, organization, time_zone=NEW_YORK, time_zone_from=entered)
    assert list(page.context["form"].errors) == ["time_zone_from"]
    assert versions(organization) == [(ALWAYS, TOKYO)]


def test_a_trial_is_in_the_state_of_the_date_in_force(organization: Organization) -> None:
    organization.trial_first_on = organization.trial_last_on = NOVEMBER
    change(organization, NEW_YORK, NOVEMBER)
    for now, state in [
        (datetime(2026, 11, 1, 2, tzinfo=UTC), "from"),
        (datetime(2026, 11, 1, 4, tzinfo=UTC), "until"),
        (datetime(2026, 11, 2, 4, tzinfo=UTC), "until"),
        (datetime(2026, 11, 2, 5, tzinfo=UTC), "ended"),
    ]:
        assert organization.trial_state(now) == state
        assert Organization.objects.in_trial_state(state, now).get() == organization


def test_the_history_shows_the_change(operator_client: Client, organization: Organization) -> None:
    change(organization, NEW_YORK, NOVEMBER)
    page = operator_client.get(f"/organizations/{organization.pk}/history/").text
    assert NEW_YORK in page
    assert "earlier time zone" in page.lower()
