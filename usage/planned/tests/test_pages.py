"""Test how changes are planned in forms, shown and withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.models import PlannedChange, UsageInterval
from usage.planned import operations
from usage.tests.factories import UsageIntervalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

# 01:00 in Berlin on 1 December.
LATER = datetime(2026, 12, 1, tzinfo=UTC)
ENTERED = {"when": "future", "at": "2026-12-01T01:00:00"}


@pytest.fixture
def organization() -> Organization:
    tariffs = [TariffFactory.create(name=name) for name in ("Basic", "Pro")]
    return OrganizationFactory.create(title="Harbour", time_zone="Europe/Berlin", tariffs=tariffs)


@pytest.fixture
def pro(organization: Organization) -> Tariff:
    return organization.tariffs.get(name="Pro")


def in_use(organization: Organization, number: int = 1) -> list[UsageInterval]:
    basic = organization.tariffs.get(name="Basic")
    return [
        UsageIntervalFactory.create(
            camera__organization=organization, camera__name=f"gate-{index:02}", tariff=basic
        )
        for index in range(number)
    ]


def post(client: Client, action: str, organization: Organization, **data: Any) -> str:
    address = reverse(f"usage:{action}", args=[organization.pk])
    return client.post(address, data | ENTERED, follow=True).content.decode()


def planned(organization: Organization, number: int, by: User, now: datetime) -> None:
    operations.plan_disconnect(
        organization_id=organization.pk,
        use_ids=[use.pk for use in in_use(organization, number)],
        at=LATER,
        now=now.replace(microsecond=0),
        by=by,
    )


def test_selected_cameras_change_later(
    operator_client: Client, organization: Organization, pro: Tariff
) -> None:
    uses = ",".join(str(use.pk) for use in in_use(organization, 2))
    page = post(operator_client, "change_tariff", organization, uses=uses, tariff=pro.pk)
    assert "2 changes are planned for 1 Dec 2026 01:00:00 (Europe/Berlin). They can be" in page
    found = PlannedChange.objects.values_list("name", "kind", "tariff__name", "at").order_by("name")
    assert list(found) == [
        ("gate-00", "tariff", "Pro", LATER),
        ("gate-01", "tariff", "Pro", LATER),
    ]
    assert "2 planned changes" in page


def test_a_camera_is_disconnected_later(
    operator_client: Client, organization: Organization
) -> None:
    (use,) = in_use(organization)
    page = post(operator_client, "disconnect", organization, uses=use.pk)
    assert "1 change is planned for 1 Dec 2026 01:00:00 (Europe/Berlin). It can be" in page
    assert PlannedChange.objects.get().kind == "disconnect"


def test_a_new_camera_is_connected_later(
    operator_client: Client, organization: Organization, pro: Tariff
) -> None:
    post(operator_client, "connect", organization, name="yard", title="Yard", tariff=pro.pk)
    change = PlannedChange.objects.get()
    assert (change.name, change.title, change.camera, change.at) == ("yard", "Yard", None, LATER)


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ("2026-01-01T00:00:00", "This time is not in the future."),
        ("", "Enter a date and time, or choose Now."),
        ("2200-01-01T00:00:00", "This date is after 2199. Correct the year."),
        ("9999-12-31T23:59:59", "This date is after 2199. Correct the year."),
        ("2027-03-28T02:30:00", "This time does not exist in Europe/Berlin"),
    ],
)
def test_a_wrong_time_is_refused_on_its_field(
    operator_client: Client, organization: Organization, at: str, error: str
) -> None:
    (use,) = in_use(organization)
    address = reverse("usage:disconnect", args=[organization.pk])
    data = {"uses": use.pk, "when": "future", "at": at}
    page = operator_client.post(address, data).content.decode()
    assert error in page
    assert not PlannedChange.objects.exists()


@pytest.fixture
def airport(pro: Tariff) -> Organization:
    return OrganizationFactory.create(title="Airport", time_zone="Asia/Tokyo", tariffs=[pro])


def test_a_camera_is_moved_later_in_the_zone_of_its_destination(
    operator_client: Client, organization: Organization, airport: Organization, pro: Tariff
) -> None:
    (use,) = in_use(organization)
    address = reverse("usage:move", args=[use.camera_id]) + "?to=Airport"
    data = {"use": use.pk, "tariff": pro.pk, **ENTERED}
    page = operator_client.post(address, data, follow=True).content.decode()
    assert "1 change is planned for 1 Dec 2026 01:00:00 (Asia/Tokyo)." in page
    assert "Move to Airport on Pro" in page
    change = PlannedChange.objects.get()
    assert (change.kind, change.destination) == ("move", airport)
    assert change.at == LATER.replace(day=30, month=11, hour=16)
    assert UsageInterval.objects.get() == use


def test_selected_cameras_are_moved_later(
    operator_client: Client, organization: Organization, airport: Organization, pro: Tariff
) -> None:
    uses = ",".join(str(use.pk) for use in in_use(organization, 2))
    address = reverse("usage:move_selected", args=[organization.pk]) + "?to=Airport"
    data = {"uses": uses, "tariff": pro.pk, **ENTERED}
    page = operator_client.post(address, data, follow=True).content.decode()
    assert "2 changes are planned" in page
    found = PlannedChange.objects.values_list("name", "kind", "destination__title")
    assert sorted(found) == [("gate-00", "move", "Airport"), ("gate-01", "move", "Airport")]
    for of in (organization, airport):
        answer = operator_client.get(reverse("usage:cameras", args=[of.pk]))
        assert answer.context["planned_count"] == 2
    listed = operator_client.get(reverse("usage:planned"), {"q": "airp"})
    assert listed.content.decode().count("Move to Airport on Pro") == 2


def test_an_owner_does_not_see_where_a_camera_moves(
    client: Client, organization: Organization, airport: Organization, pro: Tariff, now: datetime
) -> None:
    (use,) = in_use(organization)
    operations.plan_move(
        organization_id=organization.pk,
        use_ids=[use.pk],
        destination_id=airport.pk,
        tariff_id=pro.pk,
        at=LATER,
        now=now.replace(microsecond=0),
        by=OperatorFactory.create(),
    )
    client.force_login(organization.owner)
    page = client.get(reverse("usage:camera", args=[use.camera_id])).content.decode()
    assert "Move to another organization" in page
    assert "Airport" not in page


def test_what_was_not_possible_is_marked_as_dealt_with(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 2, OperatorFactory.create(), now)
    UsageInterval.objects.update(ended_at=now.replace(microsecond=0))
    first, second = PlannedChange.objects.order_by("pk")
    operations.withdraw(ids=[second.pk], now=now, by=second.asked_by)
    operations.carry_out_due(LATER)
    address = reverse("usage:planned")
    listed = operator_client.get(address, {"state": "impossible"}).content.decode()
    assert "Mark as dealt with" in listed

    dismiss = reverse("usage:dismiss_planned")
    answer = operator_client.post(dismiss, {"planned": [first.pk, second.pk]}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    answer = operator_client.post(dismiss, {"planned": [first.pk]}, follow=True)
    assert "1 change is marked as dealt with." in answer.content.decode()

    settled = operator_client.get(address, {"state": "settled"}).content.decode()
    assert "Not possible, dealt with" in settled
    assert "Someone has disconnected “gate-00”." in settled
    assert "gate-00" not in operator_client.get(address, {"state": "impossible"}).content.decode()


def test_the_list_names_the_time_zone_and_has_constant_queries(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    by = OperatorFactory.create(name="Anna")
    planned(organization, 1, by, now)
    address = reverse("usage:planned")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page = operator_client.get(address).content.decode()
    assert "1 Dec 2026 01:00:00" in page
    assert "Europe/Berlin" in page
    other = OrganizationFactory.create(time_zone="Asia/Tokyo", tariffs=organization.tariffs.all())
    for use in in_use_of(other, 12):
        operations.plan_disconnect(
            organization_id=other.pk,
            use_ids=[use.pk],
            at=LATER,
            now=now.replace(microsecond=0),
            by=by,
        )
    with CaptureQueriesContext(connection) as many:
        operator_client.get(address)
    assert len(many) == len(few)


def in_use_of(organization: Organization, number: int) -> list[UsageInterval]:
    tariff = organization.tariffs.first()
    return [
        UsageIntervalFactory.create(camera__organization=organization, tariff=tariff)
        for _ in range(number)
    ]


def test_the_list_is_searched_and_filtered(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 2, OperatorFactory.create(), now)

    def names(**query: str) -> set[str]:
        page = operator_client.get(reverse("usage:planned"), query).content.decode()
        return {name for name in ("gate-00", "gate-01") if f">{name}</a>" in page}

    both = {"gate-00", "gate-01"}
    assert names(q="gate-01") == {"gate-01"}
    assert names(q="harb") == both
    assert names(kind="connect") == set()
    assert names(kind="disconnect", state="all") == both
    assert names(state="done") == set()


def test_a_reason_is_shown_for_what_was_not_possible(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 1, OperatorFactory.create(), now)
    UsageInterval.objects.update(ended_at=now.replace(microsecond=0))
    operations.carry_out_due(LATER)
    page = operator_client.get(reverse("usage:planned"), {"state": "impossible"}).content.decode()
    assert "Someone has disconnected “gate-00”. It is no longer in use." in page


def test_selected_changes_are_withdrawn(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 2, OperatorFactory.create(), now)
    first, second = PlannedChange.objects.order_by("pk")
    address = reverse("usage:withdraw_planned")
    page = operator_client.post(address, {"planned": [first.pk]}, follow=True).content.decode()
    assert "1 planned change has been withdrawn." in page
    answer = operator_client.post(address, {"planned": [first.pk, second.pk]}, follow=True)
    assert "Nothing was withdrawn." in answer.content.decode()
    states = PlannedChange.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "waiting"]


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30], ["-1"]])
def test_a_wrong_selection_withdraws_nothing(operator_client: Client, chosen: list[str]) -> None:
    address = reverse("usage:withdraw_planned")
    page = operator_client.post(address, {"planned": chosen}, follow=True).content.decode()
    assert "Select at least one change." in page


def test_pages_about_a_camera_name_its_planned_changes(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 1, OperatorFactory.create(), now)
    use = UsageInterval.objects.get()
    for address in (
        reverse("usage:camera", args=[use.camera_id]),
        reverse("usage:change_tariff", args=[organization.pk]) + f"?use={use.pk}",
        reverse("usage:disconnect", args=[organization.pk]) + f"?use={use.pk}",
    ):
        page = operator_client.get(address).content.decode()
        assert "1 Dec 2026 01:00:00 (Europe/Berlin): " in page


def test_an_owner_sees_what_is_planned_for_a_camera_but_not_for_others(
    client: Client, organization: Organization, pro: Tariff, now: datetime
) -> None:
    planned(organization, 1, OperatorFactory.create(), now)
    other = OrganizationFactory.create(title="Airport", tariffs=[pro])
    operations.plan_connect(
        organization_id=other.pk,
        name="gate-00",
        title="",
        tariff_id=pro.pk,
        at=LATER.replace(hour=2),
        now=now.replace(microsecond=0),
        by=OperatorFactory.create(),
    )
    client.force_login(organization.owner)
    use = UsageInterval.objects.get()
    page = client.get(reverse("usage:camera", args=[use.camera_id])).content.decode()
    assert "1 Dec 2026 01:00:00" in page
    assert "Airport" not in page


def test_closing_says_which_planned_changes_will_not_be_possible(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 1, OperatorFactory.create(), now)
    address = reverse("usage:close", args=[organization.pk])
    page = operator_client.post(address, {"last_on": "2026-11-20"}).content.decode()
    assert "1 change planned for after that day will not be possible." in page


def test_deleting_says_which_planned_changes_go_too(
    operator_client: Client, organization: Organization, pro: Tariff
) -> None:
    post(operator_client, "connect", organization, name="yard", title="", tariff=pro.pk)
    page = operator_client.get(reverse("usage:delete", args=[organization.pk])).content.decode()
    assert "1 planned change will be deleted with it." in page


def test_a_late_change_is_marked_and_listed(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    planned(organization, 3, OperatorFactory.create(), now)
    current = timezone.now().replace(microsecond=0)
    ids = PlannedChange.objects.order_by("pk").values_list("pk", flat=True)
    for pk, minutes in zip(ids, (-11, -9, 1), strict=True):
        at, asked_at = current + timedelta(minutes=minutes), current - timedelta(days=1)
        PlannedChange.objects.filter(pk=pk).update(at=at, asked_at=asked_at)

    late = operator_client.get(f"{reverse('usage:planned')}?state=late")
    waiting = operator_client.get(reverse("usage:planned"))

    assert [row.record.pk for row in late.context["table"].page.object_list] == [ids[0]]
    assert "It is tried again every minute." in late.text
    assert 'name="planned"' in late.text
    assert len(waiting.context["table"].page.object_list) == 3
    assert waiting.text.count("It is tried again every minute.") == 1
