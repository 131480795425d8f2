"""Tests of the pages of reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from foundation.web.versions import version_of
from watcher.models import (
    CameraChange,
    Connection,
    PlatformOrganization,
    Poll,
    ReadingSettings,
    ReadingState,
)
from watcher.reading.operations import stored_settings
from watcher.reading.reasons import Reason
from watcher.tests.factories import (
    ConnectionFactory,
    PlatformOrganizationFactory,
    PlatformPresetFactory,
)

pytestmark = pytest.mark.django_db
READING, CHANGES = reverse("watcher:reading"), reverse("watcher:changes")


@pytest.fixture(autouse=True)
def _reading() -> None:
    ConnectionFactory.create(reads=True)


def a_change(name: str = "gate", reason: Reason = Reason.DIFFERS) -> CameraChange:
    """Return a change that is held back."""
    now = timezone.now().replace(microsecond=0)
    poll = Poll.objects.first() or Poll.objects.create(
        outcome=Poll.Outcome.APPLIED, begun_at=now, ended_at=now
    )
    organization = PlatformOrganization.objects.first() or PlatformOrganizationFactory.create()
    return CameraChange.objects.create(
        poll=poll,
        name=name,
        organization=organization,
        preset=PlatformPresetFactory.create(),
        at=now,
        within_seconds=-60,
        reason=reason,
        held_since=now,
    )


def test_held_back_changes_are_listed_with_their_reason(support_client: Client) -> None:
    a_change()

    page = support_client.get(CHANGES).text

    assert "gate" in page
    assert "The camera is not in use here as it was in Watcher before." in page
    assert "between two readings" in page
    assert "Carry out all the same" not in page


def test_an_operator_has_a_change_carried_out_all_the_same(operator_client: Client) -> None:
    change = a_change()

    operator_client.post(reverse("watcher:accept_changes"), {"change": change.pk})

    change.refresh_from_db()
    assert change.is_accepted
    assert change.decided_by is not None


def test_what_has_to_be_corrected_cannot_be_accepted(operator_client: Client) -> None:
    change, fine = a_change(reason=Reason.NO_TARIFF), a_change("yard")

    answer = operator_client.post(
        reverse("watcher:accept_changes"), {"change": [change.pk, fine.pk]}, follow=True
    )

    assert "Nothing was changed" in answer.text
    assert not CameraChange.objects.filter(is_accepted=True).exists()


def test_a_change_is_not_carried_out_twice_nor_dismissed_twice(operator_client: Client) -> None:
    change = a_change()
    address = reverse("watcher:dismiss_changes")
    operator_client.post(address, {"change": change.pk})

    answer = operator_client.post(address, {"change": change.pk}, follow=True)

    change.refresh_from_db()
    assert change.state == CameraChange.State.DISMISSED
    assert "Some of these changes are settled" in answer.text


def test_changes_are_found_by_name_and_reason(operator_client: Client) -> None:
    a_change("gate-1")
    a_change("yard-1", Reason.INVOICED)

    assert "yard-1" not in operator_client.get(CHANGES, {"q": "gate"}).text
    assert "gate-1" not in operator_client.get(CHANGES, {"reason": "invoiced"}).text
    assert "gate-1" in operator_client.get(CHANGES, {"state": "all"}).text
    assert "gate-1" not in operator_client.get(CHANGES, {"state": "done"}).text


@pytest.mark.parametrize("address", [READING, CHANGES])
def test_the_number_of_queries_is_constant(operator_client: Client, address: str) -> None:
    a_change()
    operator_client.get(address)
    with CaptureQueriesContext(connection) as few:
        operator_client.get(address)
    for number in range(20):
        a_change(f"camera-{number}")
    with CaptureQueriesContext(connection) as many:
        operator_client.get(address)

    assert len(many) == len(few)


def test_read_now_defers_one_job(operator_client: Client) -> None:
    for _time in range(2):
        operator_client.post(reverse("watcher:read_now"))

    assert ProcrastinateJob.objects.filter(task_name="watcher.read_now").count() == 1


def test_the_page_says_why_reading_fails(support_client: Client) -> None:
    now = timezone.now()
    ReadingState.objects.create(
        begun_at=now,
        failing_since=now,
        failure={"error": "UnreachableError", "said": "", "details": {}},
    )

    assert "Watcher does not answer." in support_client.get(READING).text
    assert "Watcher cannot be read" in support_client.get("/").text


def test_vanished_cameras_are_confirmed_as_shown(operator_client: Client) -> None:
    ReadingState.objects.create(begun_at=timezone.now(), vanished=40)
    address = reverse("watcher:confirm_vanished")

    assert "40 cameras have vanished" in operator_client.get(READING).text
    assert "40 cameras have vanished from Watcher" in operator_client.get("/").text
    operator_client.post(address, {"vanished": "39"})
    assert ReadingState.objects.get().vanishing_confirmed is None
    operator_client.post(address, {"vanished": "40"})
    assert ReadingState.objects.get().vanishing_confirmed == 40


def test_home_says_when_nothing_is_read_and_what_is_held_back(operator_client: Client) -> None:
    ReadingState.objects.create(begun_at=timezone.now() - timedelta(minutes=16))
    a_change()
    a_change("yard", Reason.EARLIER)

    page = operator_client.get("/").text
    assert "Watcher is not being read" in page
    assert "1 change in Watcher is held back" in page

    Connection.objects.update(reads=False)
    assert "Watcher is not being read" not in operator_client.get("/").text


def test_settings_are_saved_within_bounds(operator_client: Client) -> None:
    address = reverse("watcher:reading_settings")
    version = version_of(stored_settings(None))
    values = {
        "most_vanished_percent": 5,
        "standstill_minutes": 30,
        "no_archive": "zero",
        "version": version,
    }

    refused = operator_client.post(address, {"every_minutes": 0, **values})
    assert "every_minutes" in refused.context["form"].errors
    operator_client.post(address, {"every_minutes": 5, **values})

    stored = ReadingSettings.objects.get()
    assert (stored.every_minutes, stored.charges_disabled) == (5, False)
    assert stored.no_archive == "zero"


def test_settings_of_somebody_else_are_not_overwritten(operator_client: Client) -> None:
    version = version_of(stored_settings(None))
    ReadingSettings.objects.create(every_minutes=10)
    values = {
        "every_minutes": 5,
        "charges_disabled": "on",
        "most_vanished_percent": 10,
        "standstill_minutes": 15,
        "version": version,
    }

    operator_client.post(reverse("watcher:reading_settings"), values)

    assert ReadingSettings.objects.get().every_minutes == 10


def test_the_page_says_that_the_depth_without_archive_is_not_known(
    support_client: Client,
) -> None:
    settings = support_client.get(READING).context["settings"]

    assert {each.text for each in settings if each.name == "no_archive"} == {"Not known"}
