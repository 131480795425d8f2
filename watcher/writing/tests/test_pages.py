"""Tests of the pages that show what is requested of Watcher."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.tests.factories import UsageIntervalFactory
from watcher.errors import RefusedByPlatformError, stored_error
from watcher.models import Connection, WriteRequest
from watcher.tests.factories import (
    ConnectionFactory,
    PlatformOrganizationFactory,
    PlatformPresetFactory,
)
from watcher.writing.tests.factories import WriteRequestFactory

pytestmark = pytest.mark.django_db
REQUESTS = reverse("watcher:requests")
State = WriteRequest.State


@pytest.fixture(autouse=True)
def _writing() -> None:
    ConnectionFactory.create(writes_presets=True, writes_cameras=True)


def refused(**values: Any) -> WriteRequest:
    """Return a request that Watcher has refused."""
    made: WriteRequest = WriteRequestFactory.create(
        **{
            "state": State.REFUSED,
            "failure": stored_error(RefusedByPlatformError("A title is needed")),
            "settled_at": timezone.now(),
            "next_attempt_at": None,
        }
        | values
    )
    return made


def overtaken() -> WriteRequest:
    """Return a request that somebody in Watcher was faster than."""
    return refused(state=State.OVERTAKEN, failure={}, found={"dvr_seconds": 14 * 86_400})


def test_lists_what_is_wanted_what_was_there_and_why_it_is_not_done(
    support_client: Client,
) -> None:
    refused()

    page = support_client.get(REQUESTS).text

    assert "DVR depth, days: 60" in page
    assert "before: DVR depth, days: 30" in page
    assert "Watcher refuses this. Watcher says: A title is needed" in page
    assert reverse("watcher:retry_requests") not in page


def test_says_what_somebody_made_of_it_in_watcher(operator_client: Client) -> None:
    overtaken()

    page = operator_client.get(REQUESTS).text

    assert "It was changed in Watcher meanwhile, to: DVR depth, days: 14." in page


def test_says_that_it_waits_while_it_is_switched_off(operator_client: Client) -> None:
    WriteRequestFactory.create()
    on = operator_client.get(REQUESTS).text
    Connection.objects.update(writes_presets=False)
    off = operator_client.get(REQUESTS).text

    assert "is switched off for the connection" not in on
    assert "“write presets” is switched off for the connection." in off


def test_an_operator_has_a_request_tried_again(
    operator_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    request = refused()
    with django_capture_on_commit_callbacks(execute=True):
        operator_client.post(reverse("watcher:retry_requests"), {"request": request.pk})

    request.refresh_from_db()
    assert request.state == State.WAITING
    assert request.decided_by is not None
    assert ProcrastinateJob.objects.filter(task_name="watcher.write", status="todo").count() == 1


def test_an_operator_withdraws_some_requests(operator_client: Client) -> None:
    waiting, other = WriteRequestFactory.create(), refused()

    operator_client.post(reverse("watcher:withdraw_requests"), {"request": [waiting.pk, other.pk]})

    assert set(WriteRequest.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_all_or_none_are_withdrawn(operator_client: Client) -> None:
    waiting = WriteRequestFactory.create()
    done = WriteRequestFactory.create(
        state=State.DONE,
        sent_at=timezone.now(),
        settled_at=timezone.now(),
        next_attempt_at=None,
    )

    page = operator_client.post(
        reverse("watcher:withdraw_requests"), {"request": [waiting.pk, done.pk]}, follow=True
    )

    waiting.refresh_from_db()
    assert waiting.state == State.WAITING
    assert "Some of these requests are done or withdrawn." in page.text


def test_nothing_selected_is_an_error(operator_client: Client) -> None:
    page = operator_client.post(reverse("watcher:retry_requests"), follow=True)

    assert "Select at least one request." in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"waits", "refused"}),
        ("?state=failed", {"refused"}),
        ("?state=waiting", {"waits"}),
        ("?state=done", {"done"}),
        ("?state=all", {"waits", "refused", "done"}),
        ("?kind=camera", {"refused"}),
        ("?q=ref", {"refused"}),
        ("?q=Lindenhof", {"waits"}),
    ],
)
def test_filters_the_list(support_client: Client, query: str, names: set[str]) -> None:
    organization = OrganizationFactory.create(title="Lindenhof")
    WriteRequestFactory.create(about="waits", organization=organization)
    refused(about="refused", kind="camera", wanted={"is_disabled": True}, shown=None)
    WriteRequestFactory.create(
        about="done",
        state=State.DONE,
        sent_at=timezone.now(),
        settled_at=timezone.now(),
        next_attempt_at=None,
    )

    table = support_client.get(REQUESTS + query).context["table"]

    assert {row.record.about for row in table.paginated_rows} == names


def test_many_requests_take_as_many_queries_as_one(operator_client: Client) -> None:
    counts = []
    for number in (1, 10):
        for each in range(number):
            preset = PlatformPresetFactory.create()
            tenant = PlatformOrganizationFactory.create()
            WriteRequestFactory.create()
            refused(
                kind="camera",
                subject=f"camera:{number}-{each}",
                wanted={"preset": preset.preset_id, "tenant": tenant.tenant_id},
                shown={"preset": "1", "tenant": "1"},
                organization=OrganizationFactory.create(),
            )
            WriteRequestFactory.create(
                kind="preset_assignment", wanted={"presets": [preset.preset_id]}, shown=None
            )
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(REQUESTS)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_home_counts_what_was_not_made(operator_client: Client) -> None:
    refused()
    overtaken()
    WriteRequestFactory.create()

    page = operator_client.get(reverse("reports:home")).text

    assert "2 changes were not made in Watcher" in page
    assert f"{REQUESTS}?state=failed" in page


def test_a_tariff_plan_shows_its_requests(operator_client: Client) -> None:
    tariff = TariffPriceFactory.create().tariff
    refused(tariff=tariff)
    refused(tariff=TariffFactory.create(), wanted={"dvr_seconds": 5 * 86_400})

    page = operator_client.get(reverse("tariffs:edit", args=[tariff.pk])).text

    assert "Requested in Watcher" in page
    assert "DVR depth, days: 60" in page
    assert "DVR depth, days: 5<" not in page


def test_a_camera_and_its_organization_show_its_requests(
    operator_client: Client, owner_client: Client
) -> None:
    use = UsageIntervalFactory.create(ended_at=None)
    camera = use.camera
    refused(
        kind="camera",
        subject=f"camera:{camera.name}",
        camera=camera,
        organization=use.organization,
        wanted={"is_disabled": True},
        shown={"is_disabled": False},
    )
    pages = [
        reverse("usage:camera", args=[camera.pk]),
        reverse("usage:cameras", args=[use.organization_id]),
        reverse("reports:overview", args=[use.organization_id]),
    ]

    assert all("Requested in Watcher" in operator_client.get(page).text for page in pages)


def test_an_owner_sees_nothing_of_it(client: Client) -> None:
    use = UsageIntervalFactory.create(ended_at=None)
    refused(camera=use.camera, organization=use.organization)
    client.force_login(use.organization.owner)

    for page in (
        reverse("usage:camera", args=[use.camera_id]),
        reverse("usage:cameras", args=[use.organization_id]),
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Requested in Watcher" not in answer.text


def test_presets_are_created_for_tariff_plans_without_one(operator_client: Client) -> None:
    tariff = TariffPriceFactory.create(tariff__name="Half a year").tariff
    listed = operator_client.get(reverse("watcher:presets")).text
    offered = operator_client.get(reverse("tariffs:edit", args=[tariff.pk])).text
    operator_client.post(reverse("watcher:add_presets"), {"tariff": tariff.pk})
    again = operator_client.post(reverse("watcher:add_presets"), {"tariff": tariff.pk}, follow=True)

    request = WriteRequest.objects.get()
    assert "Create in Watcher" in listed
    assert "Create a preset in Watcher" in offered
    assert request.wanted["title"] == "Half a year"
    assert request.requested_by is not None
    assert "“Half a year” has a preset already, or one is being created." in again.text


def test_presets_are_not_offered_where_they_cannot_be_written(operator_client: Client) -> None:
    tariff = TariffPriceFactory.create().tariff
    Connection.objects.update(api_version="v2")
    listed = operator_client.get(reverse("watcher:presets")).text
    operator_client.post(reverse("watcher:add_presets"), {"tariff": tariff.pk})

    assert "Create in Watcher" not in listed
    assert not WriteRequest.objects.exists()


@pytest.mark.parametrize("writes", [True, False])
def test_who_disconnects_a_camera_is_told_of_its_archive(
    operator_client: Client, writes: bool
) -> None:
    Connection.objects.update(writes_cameras=writes)
    use = UsageIntervalFactory.create(ended_at=None)

    page = operator_client.get(
        reverse("usage:disconnect", args=[use.organization_id]), {"use": use.pk}
    ).text

    assert ("their archive may be lost" in page) is writes


def test_who_requests_is_the_person_of_the_page(operator_client: Client, operator: Any) -> None:
    use = UsageIntervalFactory.create(ended_at=None)
    tenant = PlatformOrganizationFactory.create(tenant_id="31")
    use.organization.watcher_id = "31"
    use.organization.save()
    tenant.cameras.create(
        name=use.camera.name, since_at=timezone.now(), preset=PlatformPresetFactory.create()
    )

    operator_client.post(
        reverse("usage:disconnect", args=[use.organization_id]), {"uses": use.pk, "when": "now"}
    )

    request = WriteRequest.objects.get()
    assert request.requested_by == operator
    assert request.wanted == {"is_disabled": True}


def test_the_history_of_a_request_says_who_asked_for_what_and_decided(
    operator_client: Client, support_client: Client
) -> None:
    request = refused()
    operator_client.post(reverse("watcher:withdraw_requests"), {"request": request.pk})

    page = support_client.get(reverse("watcher:request_history", args=[request.pk])).text

    assert "Change a preset" in page
    assert "DVR depth, days: 60" in page
    assert "Withdrawn" in page
    assert reverse("watcher:request_history", args=[request.pk]) in (
        operator_client.get(REQUESTS, {"state": "withdrawn"}).text
    )


def test_how_a_request_goes_is_not_recorded(operator_client: Client) -> None:
    request = WriteRequestFactory.create()
    WriteRequest.objects.filter(pk=request.pk).update(attempts=3, sent_at=timezone.now())

    events = WriteRequest.pgh_event_model.objects.filter(pgh_obj=request.pk)  # type: ignore[attr-defined]
    assert [event.pgh_label for event in events] == ["insert"]


def test_support_staff_find_requests_in_django_admin(support_client: Client) -> None:
    request = refused(organization=OrganizationFactory.create(title="Harbour"))

    page = support_client.get(reverse("admin:watcher_writerequest_changelist"), {"q": "30 days"})
    row = support_client.get(reverse("admin:watcher_writerequest_change", args=[request.pk]))

    assert "Change a preset" in page.text
    assert "Harbour" in row.text
    assert "save" not in row.text.lower()


def test_the_list_of_open_requests_does_not_read_those_that_are_done() -> None:
    with connection.cursor() as cursor:
        # Of an empty table, whatever an earlier test has left in its statistics.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")

    plan = WriteRequest.objects.all_open().order_by().explain()

    assert "BitmapOr" in plan
    assert "watcher_write_failed" in plan
    assert set(WriteRequest.objects.all_open().values_list("pk", flat=True)) == set(
        WriteRequest.objects.open().values_list("pk", flat=True)
    )
