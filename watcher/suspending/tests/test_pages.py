"""Tests of the pages of suspensions in Watcher, and of the jobs that carry them out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.web.versions import version_of
from organizations import tasks as organization_tasks
from organizations.models import Organization, PlatformSuspension
from organizations.tests.factories import OrganizationFactory, SuspensionFactory
from tests.jobs import run_jobs
from watcher.errors import NoRightError, stored_error
from watcher.models import Connection, SuspendedItem, SuspensionSettings, WatcherSuspension
from watcher.reading.tests.worlds import a_world, link_all
from watcher.suspending.operations import stored_settings
from watcher.tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
LIST, SETTINGS = reverse("watcher:suspensions"), reverse("watcher:suspension_settings")
State = WatcherSuspension.State


@pytest.fixture
def connected() -> Connection:
    return ConnectionFactory.create(suspends=True)


def a_suspension(title: str = "Harbour", *, fails: bool = False) -> WatcherSuspension:
    """Return one that is carried out, or that fails."""
    now = timezone.now()
    suspension = WatcherSuspension.objects.create(
        organization=OrganizationFactory.create(title=title, watcher_id=title),
        tenant_id=title,
        state=State.SUSPENDING if fails else State.SUSPENDED,
        told_at=now,
        planned_at=now,
        suspended_at=None if fails else now,
        next_attempt_at=now + timedelta(hours=1),
        failing_since=now if fails else None,
        failure=stored_error(NoRightError()) if fails else {},
    )
    item = {"suspension": suspension, "at": now, "state": SuspendedItem.State.CHANGED}
    SuspendedItem.objects.create(by="users", key="8", **item)
    for name in ("gate", "yard"):
        SuspendedItem.objects.create(by="cameras", key=f"{title}/{name}", **item)
    SuspendedItem.objects.create(by="limit", key=title, limit_before=40, limit_meanwhile=12, **item)
    return suspension


@pytest.mark.usefixtures("connected")
def test_suspensions_are_listed_with_what_they_changed(support_client: Client) -> None:
    a_suspension()

    text = support_client.get(LIST).text

    assert "Harbour" in text
    assert "suspended in Watcher since" in text
    assert "1 user is blocked, 2 cameras are disabled, limited to 12 cameras" in text


@pytest.mark.usefixtures("connected")
def test_what_fails_is_on_home_on_the_list_and_on_the_organization(
    operator_client: Client,
) -> None:
    suspension = a_suspension(fails=True)

    organization = operator_client.get(
        reverse("reports:overview", args=[suspension.organization_id])
    ).text
    listed = operator_client.get(LIST, {"state": "failing"}).text
    home = operator_client.get("/").text

    for text in (organization, listed):
        assert "not yet suspended in Watcher" in text
        assert "no right to this in Watcher" in text
    assert "1 suspension could not be carried out in Watcher" in home
    assert "?state=failing" in home


@pytest.mark.usefixtures("connected")
def test_owners_see_nothing_of_it(client: Client) -> None:
    suspension = a_suspension()
    client.force_login(suspension.organization.owner)

    page = client.get(reverse("reports:overview", args=[suspension.organization_id]))

    assert "suspended in Watcher" not in page.text


def test_an_organization_says_why_nothing_is_done(
    operator_client: Client, connected: Connection
) -> None:
    suspension = a_suspension(fails=True)
    suspension.failing_since, suspension.failure = None, {}
    suspension.save()
    address = reverse("reports:overview", args=[suspension.organization_id])
    connected.suspends = False
    connected.save()
    assert "switched off for the connection to Watcher" in operator_client.get(address).text

    connected.suspends = True
    connected.save()
    suspension.items.all().delete()
    suspension.planned_at, suspension.tenant_id = None, ""
    suspension.save()
    Organization.objects.update(watcher_id=None)

    assert "not linked to one in Watcher" in operator_client.get(address).text


@pytest.mark.usefixtures("connected")
def test_the_list_is_filtered(operator_client: Client) -> None:
    a_suspension("Harbour")
    a_suspension("Mountain", fails=True)
    restored = a_suspension("Valley")
    restored.state, restored.restored_at = State.RESTORED, timezone.now()
    restored.save()

    def shown(**query: str) -> list[str]:
        rows = operator_client.get(LIST, query).context["table"].rows
        return [row.record.organization.title for row in rows]

    assert shown() == ["Mountain", "Harbour"]
    assert shown(state="failing") == ["Mountain"]
    assert shown(state="all") == ["Valley", "Mountain", "Harbour"]
    assert shown(state="all", q="vall") == ["Valley"]


@pytest.mark.usefixtures("connected")
def test_the_number_of_queries_is_constant(operator_client: Client) -> None:
    a_suspension()
    operator_client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        operator_client.get(LIST)
    for number in range(10):
        a_suspension(f"Organization {number}", fails=bool(number % 2))
    with CaptureQueriesContext(connection) as many:
        operator_client.get(LIST)

    assert len(many) == len(few)


@pytest.mark.usefixtures("connected")
def test_what_failed_is_tried_again_at_once(operator_client: Client) -> None:
    suspension = a_suspension(fails=True)

    answer = operator_client.post(
        reverse("watcher:try_suspensions_again"), {"suspension": suspension.pk}, follow=True
    )

    suspension.refresh_from_db()
    assert suspension.next_attempt_at <= timezone.now()
    assert "tried again within a minute" in answer.text


def test_the_provider_chooses_how(operator_client: Client) -> None:
    version = version_of(stored_settings(None))
    operator_client.post(SETTINGS, {"version": version, "disables_cameras": "on"})

    assert stored_settings(SuspensionSettings.objects.get()) == {
        "blocks_users": False,
        "disables_cameras": True,
        "limits_cameras": False,
    }
    assert "Disable cameras" in operator_client.get(LIST).text


def test_a_suspension_does_something(operator_client: Client) -> None:
    answer = operator_client.post(SETTINGS, {"version": version_of(stored_settings(None))})

    assert "Choose at least one" in answer.text
    assert not SuspensionSettings.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        SuspensionSettings.objects.create(blocks_users=False)


@pytest.mark.django_db(transaction=True)
def test_jobs_suspend_and_restore_what_is_agreed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.connection.clients.WAITS", ())
    with a_world() as world:
        link_all(world)
        owner_id = world.standin.state.organizations[world.tenants[0]].owner_id or 0
        owner = world.standin.state.users[owner_id]
        agreed = SuspensionFactory.create(
            organization=world.organizations[0], first_on=timezone.now().date() - timedelta(days=2)
        )
        organization_tasks.look_for_suspensions.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()
        was_blocked_at_first = owner.disabled

        # It was suspended before the connection was to carry it out.
        world.connection.suspends = True
        world.connection.save()
        from watcher import tasks

        tasks.look_for_suspensions.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()
        was_blocked = owner.disabled

        agreed.delete()
        organization_tasks.look_for_suspensions.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()

    assert not was_blocked_at_first
    assert was_blocked
    assert not owner.disabled
    assert not PlatformSuspension.objects.exists()
    assert WatcherSuspension.objects.get().state == State.RESTORED
