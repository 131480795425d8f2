"""Suspended organizations: in lists, on their pages, and told to a connected platform."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from invoices.tests.factories import ProviderFactory
from organizations import tasks
from organizations.agreement import platform
from organizations.models import Organization, PlatformSuspension
from organizations.tests.factories import OrganizationFactory, SuspensionFactory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

LATER = date(2199, 1, 1)
NOON = datetime(2026, 9, 10, 12, tzinfo=UTC)
Told = list[tuple[str, bool]]


def suspended(title: str, first: str, last: str | None = None, **fields: Any) -> Organization:
    """Create an organization with a suspension."""
    organization = OrganizationFactory.create(title=title, **fields)
    SuspensionFactory.create(
        organization=organization,
        first_on=date.fromisoformat(first),
        last_on=date.fromisoformat(last) if last else None,
    )
    return organization


def titles(found: Any) -> list[str]:
    return sorted(found.values_list("title", flat=True))


@pytest.fixture
def several() -> None:
    suspended("Open", "2026-09-01")
    suspended("Last day", "2026-09-01", "2026-09-10")
    suspended("Over", "2026-09-01", "2026-09-09")
    suspended("Tomorrow", "2026-09-11")
    OrganizationFactory.create(title="Never")
    # It is September 11 there, and September 9 on the other side.
    suspended("Begun in Kiritimati", "2026-09-11", time_zone="Pacific/Kiritimati")
    suspended("Over in Kiritimati", "2026-09-01", "2026-09-10", time_zone="Pacific/Kiritimati")


@pytest.mark.usefixtures("several")
def test_organizations_are_suspended_on_their_local_dates() -> None:
    found = Organization.objects.suspended(NOON)

    assert titles(found) == ["Begun in Kiritimati", "Last day", "Open"]
    assert titles(Organization.objects.suspension_planned(NOON)) == ["Tomorrow"]


@pytest.mark.parametrize(
    ("state", "shown"), [("suspended", "Open"), ("suspension_planned", "Planned")]
)
def test_the_list_is_filtered_by_suspension(
    operator_client: Client, state: str, shown: str
) -> None:
    suspended("Open", "2026-09-01")
    suspended("Planned", LATER.isoformat())
    suspended("Over", "2026-09-01", "2026-09-09")

    answer = operator_client.get(reverse("organizations:list"), {"show": state})

    assert [row.record.title for row in answer.context["table"].rows] == [shown]


def test_lists_and_pages_say_that_an_organization_is_suspended(client: Client) -> None:
    organization = suspended("Harbour", "2026-09-01")
    client.force_login(organization.owner)

    pages = [
        reverse("organizations:list"),
        reverse("reports:overview", args=[organization.pk]),
        reverse("usage:usages", args=[organization.pk]),
        reverse("organizations:agreement", args=[organization.pk]),
    ]

    for each in pages:
        text = client.get(each).text
        assert ">suspended<" in text
        assert "from 1 Sep 2026" in text


def test_pages_say_when_a_suspension_is_planned(operator_client: Client) -> None:
    organization = suspended("Harbour", "2199-01-01", "2199-01-31")
    OrganizationFactory.create()

    for address in ("/organizations/", f"/organizations/{organization.pk}/"):
        text = operator_client.get(address).text
        assert text.count("suspension planned") == 1
        assert "1 Jan 2199 to 31 Jan 2199" in text


def test_pages_do_not_mention_what_is_over(operator_client: Client) -> None:
    organization = suspended("Harbour", "2026-09-01", "2026-09-09")

    for address in ("/organizations/", f"/organizations/{organization.pk}/"):
        assert ">suspended<" not in operator_client.get(address).text


@pytest.mark.parametrize("is_charged", [True, False])
def test_the_provider_decides_what_the_form_proposes(
    operator_client: Client, is_charged: bool
) -> None:
    ProviderFactory.create(charges_suspended=is_charged)
    organization = OrganizationFactory.create()
    address = reverse("organizations:add_term", args=[organization.pk, "suspensions"])

    form = operator_client.get(address).context["form"]

    assert form["is_charged"].value() is is_charged


# --- The platform --------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Connect a platform; return what it was told."""
    told: Told = []

    def carry_out(organization_id: int, is_suspended: bool) -> None:
        told.append((Organization.objects.get(pk=organization_id).title, is_suspended))

    monkeypatch.setattr(platform, "_hooks", [])
    platform.register(carry_out)
    return told


def tell(now: datetime = NOON) -> None:
    for pk in platform.waiting_organizations(now):
        platform.tell(organization_id=pk, now=now)


@pytest.mark.usefixtures("several")
def test_a_platform_is_told_once_of_each_suspension(told: Told) -> None:
    tell()
    assert sorted(told) == [("Begun in Kiritimati", True), ("Last day", True), ("Open", True)]

    tell()
    assert len(told) == 3
    told.clear()
    tell(datetime(2026, 9, 11, 12, tzinfo=UTC))
    assert sorted(told) == [("Last day", False), ("Tomorrow", True)]


def test_a_platform_is_told_of_a_suspension_that_is_withdrawn(told: Told) -> None:
    organization = suspended("Harbour", "2026-09-10")
    tell()
    organization.suspensions.all().delete()

    tell()

    assert told == [("Harbour", True), ("Harbour", False)]


def test_what_a_platform_refuses_is_told_again(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    suspended("Harbour", "2026-09-01")

    def fail(organization_id: int, is_suspended: bool) -> None:
        raise ConnectionError

    monkeypatch.setattr(platform, "_hooks", [fail])
    with pytest.raises(ConnectionError):
        tell()
    assert not PlatformSuspension.objects.exists()


def test_without_a_platform_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "_hooks", [])
    suspended("Harbour", "2026-09-01")

    assert platform.waiting_organizations(NOON) == []


@pytest.mark.django_db(transaction=True)
def test_jobs_tell_a_platform_outside_of_a_transaction(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended("Harbour", "2026-09-01")
    in_transaction = []
    platform.register(lambda *_told: in_transaction.append(connection.in_atomic_block))

    tasks.look_for_suspensions.configure(task_kwargs={"timestamp": 0}).defer()
    run_jobs()

    assert told == [("Harbour", True)]
    assert in_transaction == [False]
