"""The history of an organization."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from foundation.audit.history import Entry
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from organizations.tests.test_operations import version
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db
# The history tells changes apart by their transactions, so these tests need real ones.
in_transactions = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme(db: None) -> Organization:
    return OrganizationFactory.create(title="Acme", owner__email="ann@example.com")


def address(organization: Organization) -> str:
    return f"/organizations/{organization.pk}/history/"


def save(client: Client, organization: Organization, **changes: object) -> None:
    entries = {
        "title": organization.title,
        "owner": organization.owner.email,
        "time_zone": organization.time_zone,
        "version": version(organization),
        **changes,
    }
    answer = client.post(f"/organizations/{organization.pk}/edit/", entries)
    assert answer.status_code == 302


def entries_of(client: Client, organization: Organization) -> list[Entry]:
    entries: list[Entry] = client.get(address(organization)).context["entries"]
    return entries


def fields_of(entry: Entry) -> list[tuple[str, str, str | None, str | None]]:
    """Return each change of a field: the kind of row, the label, the old and the new value."""
    return [
        (change.name, field.label, field.before, field.after)
        for change in entry.changes
        for field in change.fields
    ]


@in_transactions
def test_shows_old_and_new_values_and_the_user(
    operator_client: Client, operator: User, acme: Organization
) -> None:
    OwnerFactory.create(email="bob@example.com")
    save(
        operator_client,
        acme,
        title="ACME",
        owner="bob@example.com",
        trial_first_on="2026-10-01",
        trial_last_on="2026-10-31",
    )

    entry = entries_of(operator_client, acme)[0]

    assert entry.who == operator.email
    assert fields_of(entry) == [
        ("", "Title", "Acme", "ACME"),
        ("", "Owner", "ann@example.com", "bob@example.com"),
        ("", "First day of trial", None, "1 Oct 2026"),
        ("", "Last day of trial", None, "31 Oct 2026"),
    ]


@in_transactions
def test_one_save_is_one_entry_including_tariffs(
    operator_client: Client, acme: Organization
) -> None:
    before, after = (TariffFactory.create(name=name) for name in ("Basic", "Pro"))
    acme.tariffs.add(before)
    save(operator_client, acme, title="ACME", tariffs=[after.pk])

    entry = entries_of(operator_client, acme)[0]

    assert {(change.action, change.kind, change.name) for change in entry.changes} == {
        ("update", "", ""),
        ("delete", "Available tariff plan", "Basic"),
        ("insert", "Available tariff plan", "Pro"),
    }


def test_shows_the_creation(operator_client: Client, acme: Organization) -> None:
    entry = entries_of(operator_client, acme)[-1]

    assert entry.who == "directly in the database"
    assert entry.changes[0].action == "insert"
    assert ("", "Title", None, "Acme") in fields_of(entry)


def test_shows_changes_by_raw_sql(operator_client: Client, acme: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET contract_number = 'K-1'")

    changes = [each for entry in entries_of(operator_client, acme) for each in fields_of(entry)]

    assert ("", "Contract number", None, "K-1") in changes


def test_shows_the_name_of_a_deleted_tariff(operator_client: Client, acme: Organization) -> None:
    acme.tariffs.add(TariffFactory.create(name="Gone plan"))
    Tariff.objects.all().delete()

    assert "Gone plan" in operator_client.get(address(acme)).text


def test_does_not_show_other_organizations(operator_client: Client, acme: Organization) -> None:
    other = OrganizationFactory.create(title="Globex", tariffs=[TariffFactory.create(name="Pro")])
    Organization.objects.filter(pk=other.pk).update(contract_number="K-2")

    page = operator_client.get(address(acme)).text

    for hidden in ("Globex", "Pro", "K-2"):
        assert hidden not in page


def test_shows_times_in_the_time_zone_of_the_organization(
    operator_client: Client, acme: Organization
) -> None:
    Organization.objects.update(time_zone="Asia/Tokyo")
    event = Organization.pgh_event_model.objects.filter(pgh_obj=acme).latest("pgh_id")  # type: ignore[attr-defined]

    page = operator_client.get(address(acme)).text

    assert "Time zone: Asia/Tokyo." in page
    assert f"{event.pgh_created_at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M:%S}</time>" in page


def test_escapes_text_from_people(operator_client: Client, acme: Organization) -> None:
    Organization.objects.update(title="<b>Bold</b>")

    page = operator_client.get(address(acme)).text

    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "<b>" not in page


@in_transactions
def test_is_paginated(operator_client: Client, acme: Organization) -> None:
    for number in range(60):
        Organization.objects.update(contract_number=str(number))

    first = operator_client.get(address(acme))
    second = operator_client.get(address(acme), {"page": 2})

    assert first.context["page"].paginator.count == 61
    shown = [
        sum(len(entry.changes) for entry in page.context["entries"]) for page in (first, second)
    ]
    assert shown == [50, 11]
    assert "<del>8</del>" in second.text.replace("\n", "")


def test_is_kept_after_deletion(operator_client: Client, acme: Organization) -> None:
    Organization.objects.all().delete()

    page = operator_client.get(address(acme)).text

    assert "deleted" in page
    assert f"/organizations/{acme.pk}/edit/" not in page


def test_the_number_of_queries_is_constant(operator_client: Client, acme: Organization) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(address(acme))
        return len(queries)

    acme.tariffs.add(TariffFactory.create())
    save(operator_client, acme, title="One")
    few = count()
    for number in range(12):
        acme.owner = OwnerFactory.create()
        acme.title = str(number)
        acme.contract_signed_on = date(2026, 1, 1 + number)
        acme.save()
        acme.tariffs.add(TariffFactory.create())

    assert count() == few


@pytest.mark.parametrize("role", ["operator_client", "support_client"])
def test_is_linked_from_the_pages_of_the_organization(
    role: str, acme: Organization, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(role)

    assert client.get(address(acme)).status_code == 200
    assert address(acme) in client.get(f"/organizations/{acme.pk}/usages/").text


def test_is_linked_from_edit(operator_client: Client, acme: Organization) -> None:
    assert address(acme) in operator_client.get(f"/organizations/{acme.pk}/edit/").text


def test_is_closed_to_owners(client: Client, acme: Organization) -> None:
    client.force_login(acme.owner)

    assert client.get(address(acme)).status_code == 403
    assert address(acme) not in client.get(f"/organizations/{acme.pk}/usages/").text


def test_requires_sign_in(client: Client, acme: Organization) -> None:
    assert client.get(address(acme))["Location"].startswith("/accounts/login/")


def test_cannot_be_posted_to(operator_client: Client, acme: Organization) -> None:
    assert operator_client.post(address(acme)).status_code == 405


def test_an_unknown_organization_is_not_found(operator_client: Client) -> None:
    assert operator_client.get("/organizations/1/history/").status_code == 404
